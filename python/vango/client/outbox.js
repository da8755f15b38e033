// Events that wait, and events that the server may not have finished (PROTOCOL 3.7, 3.9).

import { ACTION, CANCEL, EVENT, frame } from './messages.js';

/**
 * An event on its way.
 * `epoch` is that of its hid; under another one, only its `action` says who is meant. `frame` is what was sent.
 * `numbered` is told its cseq, or 0 if it was rejected.
 * @typedef {{hid: number, kind: number, payload: Uint8Array, policy: 'queue' | 'latest' | 'drop', offline?: boolean, action?: string,
 *   numbered?: (cseq: number) => void, epoch?: number, frame?: Uint8Array, buried?: boolean}} Outgoing
 */

export const MAX_UNSETTLED = 256;
const MAX_WAITING = 256;

/** An event that only consumes its number. @param {any} epoch @param {number} cseq @param {number} hid @param {number} kind @returns {Outgoing} */
function letter(epoch, cseq, hid, kind) {
  const bytes = frame(EVENT, [epoch, cseq, 0, hid, kind], CANCEL);
  return { hid, kind, payload: new Uint8Array(0), policy: 'queue', buried: true, frame: bytes };
}

export class Outbox {
  /** So many unsettled events the server takes. */
  max = MAX_UNSETTLED;
  /** The number of the next event; numbers are given when a frame is first handed to a transport. */
  next = 1;
  /** By number, ascending. @type {Map<number, Outgoing>} */
  unsettled = new Map();
  /** Events that an ack has settled: the RESULT that says what went wrong may stand behind it. @type {Set<number>} */
  acked = new Set();
  /** @type {Outgoing[]} */
  waiting = [];

  /** Nothing is kept of this number and below. */
  get settled() {
    for (const first of this.unsettled.keys()) return first - 1;
    return this.next - 1;
  }

  get full() {
    return this.unsettled.size >= this.max;
  }

  /** Let an event wait; false if there are too many. @param {Outgoing} event */
  add(event) {
    if (event.policy === 'latest') {
      const same = (/** @type {Outgoing} */ other) => /** @type {const} */ (['epoch', 'hid', 'kind']).every((name) => other[name] === event[name]);
      this.waiting = this.waiting.filter((other) => !same(other));
    }
    return this.waiting.length < MAX_WAITING && this.waiting.push(event);
  }

  /** Number what waits, as far as the window allows; the frames must be sent. @param {number} rev */
  take(rev) {
    const taken = [];
    for (let event; !this.full && (event = this.waiting.shift()); ) {
      const cseq = this.next++;
      const { epoch, hid, kind, action, payload } = event;
      const fields = action ? [epoch, cseq, rev, hid, kind, action, payload] : [epoch, cseq, rev, hid, kind, payload];
      event.frame = frame(EVENT, fields, action ? ACTION : 0);
      this.unsettled.set(cseq, event);
      event.numbered?.(cseq);
      taken.push(event);
    }
    return taken;
  }

  /** The unsettled frames above `last`, byte for byte. @param {number} last @returns {any[]} */
  above(last) {
    return [...this.unsettled].flatMap(([cseq, { frame }]) => (cseq > last ? [frame] : []));
  }

  /** In the place of an event that nobody takes goes one that only consumes its number; undefined if that is there. @param {number} cseq */
  bury(cseq) {
    const event = this.unsettled.get(cseq);
    if (!event || event.buried) return;
    Object.assign(event, letter(event.epoch, cseq, event.hid, event.kind));
    return event.frame;
  }

  /**
   * A session that has seen nothing above `last` takes the numbers in their order, also those that are settled:
   * dead letters go in the place of these. @param {number} last
   */
  fill(last) {
    const sent = this.unsettled;
    this.unsettled = new Map([...sent].filter(([cseq]) => cseq <= last));
    for (let cseq = last + 1; cseq < this.next; cseq++) this.unsettled.set(cseq, sent.get(cseq) ?? letter(0, cseq, 1, 0));
  }

  /** All up to `ack` have finished. @param {number} ack */
  settle(ack) {
    for (const cseq of this.unsettled.keys()) {
      if (cseq > ack) break;
      this.unsettled.delete(cseq);
      this.acked.add(cseq);
    }
    for (const oldest of this.acked) {
      if (this.acked.size <= MAX_UNSETTLED) break;
      this.acked.delete(oldest);
    }
  }
}
