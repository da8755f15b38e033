// The document of the page, kept at what the server says: all ops of a burst or none (PROTOCOL 1.5, 1.6).

import { Reader } from './codec.js';
import { Events } from './events.js';
import { Live } from './live.js';
import { Patch, readOps } from './patch.js';

/**
 * Code that no page needs for its first click; a burst that comes before it, and needs it, fails.
 * @typedef {typeof import('./later.js').later} Later
 */

export class View {
  live = new Live();
  /** @type {import('./forms.js').Forms | null} */
  forms = null;
  /** @type {Later | null} */ #later = null;

  /** @param {Document} page @param {number} [count] how many nodes the server has written @param {string} [embeds] see Live.adopt */
  constructor(page, count, embeds) {
    this.page = page;
    this.events = new Events(page, this.live);
    /** The page is what the server believes it to be; if not, only a snapshot helps. */
    this.adopted = this.live.adopt(page.body, count, embeds);
    if (this.adopted) this.events.sync();
    else this.events.hold();
  }

  /** @param {Later} later */
  complete(later) {
    this.#later = later;
    this.live.nodes = new later.Entries(this.live, this.live.nodes.values());
    this.forms = new later.Forms(this.page, this.live);
    this.events.complete(new later.Listen(this.events, this.forms));
    return this.forms;
  }

  /**
   * Apply one burst, all of it or nothing.
   * @param {Uint8Array} burst its ops, or for a snapshot the root's node
   * @param {Partial<import('./follower.js').BurstInfo>} [info]
   * @returns {Set<number>} elements that something else has rearranged: to be fetched again, 0 is everything
   * @throws {Error} it cannot be applied; nothing has changed
   */
  apply = (burst, { snapshot = false, sameEpoch = true, count } = {}) => {
    const { live, forms, events } = this;
    if (!snapshot && this.#later?.setOne(live, forms, burst, count)) return new Set();
    if (!snapshot) events.navigation?.before(burst);
    const ops = new (this.#later?.Burst ?? Patch)(live);
    const reader = new Reader(burst);
    try {
      if (snapshot) this.#later?.morph(live, reader, sameEpoch, forms, ops.writes, ops.effects, count);
      else readOps(reader, ops);
      ops.check(count);
      if (ops.writes.size && !forms) throw new Error('properties come too early');
    } catch (error) {
      ops.rollback();
      throw error;
    }
    ops.commit();
    forms?.write(ops.writes, snapshot);
    events.sync();
    if (!sameEpoch) forms?.tell(true);
    this.#later?.perform(ops.effects, events);
    return ops.strays;
  };
}
