// Keeping the document at the server's rev: bursts whole and in order, acknowledged, fetched again
// when lost (PROTOCOL 3.3 to 3.6, 3.10).

import { DecodeError, join } from './codec.js';
import { Line } from './line.js';
import { CANCEL, DEFLATE, MAX_BURST_BYTES, MORE, encode } from './messages.js';

/**
 * `apply` throws if it cannot, and gives the hids that must be fetched again. A snapshot is the op `04 0 0 node`.
 * @typedef {import('./messages.js').Message} Message
 * @typedef {{snapshot: boolean, sameEpoch: boolean, count: number}} BurstInfo
 * @typedef {(burst: Uint8Array, info: BurstInfo) => Iterable<number>} Apply
 */

const REFETCH_MS = 5_000;
const ACK_MS = 250;
const ACK_BYTES = 16 * 1024;

/** The server broke the rules of the wire; `message` is the kind of error. */
export class Fault extends Error {}

export class Follower extends Line {
  /** A snapshot was asked for: no diff counts until it is there. */
  fetching = false;
  /** A burst of which only a part is there. @type {{first: Message, parts: Uint8Array[], size: number} | null} */
  #open = null;
  /** What follows belongs to a burst that was dropped. */
  #broken = false;
  #faults = 0;
  #unacked = 0;

  /** @param {number} epoch 0: nothing is adopted @param {number} rev @param {import('./line.js').Host} host @param {() => number} random */
  constructor(epoch, rev, host, random) {
    super(host, random);
    this.epoch = epoch;
    this.rev = rev;
  }

  /** The client keeps nothing of this event and below; the subclass knows. */
  get settled() {
    return 0;
  }

  /** All events up to this have finished. @param {number} ack */
  finished(ack) {}

  /** @param {import('./line.js').State} state */
  halt(state) {
    this.#open = null;
    this.#broken = this.fetching = false;
    this.#unacked = 0;
    super.halt(state);
  }

  /** @param {import('./line.js').Timer} timer */
  due(timer) {
    if (timer === 'ack') this.ack();
    else if (timer === 'refetch') {
      this.fetching = false;
      this.refetch(0, 'again');
    } else super.due(timer);
  }

  /** The page goes away, for good or into a cache; or somebody has had enough. @param {number} now @param {'leave' | 'freeze' | 'close'} how */
  leave(now, how) {
    this.now = now;
    if (this.phase === 'up' && how !== 'freeze') this.send('BYE', { reason: how });
    if (how !== 'leave') this.halt(how === 'close' ? 'closed' : 'disconnected');
  }

  /** @param {Message} part a SNAPSHOT, DIFF or CONT @returns {boolean} whether the document has changed */
  follow(part) {
    const burst = this.#join(part);
    if (!burst) return false;
    this.finished(burst.ack);
    const changed = this.#apply(burst);
    this.host.settled();
    if (!changed) return false;
    this.attempts = 0;
    if (!this.fetching) this.timers.delete('refetch');
    this.#unacked += burst.payload.length;
    this.ackSoon();
    return true;
  }

  /** The whole burst, once it is there. @param {Message} part @returns {Message | undefined} */
  #join(part) {
    const { type, flags, payload } = part;
    const begins = type !== 'CONT';
    if (!begins && this.#broken) return;
    const open = begins && !this.#open ? { first: part, parts: [], size: 0 } : this.#open;
    const fits = open && begins === !this.#open;
    this.#open = null;
    this.#broken = true;
    if (!fits) throw new Fault('BurstInterleaved');
    open.parts.push(payload);
    open.size += payload.length;
    if (flags & DEFLATE || open.size > MAX_BURST_BYTES) throw new Fault('InvalidFrame');
    this.#broken = false;
    if (flags & MORE) this.#open = open;
    else if (!(flags & CANCEL)) return { ...open.first, payload: join(open.parts) };
  }

  /** Apply a burst if it is its turn. @param {Message} burst */
  #apply({ type, epoch, base, rev, count, payload }) {
    const snapshot = type === 'SNAPSHOT';
    const sameEpoch = epoch === this.epoch;
    if (snapshot) {
      const awaited = this.fetching && rev === this.rev;
      if (sameEpoch ? rev <= this.rev && !awaited : epoch < this.epoch) return false;
      payload = join([Uint8Array.of(4, 0, 0), payload]);
    } else {
      if (this.fetching || (sameEpoch && rev <= this.rev)) return false;
      if (!sameEpoch || base !== this.rev) return this.refetch(0, `base ${base} at ${this.rev}`);
    }
    let strays;
    try {
      strays = this.host.apply(payload, { snapshot, sameEpoch, count });
    } catch (error) {
      if (error instanceof DecodeError) throw error;
      return snapshot ? this.fail('Internal', String(error)) : this.refetch(0, String(error));
    }
    this.epoch = epoch;
    this.rev = rev;
    if (snapshot) this.fetching = false;
    for (const hid of strays) this.refetch(hid, 'moved');
    return true;
  }

  /** A broken rule: a snapshot helps once, then nothing does. @param {string} kind */
  fault(kind) {
    if (this.#faults++ || this.phase !== 'up') this.fail(kind, 'the rules of the protocol were broken again');
    else this.refetch(0, kind);
  }

  /** @param {string} kind @param {string} message */
  fail(kind, message) {
    if (this.phase === 'up') this.send('BYE', { reason: kind });
    this.host.emit('vango-error', { kind, message, cseq: 0 });
    this.halt('error');
    return false;
  }

  /** @param {number} hid 0: everything @param {string} reason */
  refetch(hid, reason) {
    if (!this.fetching) this.send('REFETCH', { epoch: this.epoch, hid, reason });
    if (!this.fetching && !hid) this.awaitSnapshot();
    return false;
  }

  /** No diff counts until a snapshot is there; ask again if it does not come. @param {number} [delay_ms] */
  awaitSnapshot(delay_ms) {
    this.fetching = true;
    this.in('refetch', delay_ms || REFETCH_MS);
  }

  ackSoon() {
    if (this.#unacked > ACK_BYTES) this.ack();
    else if (!this.timers.has('ack')) this.in('ack', ACK_MS);
  }

  ack() {
    const { epoch, rev, settled } = this;
    this.send('ACK', { epoch, rev, settled });
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
