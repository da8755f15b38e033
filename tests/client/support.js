// What the tests share: the golden vectors, and a machine with a fake host.

import { readFileSync } from 'node:fs';
import { Machine } from '../../python/vango/client/machine.js';
import { Rescue } from '../../python/vango/client/rescue.js';
import { bytes, decodeAll, encode, hex } from './wire.js';

/** @param {string} name @returns {any} */
export const vectors = (name) => JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'));

export { bytes, hex, writeNode, writeOps } from './wire.js';

/** A machine whose host remembers what it was asked for, on a clock that the test moves. */
export class Bench {
  now = 0;
  /** Everything that was sent. @type {any[]} */ sent = [];
  /** @type {any[]} */ applied = [];
  /** @type {[string, any][]} */ told = [];
  /** @type {[string, boolean][]} */ states = [];
  /** @type {string[]} */ reloads = [];
  /** The links that were opened: by which way, with what parameters, whether closed. @type {any[]} */ links = [];
  /** What is being inflated. @type {any[]} */ inflating = [];
  settled = 0;
  hidden = false;
  reloadable = true;
  chance = 0.5;
  onTold = () => {};
  /** @type {(burst: Uint8Array, info: any) => Iterable<number>} */ onApply = () => [];

  constructor({ epoch = 1, rev = 0, dev = false, complete = true, inflates = false, sockets = true } = {}) {
    const page = { session: 's', token: 't', csrf: 'c', epoch, rev, dev, sockets };
    this.machine = new Machine(page, 'i', this.host(inflates));
    if (complete) this.complete();
    this.machine.start(0);
  }

  /** How many links were opened. */
  get connects() {
    return this.links.length;
  }

  /** The newest link. */
  get link() {
    return this.links[this.links.length - 1];
  }

  /** The code for what is rare is there. */
  complete() {
    this.machine.complete(new Rescue(this.machine), this.now);
  }

  /** @param {boolean} inflates @returns {import('../../python/vango/client/line.js').Host} */
  host(inflates) {
    return {
      random: () => this.chance,
      open: (way, parameters) => {
        const link = {
          way,
          parameters,
          closed: false,
          send: (/** @type {Uint8Array} */ data) => void (link.closed || this.sent.push(...decodeAll(data))),
          close: () => void (link.closed = true),
        };
        this.links.push(link);
        return link;
      },
      inflates,
      inflate: (payload, ticket) => this.inflating.push({ payload: hex(payload), ticket }),
      page: () => ['/p?q', 1, 2, 'UTC'],
      apply: (burst, info) => {
        const strays = this.onApply(burst, info);
        this.applied.push({ burst: hex(burst), ...info });
        return strays;
      },
      settled: () => this.settled++,
      state: (state, offline) => this.states.push([state, offline]),
      emit: (name, detail) => {
        this.told.push([name, detail]);
        this.onTold();
      },
      reload: (reason) => {
        this.reloads.push(reason);
        return this.reloadable;
      },
      hidden: () => this.hidden,
    };
  }

  /** The newest link, or another one, opens. */
  opened(link = this.link) {
    this.machine.opened(link, this.now);
  }

  /** Bytes from the server. @param {Uint8Array} data */
  bytes(data, link = this.link) {
    this.machine.received(link, data, this.now);
  }

  /** Frames from the server. @param {...[string, any?, number?]} messages */
  receive(...messages) {
    this.bytes(Uint8Array.from(messages.flatMap(([type, values, flags]) => [...encode(type, values, flags)])));
  }

  /** What has been inflated first is there. @param {string | null} data in hex */
  inflated(data) {
    const { ticket } = this.inflating.shift();
    this.machine.inflated(ticket, data === null ? null : bytes(data), this.now);
  }

  /** The page is visible, online or back. */
  wake() {
    this.machine.wake(this.now);
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
    while (this.machine.deadline <= end) {
      this.now = Math.max(this.now, this.machine.deadline);
      this.machine.tick(this.now);
    }
    this.now = end;
  }

  /** The newest link opens and the server agrees. @param {any} [terms] */
  welcome(terms = {}) {
    this.opened();
    this.receive(['HELLO_OK', { ...TERMS, ...terms }]);
  }

  /** The newest link is gone. @param {number} [code] */
  drop(code) {
    this.machine.closed(this.link, this.now, code);
  }

  /** Let time pass until it is tried again. */
  again() {
    for (const { connects } = this; this.connects === connects; ) this.pass(100);
  }

  /** Let time pass on a link that lives. @param {number} ms */
  live(ms, link = this.link) {
    for (let n = 0; n < ms; n += 1_000) {
      this.pass(1_000);
      this.bytes(Uint8Array.of(0), link);
    }
  }

  /** Link after link is gone, until the machine gives up for now. */
  fail() {
    do this.drop();
    while (this.machine.phase !== 'down');
  }

  /** @param {any} [event] */
  event(event = {}) {
    this.machine.event({ hid: 5, kind: 0, payload: new Uint8Array(0), policy: 'queue', ...event }, this.now);
  }
}

export const TERMS = {
  version: 1, capabilities: ['websocket'], session: 's', attachment: 'a', epoch: 1, rev: 0, mode: 0, last: 0,
  heartbeat_ms: 25_000, ladder_ms: [1_000, 2_000, 5_000, 10_000, 30_000], limits: [],
};

/** A DIFF without ops. @param {number} base @param {number} rev @param {any} [values] @returns {[string, any]} */
export const diff = (base, rev, values = {}) => ['DIFF', { epoch: 1, base, rev, ack: 0, count: 1, payload: new Uint8Array(0), ...values }];

/** @param {number} rev @param {any} [values] @returns {[string, any]} */
export const snapshot = (rev, values = {}) => ['SNAPSHOT', { epoch: 1, rev, ack: 0, count: 1, payload: bytes('030100'), ...values }];
