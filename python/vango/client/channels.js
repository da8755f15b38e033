// Channels: bytes in both directions beside the page, over its connection (PROTOCOL 3.20).
//
// Loaded when the page opens the first one. A channel ends with its connection; opening another one waits for
// the next.

import { Channel, fields } from './channel.js';
import { Writer } from './codec.js';
import { DEFLATE } from './messages.js';
import { Fault } from './follower.js';
import { CHANNEL } from './rare.js';

/** @typedef {import('./messages.js').Message} Message */


export class Channels {
  /** @type {Map<number, Channel>} */
  #open = new Map();
  #next = 1;
  /** Those that are to be opened when events may go. @type {(() => void)[]} */
  #waiting = [];

  /** @param {import('./machine.js').Machine} machine */
  constructor(machine) {
    this.machine = machine;
  }

  /** @param {string} name @param {any} [params] what JSON can say @returns {Promise<Channel>} when it is open */
  open(name, params) {
    const opening = fields(name, params);
    return new Promise((resolve) => {
      this.#waiting.push(() => {
        const channel = new Channel(this, this.#next);
        if (this.machine.terms.channels) {
          this.#open.set(this.#next, channel);
          this.#next += 2;
          this.say(channel.id, opening);
        } else channel.end({ error: 'HandlerNotFound', data: null }); // this server serves none
        resolve(channel);
      });
      this.flush();
    });
  }

  /** Open what waits, if this is the time. */
  flush() {
    const { ready, leaving } = this.machine;
    if (ready && !leaving) for (const begin of this.#waiting.splice(0)) begin();
  }

  /** @param {Message} message CHANNEL */
  receive({ id, flags, payload }) {
    const { machine } = this;
    const channel = this.#open.get(id);
    if (!channel) {
      // It has ended here, which the server could not know yet.
      if (id % 2 && id < this.#next) return;
      throw new Fault('InvalidFrame');
    }
    if (!(flags & DEFLATE)) return channel.receive(flags, payload);
    const done = (/** @type {Uint8Array | null} */ bytes) => {
      if (!bytes) throw new Fault('InvalidFrame');
      channel.receive(flags, bytes);
    };
    machine.awaited = { done };
    machine.host.inflate(payload, machine.awaited);
  }

  /** The connection has ended, and all channels with it. */
  lost() {
    for (const channel of [...this.#open.values()]) channel.end({ error: 'Lost', data: null });
    this.#next = 1;
  }

  /** @param {number} id */
  forget(id) {
    this.#open.delete(id);
  }

  /** @param {number} id @param {Uint8Array} payload */
  say(id, payload, flags = 0) {
    const header = new Writer();
    header.raw([CHANNEL, flags]);
    header.uv(id);
    const length = new Writer();
    length.uv(header.out.length + payload.length);
    const start = [...length.out, ...header.out];
    const frame = new Uint8Array(start.length + payload.length);
    frame.set(start);
    frame.set(payload, start.length);
    this.machine.link?.send(frame);
  }
}

/** @param {import('./machine.js').Machine} machine @param {string} name @param {any} [params] */
export const open = (machine, name, params) => (machine.channels ??= new Channels(machine)).open(name, params);
