// Which burst the document is at, and which may follow (PROTOCOL 3.3 to 3.5).

import { DecodeError, join } from './codec.js';
import { CANCEL, DEFLATE, MAX_BURST_BYTES, MORE } from './messages.js';

/**
 * `apply` throws if it cannot, and gives the hids that must be fetched again. A snapshot is the op `04 0 0 node`.
 * @typedef {import('./messages.js').Message} Message
 * @typedef {{snapshot: boolean, sameEpoch: boolean, count: number}} BurstInfo
 * @typedef {(burst: Uint8Array, info: BurstInfo) => Iterable<number>} Apply
 */

/** The server broke the rules of the wire; `message` is the kind of error. */
export class Fault extends Error {}

/** Only a snapshot helps; `message` says why. */
export class Lost extends Error {}

export class Bursts {
  /** A snapshot was asked for: no diff counts until it is there. */ fetching = false;
  /** A burst of which only a part is there. @type {{first: Message, parts: Uint8Array[], size: number} | null} */ #open = null;
  /** What follows belongs to a burst that was dropped. */ #broken = false;

  /** @param {number} epoch 0: nothing yet @param {number} rev @param {Apply} apply */
  constructor(epoch, rev, apply) {
    this.epoch = epoch;
    this.rev = rev;
    this.apply = apply;
  }

  /** Forget what was begun. */
  reset() {
    this.#open = null;
    this.#broken = false;
  }

  /**
   * The whole burst, once it is there.
   * @param {Message} part a SNAPSHOT, DIFF or CONT
   * @throws {Fault} nothing of what was begun is left then
   * @returns {Message | undefined}
   */
  join(part) {
    const { type, flags, payload } = part;
    const begins = type !== 'CONT';
    if (!begins && this.#broken) return;
    const open = begins ? { first: part, parts: [], size: 0 } : this.#open;
    const twice = begins && this.#open;
    this.reset();
    this.#broken = true;
    if (!open || twice) throw new Fault('BurstInterleaved');
    open.parts.push(payload);
    open.size += payload.length;
    if (flags & DEFLATE || open.size > MAX_BURST_BYTES) throw new Fault('InvalidFrame');
    this.#broken = false;
    if (flags & MORE) this.#open = open;
    else if (!(flags & CANCEL)) return { ...open.first, payload: join(open.parts) };
  }

  /**
   * Apply a burst if it is due.
   * @param {Message} burst
   * @returns {Iterable<number> | undefined} the hids to fetch again; undefined if it was dropped
   * @throws {Lost} it does not fit; an error of another kind: a snapshot cannot be shown
   */
  take({ type, epoch, base, rev, count, payload }) {
    const snapshot = type === 'SNAPSHOT';
    const sameEpoch = epoch === this.epoch;
    if (snapshot) {
      const awaited = this.fetching && rev === this.rev;
      if (sameEpoch ? rev <= this.rev && !awaited : epoch < this.epoch) return;
      payload = join([Uint8Array.of(4, 0, 0), payload]);
    } else {
      if (this.fetching || (sameEpoch && rev <= this.rev)) return;
      if (!sameEpoch || base !== this.rev) throw new Lost(`base ${base} at ${this.rev}`);
    }
    try {
      const strays = this.apply(payload, { snapshot, sameEpoch, count });
      this.epoch = epoch;
      this.rev = rev;
      if (snapshot) this.fetching = false;
      return strays;
    } catch (error) {
      throw snapshot || error instanceof DecodeError ? error : new Lost(String(error));
    }
  }
}
