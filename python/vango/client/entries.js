// The entries of all live nodes by their hids, where those below a copy are made only when somebody asks.
//
// A list of a thousand rows has ten times as many nodes, and few of them are ever changed or used. Of those that
// nobody asked for only the nodes are kept, so each stays the one it is, whatever others do to the document.

import { ENTRY, Entry, TEXT, inside } from './live.js';

/**
 * What stands below a copy: its nodes in the order of their hids, and what each is; `parts` begins with the copy
 * itself, and `up` counts in it.
 * @typedef {{kind: number, bits: number, up: number}} Part
 * @typedef {{nodes: any[], parts: Part[]}} Below
 */

/** Nodes of a copy, at most. */
export const MAX_COPY = 64;

/** @implements {Pick<Map<number, Entry>, 'size' | 'has' | 'get' | 'set' | 'delete' | 'clear' | 'values'>} */
export class Entries {
  /** @type {Map<number, Entry>} */
  #known = new Map();
  /** How many have no entries yet. */
  #below = 0;
  /** No hid was larger. */
  #top = 0;

  /** @param {import('./live.js').Live} live @param {Iterable<Entry>} known */
  constructor(live, known) {
    this.live = live;
    for (const entry of known) this.set(entry.hid, entry);
  }

  get size() {
    return this.#known.size + this.#below;
  }

  /** @param {number} hid */
  has(hid) {
    return !!this.get(hid);
  }

  /** @param {number} hid */
  get(hid) {
    const known = this.#known;
    const entry = known.get(hid);
    if (entry || hid > this.#top) return entry;
    // What is below a copy has the hids that follow its own.
    for (let n = hid - 1; n > hid - MAX_COPY; n--) {
      const copy = known.get(n);
      if (!copy) continue;
      this.#open(copy);
      return known.get(hid);
    }
  }

  /** A text that stands where the client has put it, below a copy of which nobody has asked for more. @param {number} hid */
  text(hid) {
    if (this.#known.has(hid)) return;
    for (let n = hid - 1; n > hid - MAX_COPY; n--) {
      const copy = this.#known.get(n);
      if (!copy) continue;
      const node = copy.below?.nodes[hid - n - 1];
      if (!copy.below || !node) return;
      const { kind, up } = copy.below.parts[hid - n];
      return kind === TEXT && node.parentNode === inside(copy.below.nodes[up - 1] ?? copy.node) ? node : undefined;
    }
  }

  /** @param {number} hid @param {Entry} entry */
  set(hid, entry) {
    const below = entry.below?.nodes.length ?? 0;
    this.#known.set(hid, entry);
    this.#below += below;
    this.#top = Math.max(this.#top, hid + below);
    return /** @type {any} */ (this);
  }

  /** @param {number} hid */
  delete(hid) {
    this.#below -= this.#known.get(hid)?.below?.nodes.length ?? 0;
    return this.#known.delete(hid);
  }

  clear() {
    this.#known.clear();
    this.#below = 0;
  }

  /** All of them. */
  values() {
    for (const entry of this.#known.values()) this.#open(entry);
    return this.#known.values();
  }

  /** A node without an entry may be below a copy. @param {any} node */
  reveal(node) {
    let up = node;
    while (up && !up[ENTRY]) up = up.parentNode;
    if (up) this.#open(up[ENTRY]);
  }

  /** @param {Entry} copy */
  #open(copy) {
    const { below, hid } = copy;
    if (!below || this.#known.get(hid) !== copy) return;
    const { nodes, parts } = below;
    this.#below -= nodes.length;
    copy.below = null;
    const entries = [copy];
    nodes.forEach((node, n) => {
      const { kind, bits, up } = parts[n + 1];
      const entry = new Entry(hid + n + 1, kind, node, bits);
      // Where the client has put it, wherever somebody else may have moved it.
      this.live.link(entry, entries[up], inside(entries[up].node));
      this.#known.set(entry.hid, entry);
      entries.push(entry);
    });
  }
}
