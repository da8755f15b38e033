// The client's side of the protocol (PROTOCOL 3), without I/O: one session over one connection after another.
//
// Frames take effect in the order in which they came. Where one needs what is not there yet (code that is on its
// way, bytes being inflated), it waits, and so do all behind it. What is rare is done by a Rescue.

import { DecodeError } from './codec.js';
import { Fault } from './follower.js';
import { COMMON, HELLO, MAX_BURST_BYTES, decode, frames } from './messages.js';
import { MAX_UNSETTLED } from './outbox.js';
import { Sender } from './sender.js';

/**
 * @typedef {import('./messages.js').Message} Message
 * @typedef {import('./line.js').Link} Link
 * @typedef {{done: (bytes: Uint8Array | null) => void}} Ticket
 * @typedef {{kinds: import('./messages.js').Kinds, handle: (message: Message) => void, hello: (message: Message) => boolean, refresh: (token: string, now: number) => void, follows: (bytes: Uint8Array) => boolean}} Rescue
 */

/** @type {Ticket} */
const CODE = { done() {} };

export class Machine extends Sender {
  /** A burst of which only a part is there. @type {{first: Message, parts: Uint8Array[], size: number} | null} */
  open = null;
  /** What the next frame waits for. @type {Ticket | null} */
  awaited = null;
  /** @type {import('./channels.js').Channels | null} */
  channels = null;
  /** @type {Rescue | null} */
  rescue = null;
  /** What has come, in its order. @type {Message[]} */
  #inbox = [];
  /** The end of a connection, which comes after what it has said. */
  #end = () => {};

  /** @param {import('./sender.js').Page} page @param {string} instance @param {import('./line.js').Host} host */
  constructor(page, instance, host) {
    super(host, page);
    this.instance = instance;
  }

  /** The code for what is rare is there, or else what a burst waited for: go on. @param {Rescue | null} rescue @param {number} now */
  complete(rescue, now) {
    this.now = now;
    this.rescue = rescue;
    if (!this.awaited || this.awaited === CODE) this.resume();
  }

  greet() {
    const { epoch, rev, instance, page, host } = this;
    const capabilities = ['remove_attr', 'move', 'templates', 'texts', 'listen', 'websocket'];
    if (host.inflates) capabilities.push('deflate');
    const limits = [['burst_bytes', MAX_BURST_BYTES]];
    this.send(HELLO, [1], capabilities, page.token, page.csrf, instance, epoch, rev, this.outbox.settled, ...host.page(), limits);
  }

  /** @param {Link} link @param {Uint8Array} bytes one or more frames @param {number} now */
  received(link, bytes, now) {
    this.now = now;
    if (link !== this.link) return;
    this.heard();
    try {
      if (!this.rescue?.follows(bytes)) {
        /** @type {Message[]} */
        const messages = [];
        for (const body of frames(bytes)) if (body.length) messages.push(this.#decode(body));
        this.#inbox.push(...messages);
      }
    } catch (error) {
      this.#blame(error);
    }
    if (!this.awaited) this.resume();
  }

  /** Take what has come, as far as nothing has to be waited for. */
  resume() {
    this.awaited = null;
    for (let next; !this.awaited && this.phase !== 'down' && (next = this.#inbox.shift()); ) {
      try {
        this.#take(next);
      } catch (error) {
        this.#blame(error);
      }
    }
    if (!this.awaited) this.#end();
  }

  /** @param {Link} link @param {number} now @param {number} [code] */
  closed(link, now, code) {
    if (this.awaited && link === this.link) this.#end = () => this.closed(link, this.now, code);
    else super.closed(link, now, code);
  }

  /** What a frame waited for is there. @param {Ticket} ticket @param {Uint8Array | null} bytes null: they were bad @param {number} now */
  inflated(ticket, bytes, now) {
    this.now = now;
    if (ticket !== this.awaited) return;
    try {
      ticket.done(bytes);
    } catch (error) {
      this.#blame(error);
    }
    this.resume();
  }

  /** What the server has done wrong; anything else is ours. @param {unknown} error */
  #blame(error) {
    if (!(error instanceof Fault || error instanceof DecodeError)) throw error;
    this.fault(error instanceof Fault ? error.message : 'InvalidFrame');
  }

  /** What is rare stays as it is until there is code for it. @param {Uint8Array} body @returns {Message} */
  #decode(body) {
    const known = this.rescue || body[0] in COMMON;
    return known ? decode(body, this.rescue?.kinds ?? COMMON) : { type: 'RARE', flags: 0, payload: body };
  }

  /** @param {Message} message */
  #take(message) {
    const { type, flags, mode } = message;
    if (type === 'DIFF' && !flags && !this.open && this.phase !== 'greeting') return this.follow(message);
    const common = /HELLO_OK|DIFF|RESULT|PING/.test(type);
    const rare = !common || flags || mode || (this.open && type === 'DIFF');
    if (rare && !this.rescue) this.#wait(message);
    else if (type === 'RARE') this.#take(this.#decode(message.payload));
    else if (common && (type === 'HELLO_OK') !== (this.phase === 'greeting')) throw new Fault('InvalidFrame');
    else if (rare && type !== 'HELLO_OK') this.rescue?.handle(message);
    else if (type === 'RESULT') this.result(message);
    else if (type === 'PING') this.link?.send(Uint8Array.of(0));
    else if (!this.rescue?.hello(message)) this.#welcome(message);
  }

  flush() {
    super.flush();
    this.channels?.flush();
  }

  /** Until the code is there. @param {Message} message */
  #wait(message) {
    this.#inbox.unshift(message);
    this.awaited = CODE;
  }

  /** What cannot be applied yet is tried again when all code is there, or the page is ready for it. @param {Message} burst @param {unknown} error */
  failed(burst, error) {
    if (this.rescue && !(/** @type {any} */ (error).later)) super.failed(burst, error);
    else this.#wait(burst);
  }

  /** @param {Message} message HELLO_OK */
  #welcome(message) {
    const { session, attachment, heartbeat_ms, ladder_ms, limits, capabilities } = message;
    this.terms = { ...Object.fromEntries(limits), ...message };
    this.outbox.max = this.terms.unsettled_events ?? MAX_UNSETTLED;
    this.session = session;
    if (this.link) this.link.attachment = attachment;
    if (heartbeat_ms) this.heartbeat_ms = heartbeat_ms;
    if (ladder_ms.length) this.ladder_ms = ladder_ms;
    this.agreed(capabilities.includes('websocket'));
    this.reached();
  }

  /** A connection takes along what it left half done. */
  enter(/** @type {import('./line.js').Phase} */ phase) {
    super.enter(phase);
    if (phase === 'up') return;
    this.open = this.awaited = null;
    this.#inbox = [];
    this.channels?.lost();
  }
}
