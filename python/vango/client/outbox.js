// Events that wait, and events that the server may not have finished (PROTOCOL 3.7, 3.9).

import { encode } from './messages.js';

/**
 * An event on its way. `numbered` is told its cseq, or 0 if it was rejected.
 * @typedef {{hid: number, kind: number, payload: Uint8Array, policy: 'queue' | 'latest' | 'drop',
 *   numbered?: (cseq: number) => void}} Outgoing
 */

const MAX_UNSETTLED = 256;
const MAX_WAITING = 256;

export class Outbox {
  /** The number of the next event; numbers are given when a frame is first handed to a transport. */
  next = 1;
  /** Frames as they were sent, by number, ascending. @type {Map<number, {frame: Uint8Array, event: Outgoing}>} */
  unsettled = new Map();
  /** @type {Outgoing[]} */ waiting = [];

  /** Nothing is kept of this number and below. */
  get settled() {
    for (const first of this.unsettled.keys()) return first - 1;
    return this.next - 1;
  }

  get full() {
    return this.unsettled.size >= MAX_UNSETTLED;
  }

  /** Let an event wait; false if there are too many. @param {Outgoing} event */
  add(event) {
    if (event.policy === 'latest') {
      this.waiting = this.waiting.filter(({ hid, kind }) => hid !== event.hid || kind !== event.kind);
    }
    if (this.waiting.length >= MAX_WAITING) return false;
    this.waiting.push(event);
    return true;
  }

  /** Number what waits, as far as the window allows; the frames must be sent. @param {number} epoch @param {number} rev */
  take(epoch, rev) {
    const frames = [];
    while (!this.full) {
      const event = this.waiting.shift();
      if (!event) break;
      const cseq = this.next++;
      const { hid, kind, payload } = event;
      const frame = encode('EVENT', { epoch, cseq, rev, hid, kind, payload });
      this.unsettled.set(cseq, { frame, event });
      event.numbered?.(cseq);
      frames.push(frame);
    }
    return frames;
  }

  /** The unsettled frames above `last`, byte for byte. @param {number} last */
  above(last) {
    return [...this.unsettled].filter(([cseq]) => cseq > last).map(([, { frame }]) => frame);
  }

  /** All up to `ack` have finished. @param {number} ack */
  settle(ack) {
    for (const cseq of this.unsettled.keys()) {
      if (cseq > ack) break;
      this.unsettled.delete(cseq);
    }
  }

  /** Everything belongs to an epoch that is gone; what it was. @param {number} next number of the next event */
  reject(next) {
    const gone = [...[...this.unsettled.values()].map(({ event }) => event), ...this.waiting];
    this.unsettled.clear();
    this.waiting = [];
    this.next = next;
    for (const event of gone) event.numbered?.(0);
    return gone.map(({ hid, kind }) => ({ hid, kind }));
  }
}
