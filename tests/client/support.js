// What the tests share: the golden vectors, and a connection with a fake host.

import { readFileSync } from 'node:fs';
import { Connection } from '../../python/vango/client/connection.js';
import { decode, encode, frames } from '../../python/vango/client/messages.js';
import { bytes, hex } from './wire.js';

/** @param {string} name @returns {any} */
export const vectors = (name) => JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'));

export { bytes, hex, writeNode, writeOps } from './wire.js';

/** A connection whose host remembers what it was asked for, on a clock that the test moves. */
export class Bench {
  now = 0;
  /** Everything that was sent. @type {any[]} */ sent = [];
  /** @type {any[]} */ applied = [];
  /** @type {[string, any][]} */ told = [];
  /** @type {[string, boolean][]} */ states = [];
  /** @type {string[]} */ reloads = [];
  connects = 0;
  closes = 0;
  /** @type {any[]} */ parameters = [];
  hidden = false;
  reloadable = true;
  chance = 0.5;
  /** @type {(burst: Uint8Array, info: any) => Iterable<number>} */ onApply = () => [];

  constructor({ epoch = 1, rev = 0, dev = false } = {}) {
    const page = { session: 's', token: 't', epoch, rev, dev };
    this.connection = new Connection(page, 'i', this.host(), () => this.chance);
    this.connection.start(0);
  }

  /** @returns {import('../../python/vango/client/line.js').Host} */
  host() {
    return {
      connect: (parameters) => {
        this.connects++;
        this.parameters = parameters;
      },
      send: (data) => {
        for (const body of frames(data)) this.sent.push(body.length ? decode(body) : { type: '' });
      },
      close: () => this.closes++,
      page: () => ({ path: '/p?q', width: 1, height: 2, time_zone: 'UTC' }),
      apply: (burst, info) => {
        const strays = this.onApply(burst, info);
        this.applied.push({ burst: hex(burst), ...info });
        return strays;
      },
      settled() {},
      state: (state, offline) => this.states.push([state, offline]),
      emit: (name, detail) => this.told.push([name, detail]),
      reload: (reason) => {
        this.reloads.push(reason);
        return this.reloadable;
      },
      hidden: () => this.hidden,
    };
  }

  /** Frames from the server. @param {...[string, any?, number?]} messages */
  receive(...messages) {
    const data = messages.flatMap(([type, values, flags]) => [...encode(type, values, flags)]);
    this.connection.received(Uint8Array.from(data), this.now);
  }

  /** Take what was sent since. */
  take() {
    return this.sent.splice(0);
  }

  /** The types of what was sent since. */
  types() {
    return this.take().map((message) => message.type);
  }

  /** Let time pass, timer by timer. @param {number} ms */
  pass(ms) {
    const end = this.now + ms;
    while (this.connection.deadline <= end) {
      this.now = Math.max(this.now, this.connection.deadline);
      this.connection.tick(this.now);
    }
    this.now = end;
  }

  /** The socket opens and the server agrees. @param {any} [terms] */
  welcome(terms = {}) {
    this.connection.opened(this.now);
    this.receive(['HELLO_OK', { ...TERMS, ...terms }]);
  }

  /** The socket is gone. @param {number} [code] */
  drop(code) {
    this.connection.closed(this.now, code);
  }

  /** @param {any} [event] */
  event(event = {}) {
    this.connection.event({ hid: 5, kind: 0, payload: new Uint8Array(0), policy: 'queue', ...event }, this.now);
  }
}

export const TERMS = {
  version: 1, capabilities: [], session: 's', attachment: 'a', epoch: 1, rev: 0, mode: 0, last: 0,
  heartbeat_ms: 25_000, ladder_ms: [1_000, 2_000, 5_000, 10_000, 30_000], limits: [],
};

/** A DIFF without ops. @param {number} base @param {number} rev @param {any} [values] @returns {[string, any]} */
export const diff = (base, rev, values = {}) => ['DIFF', { epoch: 1, base, rev, ack: 0, count: 1, payload: new Uint8Array(0), ...values }];

/** @param {number} rev @param {any} [values] @returns {[string, any]} */
export const snapshot = (rev, values = {}) => ['SNAPSHOT', { epoch: 1, rev, ack: 0, count: 1, payload: bytes('030100'), ...values }];
