// One channel, the page's end: what it sends waits for room, what it gets is given one after another.

import { DecodeError, Reader, Writer } from './codec.js';
import { CANCEL } from './messages.js';

/** @typedef {{error: string, data: any}} End `error`: why, '' in order, 'Lost' with the connection */

/** What a frame needs beside its payload, at most. */
const HEADER_BYTES = 16;
/** What may wait here while the server has no room: who sends more has not waited for `ready`. */
const MAX_WAITING_BYTES = 2 ** 20;
const NOTHING = new Uint8Array(0);
const utf8 = new TextEncoder();

export class Channel {
  /** @type {((data: Uint8Array) => any) | null} */
  #onmessage = null;
  /** @type {((end: End) => void) | null} */
  #onclose = null;
  /** What `onmessage` has not had. @type {Uint8Array[]} */
  #arrived = [];
  #busy = false;
  /** What the server has no room for yet. @type {Uint8Array[]} */
  #waiting = [];
  #waitingBytes = 0;
  /** The sizes of what the server has not taken. @type {number[]} */
  #unacked = [];
  #unackedBytes = 0;
  /** How it is to end, once nothing waits. @type {End | null} */
  #closing = null;
  /** How it has ended. @type {End | null} */
  #end = null;
  /** @type {Promise<void>} */
  #ready = Promise.resolve();
  /** @type {(() => void) | null} */
  #resolve = null;

  /** @param {import('./channels.js').Channels} channels @param {number} id */
  constructor(channels, id) {
    this.channels = channels;
    this.id = id;
  }

  /** Whether something can still be sent. */
  get isOpen() {
    return !this.#closing && !this.#end;
  }

  /** Gets each message; what it returns is awaited, then the server may send more. */
  get onmessage() {
    return this.#onmessage;
  }

  set onmessage(take) {
    this.#onmessage = take;
    this.#give();
  }

  /** Told once how the channel has ended, behind its messages. */
  get onclose() {
    return this.#onclose;
  }

  set onclose(tell) {
    this.#onclose = tell;
    this.#give();
  }

  /** Resolves when the server has room for more, or nothing can be sent any more. */
  get ready() {
    return this.#ready;
  }

  /**
   * Send one message; it waits here until the server has room. Throws where the channel has ended, where the message
   * is empty or too long, and where too much waits: await `ready` before.
   * @param {ArrayBuffer | ArrayBufferView | string} data a text goes as UTF-8
   */
  send(data) {
    const bytes = bytesOf(data);
    const most = (this.channels.machine.terms.frame_bytes ?? 65_536) - HEADER_BYTES;
    if (!this.isOpen) throw new Error(`the channel has ended ${this.#end?.error ?? ''}`.trim());
    if (!bytes.length || bytes.length > most) throw new RangeError(`a message has 1 to ${most} bytes, not ${bytes.length}`);
    if (this.#waitingBytes + bytes.length > MAX_WAITING_BYTES) throw new RangeError('too much waits: await ready before sending more');
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#pump();
  }

  /**
   * End it: in order behind what was sent, with an error at once.
   * @param {string} [error] why, in a word that the server is told @param {any} [data] what JSON can say
   */
  close(error = '', data = null) {
    if (!this.isOpen) return;
    this.#closing = { error, data };
    if (error) this.#waiting = [];
    this.#pump();
  }

  /** @param {number} flags @param {Uint8Array} payload of a frame of the server */
  receive(flags, payload) {
    if (this.#end) return;
    if (flags & CANCEL) this.end(reason(payload));
    else if (payload.length) {
      this.#arrived.push(payload.slice());
      this.#give();
    } else if (this.#unacked.length) {
      this.#unackedBytes -= this.#unacked.shift() ?? 0;
      this.#pump();
    } else this.#finish('InvalidFrame', null);
  }

  /** It has ended, and the server knows. @param {End} end */
  end(end) {
    this.#end = end;
    this.#waiting = [];
    this.channels.forget(this.id);
    this.#resolve?.();
    this.#give();
  }

  /** Tell the server that this is the end. @param {string} error @param {any} data */
  #finish(error, data) {
    this.channels.say(this.id, error || data !== null ? fields(error, data) : NOTHING, CANCEL);
    this.end({ error, data });
  }

  /** Send what the server has room for. */
  #pump() {
    const { channel_bytes = 0, channel_messages = 0 } = this.channels.machine.terms;
    const hasRoom = () => this.#unackedBytes < channel_bytes && this.#unacked.length < channel_messages;
    for (let bytes; hasRoom() && (bytes = this.#waiting.shift()); ) {
      this.#waitingBytes -= bytes.length;
      this.#unacked.push(bytes.length);
      this.#unackedBytes += bytes.length;
      this.channels.say(this.id, bytes);
    }
    if (this.#closing && !this.#waiting.length) this.#finish(this.#closing.error, this.#closing.data);
    else if (!hasRoom()) this.#ready = this.#resolve ? this.#ready : new Promise((resolve) => (this.#resolve = resolve));
    else {
      this.#resolve?.();
      this.#resolve = null;
    }
  }

  /** Give what has come, one after another; what was given makes room for more. */
  async #give() {
    if (this.#busy) return;
    this.#busy = true;
    for (let bytes; this.#onmessage && (bytes = this.#arrived.shift()); ) {
      try {
        await this.#onmessage(bytes);
      } catch (error) {
        reportError(error);
      }
      if (!this.#end) this.channels.say(this.id, NOTHING);
    }
    this.#busy = false;
    const tell = this.#onclose;
    if (!this.#end || !tell) return;
    this.#onclose = null;
    tell(this.#end);
  }
}

/** What an opening and an end carry. @param {string} text @param {any} value what JSON can say */
export function fields(text, value) {
  const w = new Writer();
  w.str(text);
  w.str(value === undefined || value === null ? '' : JSON.stringify(value));
  return w.bytes();
}

/** @param {Uint8Array} payload of a CANCEL @returns {End} */
function reason(payload) {
  const r = new Reader(payload);
  try {
    const error = r.left ? r.str() : '';
    const text = r.left ? r.str() : '';
    return { error, data: text ? JSON.parse(text) : null };
  } catch (error) {
    if (!(error instanceof DecodeError || error instanceof SyntaxError)) throw error;
    return { error: 'InvalidFrame', data: null };
  }
}

/** The bytes of what is sent, which change no more. @param {ArrayBuffer | ArrayBufferView | string} data @returns {Uint8Array} */
function bytesOf(data) {
  if (typeof data === 'string') return utf8.encode(data);
  if (data instanceof ArrayBuffer) return new Uint8Array(data.slice(0));
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
}
