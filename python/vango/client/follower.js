// Keeping the document at the server's rev: bursts in order, acknowledged, fetched again when lost (PROTOCOL 3.3 to 3.6, 3.10).

import { Bursts, Lost } from './bursts.js';
import { DecodeError } from './codec.js';
import { Line } from './line.js';
import { encode } from './messages.js';

/** @typedef {import('./messages.js').Message} Message */

const REFETCH_MS = 5_000;
const ACK_MS = 250;
const ACK_BYTES = 16 * 1024;

export class Follower extends Line {
  #faults = 0;
  #unacked = 0;

  /** @param {number} epoch 0: nothing is adopted @param {number} rev @param {import('./line.js').Host} host @param {() => number} random */
  constructor(epoch, rev, host, random) {
    super(host, random);
    this.bursts = new Bursts(epoch, rev, host.apply);
  }

  /** The client keeps nothing of this event and below; the subclass knows. */
  get settled() {
    return 0;
  }

  /** All events up to this have finished. @param {number} ack */
  finished(ack) {}

  /** @param {import('./line.js').State} state */
  halt(state) {
    this.#unacked = 0;
    this.bursts.fetching = false;
    this.bursts.reset();
    super.halt(state);
  }

  /** @param {Message} message a SNAPSHOT, DIFF or CONT @returns {boolean} whether the document has changed */
  follow(message) {
    const burst = this.bursts.join(message);
    if (!burst) return false;
    try {
      this.finished(burst.ack);
      const strays = this.bursts.take(burst);
      this.host.settled();
      if (!strays) return false;
      this.attempts = 0;
      if (!this.bursts.fetching) this.timers.delete('refetch');
      this.#unacked += burst.payload.length;
      this.ackSoon();
      for (const hid of strays) this.refetch(hid, 'moved');
      return true;
    } catch (error) {
      if (error instanceof DecodeError) throw error;
      if (error instanceof Lost) this.refetch(0, error.message);
      else this.fail('Internal', String(error));
      return false;
    }
  }

  /** A broken rule: a snapshot helps once, then nothing does. @param {string} kind */
  fault(kind) {
    if (this.#faults++ || this.phase !== 'up') this.fail(kind, 'a rule of the protocol was broken twice');
    else this.refetch(0, kind);
  }

  /** @param {string} kind @param {string} message */
  fail(kind, message) {
    if (this.phase === 'up') this.send('BYE', { reason: kind });
    this.host.emit('vango-error', { kind, message, cseq: 0 });
    this.halt('error');
  }

  /** @param {number} hid 0: everything @param {string} reason */
  refetch(hid, reason) {
    if (this.bursts.fetching) return;
    this.send('REFETCH', { epoch: this.bursts.epoch, hid, reason });
    if (!hid) this.awaitSnapshot();
  }

  /** No diff counts until a snapshot is there; ask again if it does not come. @param {number} [delay_ms] */
  awaitSnapshot(delay_ms) {
    this.bursts.fetching = true;
    this.in('refetch', delay_ms || REFETCH_MS);
  }

  askAgain() {
    this.bursts.fetching = false;
    this.refetch(0, 'again');
  }

  ackSoon() {
    if (this.#unacked > ACK_BYTES) this.ack();
    else if (!this.timers.has('ack')) this.in('ack', ACK_MS);
  }

  ack() {
    const { epoch, rev } = this.bursts;
    this.send('ACK', { epoch, rev, settled: this.settled });
    this.acked();
  }

  acked() {
    this.#unacked = 0;
    this.timers.delete('ack');
  }

  /** @param {string} type @param {Record<string, any>} [values] */
  send(type, values) {
    this.host.send(encode(type, values));
  }
}
