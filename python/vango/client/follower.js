// Keeping the document at the server's rev: bursts in order, acknowledged, fetched again when lost
// (PROTOCOL 3.3, 3.4, 3.6, 3.10).

import { DecodeError } from './codec.js';
import { ACK, BYE, REFETCH, frame } from './messages.js';
import { Outbox } from './outbox.js';
import { Ways } from './ways.js';

/**
 * `apply` throws if it cannot, and gives the hids that must be fetched again.
 * Its bytes are the ops of a burst, or for a snapshot the root's node and the ops behind it.
 * @typedef {import('./messages.js').Message} Message
 * @typedef {{snapshot: boolean, sameEpoch: boolean, count: number}} BurstInfo
 * @typedef {(burst: Uint8Array, info: BurstInfo) => Iterable<number>} Apply
 */

const REFETCH_MS = 5_000;
const MAX_REFETCH_MS = 60_000;
const ACK_MS = 250;
const ACK_BYTES = 16 * 1024;

/** The server broke the rules of the wire; `message` is the kind of error. */
export class Fault extends Error {}

export class Follower extends Ways {
  outbox = new Outbox();
  /** A snapshot was asked for: no diff counts until it is there. */
  fetching = false;
  #faults = 0;
  #unacked = 0;
  #patience_ms = REFETCH_MS;

  /** @param {import('./line.js').Host} host @param {number} epoch 0: nothing is adopted @param {number} rev */
  constructor(host, epoch, rev) {
    super(host);
    this.epoch = epoch;
    this.rev = rev;
  }

  /** A burst has been applied. */
  reached() {}

  /** Apply a burst if it is its turn. @param {Message} message DIFF, whole */
  follow(message) {
    const { epoch, base, rev } = message;
    const sameEpoch = epoch === this.epoch;
    if (this.fetching || (sameEpoch && rev <= this.rev)) return;
    try {
      if (!sameEpoch || base !== this.rev) throw new Error(`base ${base} at ${this.rev}`);
      this.apply(message, false);
    } catch (error) {
      this.failed(message, error);
    }
  }

  /** A burst could not be applied, and nothing of it was. @param {Message} burst @param {unknown} error */
  failed(burst, error) {
    if (error instanceof DecodeError) throw error;
    this.refetch(0, String(error));
  }

  /** The document goes to what a burst says, or stays where it is and this throws. @param {Message} message @param {boolean} snapshot */
  apply({ epoch, rev, ack, count, payload }, snapshot) {
    const { epoch: known, rev: at } = this;
    let strays;
    try {
      // What happens in the document meanwhile belongs to what it is becoming.
      this.epoch = epoch;
      this.rev = rev;
      strays = this.host.apply(payload, { snapshot, sameEpoch: epoch === known, count });
    } catch (error) {
      this.epoch = known;
      this.rev = at;
      throw error;
    }
    this.committed();
    for (const hid of strays) this.refetch(hid, 'moved');
    this.#unacked += payload.length;
    this.ackSoon();
    this.outbox.settle(ack);
    this.host.settled();
    this.reached();
  }

  /** @param {number} hid 0: everything @param {string} reason */
  refetch(hid, reason) {
    if (this.fetching) return;
    this.#ask(hid, reason);
  }

  /** @param {number} hid @param {string} reason */
  #ask(hid, reason) {
    this.send(REFETCH, this.epoch, hid, reason);
    if (!hid) this.awaitSnapshot();
  }

  /** No diff counts until a snapshot is there; ask again if nothing of it comes. @param {number} [delay_ms] */
  awaitSnapshot(delay_ms) {
    if (!this.fetching) this.#patience_ms = REFETCH_MS;
    this.fetching = true;
    this.in('refetch', delay_ms || this.#patience_ms);
  }

  ackSoon() {
    if (this.#unacked > ACK_BYTES) this.#ack();
    else if (!this.timers.has('ack')) this.in('ack', ACK_MS);
  }

  #ack() {
    this.send(ACK, this.epoch, this.rev, this.outbox.settled);
    this.acked();
  }

  /** The server knows, by an ACK or by an EVENT. */
  acked() {
    this.#unacked = 0;
    this.timers.delete('ack');
  }

  /** @param {import('./line.js').Timer} timer */
  due(timer) {
    if (timer === 'ack') this.#ack();
    else if (timer === 'refetch') {
      this.#patience_ms = Math.min(2 * this.#patience_ms, MAX_REFETCH_MS);
      this.#ask(0, 'again');
    } else super.due(timer);
  }

  /** @param {import('./line.js').Phase} phase */
  enter(phase) {
    super.enter(phase);
    if (phase === 'up') return;
    this.fetching = false;
    this.#unacked = 0;
  }

  /** A broken rule: a snapshot helps once, then nothing does. @param {string} kind */
  fault(kind) {
    if (this.#faults++ || this.phase !== 'up') this.fail(kind, 'the protocol was broken twice');
    else this.refetch(0, kind);
  }

  /** @param {string} kind @param {string} message */
  fail(kind, message) {
    this.host.emit('vango-error', { kind, message, cseq: 0 });
    this.leave(kind, 'error', this.now);
  }

  /** Say goodbye, and why; nothing comes after it. @param {string} reason @param {import('./line.js').State} state @param {number} now */
  leave(reason, state, now) {
    this.now = now;
    if (this.phase === 'up') this.send(BYE, reason);
    this.halt(state);
  }

  /** @param {number} kind @param {...any} fields */
  send(kind, ...fields) {
    this.link?.send(frame(kind, fields));
  }
}
