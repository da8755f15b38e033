// The ops of one burst onto the live document (PROTOCOL 1.5, 1.6): all of them or none.
//
// Each op is done at once and leaves behind how to take it back; properties wait until the burst has held.

import { inside, setAttr } from './live.js';
import { shift } from './move.js';
import { ELEMENT, TEXT } from './ops.js';

/**
 * @typedef {import('./live.js').Entry} Entry
 * @typedef {import('./live.js').Live} Live
 * @typedef {import('./ops.js').Sink} Sink
 * @typedef {import('./ops.js').WireNode} WireNode
 * @typedef {{up: Entry | null, at: Node | null, next: Node | null}} Gap where a node stands, or stood
 */

/** @implements {Sink} */
export class Burst {
  /** @type {import('./live.js').Write[]} */ writes = [];
  /** Elements that something else has rearranged, to be fetched again; 0 is everything. @type {Set<number>} */
  strays = new Set();
  /** Text nodes and what they said: text, old, text, old. @type {any[]} */ #texts = [];
  /** @type {(() => void)[]} */ #steps = [];
  /** Where the root was when it went. @type {Gap | null} */ #mount = null;

  /** @param {Live} live */
  constructor(live) {
    this.live = live;
  }

  /** The burst is complete: a document has a root, and as many nodes as the server says. @param {number} [count] */
  check(count) {
    const { root, nodes } = this.live;
    if (!root) throw new Error('the mount point has one child');
    if (count !== undefined && nodes.size !== count) throw new Error(`${nodes.size} nodes, not ${count}`);
  }

  /** Leave the document as it was before the burst. */
  rollback() {
    for (const step of this.#steps.reverse()) step();
    for (let n = this.#texts.length; n > 0; n -= 2) this.#texts[n - 2].data = this.#texts[n - 1];
  }

  /** @param {number} hid @param {string} text */
  setText(hid, text) {
    const entry = this.#find(hid);
    if (entry.kind !== TEXT) throw new Error(`${hid} is not a text`);
    const { node } = entry;
    this.#texts.push(node, node.data);
    node.data = text;
  }

  /** @param {number} hid @param {string} name @param {string | null} value */
  setAttr(hid, name, value) {
    const element = this.#element(hid).node;
    if (name[0] === '.') {
      this.writes.push({ element, name, value });
      return;
    }
    const old = element.getAttribute(name);
    if (old === value) return;
    this.#steps.push(() => setAttr(element, name, old));
    setAttr(element, name, value);
  }

  /** @param {number} hid @param {string} name */
  removeAttr(hid, name) {
    this.setAttr(hid, name, null);
  }

  /** @param {number} hid @param {number} bits */
  setEvents(hid, bits) {
    const entry = this.#element(hid);
    const old = entry.bits;
    this.#steps.push(() => (entry.bits = old));
    entry.bits = bits;
    this.live.listen(entry);
  }

  /** @param {number} hid */
  remove(hid) {
    if (this.live.nodes.has(hid)) this.#detach(this.#find(hid));
  }

  /** @param {number} parent @param {number} before @param {WireNode} wire */
  insert(parent, before, wire) {
    const { up, at, next } = this.#gapFor(parent, before, wire.hid);
    if (!at) throw new Error('the place is gone');
    /** @type {Entry[]} */ const fresh = [];
    const entry = this.live.build(wire, up, at, next, fresh, this.writes);
    this.#steps.push(() => {
      for (const node of entry.span) node.remove();
      this.live.unlink(entry);
    });
    this.live.register(fresh);
    this.#steps.push(() => this.live.free(entry));
  }

  /** @param {number} hid @param {number} parent @param {number} before */
  move(hid, parent, before) {
    const entry = this.#find(hid);
    if (!parent && !before && !entry.up) return;
    for (let up = this.live.nodes.get(parent) ?? null; up; up = up.up) {
      if (up === entry) throw new Error(`move of ${hid} into itself`);
    }
    if (before === hid || !parent) throw new Error(`${hid} cannot go there`);
    const from = gap(entry);
    const to = this.#gapIn(parent, before);
    this.#steps.push(() => this.#put(entry, from));
    this.#put(entry, to);
  }

  /** @param {Entry} entry @param {Gap} gap */
  #put(entry, { up, at, next }) {
    this.live.unlink(entry);
    if (at) shift(entry, at, next);
    this.live.link(entry, up);
  }

  /** Where a new node goes; what it replaces leaves. @param {number} parent @param {number} before @param {number} hid @returns {Gap} */
  #gapFor(parent, before, hid) {
    const { nodes, root } = this.live;
    const old = nodes.get(hid);
    if (old) return this.#detach(old);
    if (parent) return this.#gapIn(parent, before);
    if (before) throw new Error('the mount point has one child');
    if (root) return this.#detach(root);
    return this.#mount ?? { up: null, at: null, next: null };
  }

  /** @param {number} parent @param {number} before @returns {Gap} */
  #gapIn(parent, before) {
    const up = this.#element(parent);
    const at = inside(up.node);
    if (!before) return { up, at, next: null };
    const sibling = this.#find(before);
    if (sibling.up !== up) throw new Error(`${before} is not a child of ${parent}`);
    const { node } = sibling;
    // A parser may have put the sibling one element deeper; there it goes on.
    return node.parentNode && node.parentNode === sibling.at ? { up, at: sibling.at, next: node } : { up, at, next: null };
  }

  /** @param {Entry} entry */
  #detach(entry) {
    const { live } = this;
    const from = gap(entry);
    const nodes = entry.span;
    if (!entry.up) this.#mount = from;
    const gone = live.free(entry);
    live.unlink(entry);
    for (const node of nodes) node.remove();
    this.#steps.push(() => {
      for (const node of nodes) from.at?.insertBefore(node, from.next);
      live.link(entry, from.up);
      live.register(gone);
    });
    return from;
  }

  /** A live node; if it is not where the client put it, its nearest element is asked for. @param {number} hid */
  #find(hid) {
    const entry = this.live.nodes.get(hid);
    if (!entry) throw new Error(`unknown hid ${hid}`);
    if (entry.node.parentNode !== entry.at) {
      let up = entry.up;
      while (up && up.node.parentNode !== up.at) up = up.up;
      this.strays.add(up ? up.hid : 0);
    }
    return entry;
  }

  /** @param {number} hid */
  #element(hid) {
    const entry = this.#find(hid);
    if (entry.kind !== ELEMENT) throw new Error(`${hid} is not an element`);
    return entry;
  }
}

/** @param {Entry} entry @returns {Gap} */
function gap(entry) {
  const last = entry.end.parentNode === entry.node.parentNode ? entry.end : entry.node;
  return { up: entry.up, at: entry.node.parentNode, next: last.nextSibling };
}
