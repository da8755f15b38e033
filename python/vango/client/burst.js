// The ops of a burst that make, move and remove nodes (PROTOCOL 1.5, 1.6).
//
// Removals that follow each other leave the document together, and so do insertions into one place come: browsers
// are quicker with many nodes at once. Whatever looks at a node settles them first.

import { depart, leave } from './exit.js';
import { inside } from './live.js';
import { build, detach, shift } from './nodes.js';
import { readMore } from './ops.js';
import { Patch } from './patch.js';

/**
 * @typedef {import('./ops.js').Sink} Sink
 * @typedef {import('./live.js').Entry} Entry
 * @typedef {import('./nodes.js').WireNode} WireNode
 * @typedef {{up: Entry | null, at: Node | null, next: Node | null}} Gap where a node stands, or stood
 * @typedef {{parent: number, before: number, up: Entry | null, at: Node, rows: DocumentFragment, next: Node | null, made: Entry[], fresh: Entry[]}} Coming
 */

/** @implements {Sink} */
export class Burst extends Patch {
  /** Where the root was when it went. @type {Gap | null} */
  #mount = null;
  /** Nodes that come to one place, one after another. @type {Coming | null} */
  #coming = null;
  /** Subtrees that are still in the document. @type {Entry[]} */
  #going = [];
  /** Elements that go by a transition. @type {Element[]} */
  #leaving = [];
  /** What is around the element that had the focus and went. @type {any} */
  #around = null;

  commit() {
    super.commit();
    for (const element of this.#leaving) leave(element);
    // Whoever uses a keyboard goes on where it was, not at the top of the page.
    if (this.#around && document.activeElement === document.body) this.#around.closest?.('[tabindex]')?.focus({ preventScroll: true });
  }

  /** @param {number} op @param {import('./codec.js').Reader} r */
  more(op, r) {
    readMore(op, r, this);
  }

  /** @param {number} hid */
  find(hid) {
    this.#settle();
    return super.find(hid);
  }

  /** @param {number} hid */
  text(hid) {
    return this.live.nodes.text?.(hid) ?? super.text(hid);
  }

  /** @param {number} [count] */
  check(count) {
    this.#settle();
    super.check(count);
  }

  /** @param {number} hid */
  remove(hid) {
    this.#arrive();
    if (!this.live.nodes.has(hid)) return;
    const entry = super.find(hid);
    if (entry.up) this.#free(entry);
    else this.#detach(entry);
  }

  /** @param {number} parent @param {number} before @param {WireNode} wire */
  insert(parent, before, wire) {
    const { live, writes } = this;
    const again = live.nodes.has(wire.hid);
    if (again || !parent || this.#coming?.parent !== parent || this.#coming.before !== before) {
      this.#settle();
      this.#coming = this.#expect(again ? 0 : parent, before, this.#gapFor(parent, before, wire.hid));
    }
    const { up, at, rows, made, fresh } = this.#coming;
    made.push(build(live, wire, up, at, null, writes, fresh, rows));
  }

  /** @param {number} hid @param {number} parent @param {number} before */
  move(hid, parent, before) {
    const entry = this.find(hid);
    if (!parent && !before && !entry.up) return;
    if (before === hid || !parent) throw new Error(`${hid} cannot go there`);
    const to = this.#gapIn(parent, before);
    for (let { up } = to; up; up = up.up) if (up === entry) throw new Error(`move of ${hid} into itself`);
    const from = gap(entry);
    this.steps.push(() => this.#put(entry, from));
    this.#put(entry, to);
  }

  /** @param {Entry} entry @param {Gap} gap */
  #put(entry, { up, at, next }) {
    this.#unlink(entry);
    if (at) shift(entry, at, next);
    this.live.link(entry, up);
  }

  /** Where a new node goes; what it replaces leaves. @param {number} parent @param {number} before @param {number} hid @returns {Gap} */
  #gapFor(parent, before, hid) {
    const { nodes, root } = this.live;
    const old = nodes.get(hid);
    if (!old && parent) return this.#gapIn(parent, before);
    if (!old && before) throw new Error('the mount point has one child');
    const gone = old ?? root;
    return gone ? this.#detach(gone) : (this.#mount ?? { up: null, at: null, next: null });
  }

  /** @param {number} parent @param {number} before @returns {Gap} */
  #gapIn(parent, before) {
    const up = this.element(parent);
    if (before) {
      const sibling = this.find(before);
      const { node, at } = sibling;
      if (sibling.up !== up) throw new Error(`${before} is not a child of ${parent}`);
      // A parser may have put the sibling one element deeper; there it goes on.
      if (node.parentNode && node.parentNode === at) return { up, at, next: node };
    }
    return { up, at: inside(up.node), next: null };
  }

  /** What is on its way goes where it belongs. */
  #settle() {
    if (this.#coming) this.#arrive();
    if (this.#going.length) this.#depart();
  }

  /** @param {number} parent @param {number} before @param {Gap} gap @returns {Coming} */
  #expect(parent, before, { up, at, next }) {
    if (!at) throw new Error('the place is gone');
    const rows = new DocumentFragment();
    /** @type {Entry[]} */
    const made = [];
    /** @type {Entry[]} */
    const fresh = [];
    this.steps.push(() => {
      const gone = new Set(fresh);
      for (const each of gone) {
        this.live.nodes.delete(each.hid);
        for (let { kid } = each; kid; kid = kid.next) gone.add(kid);
      }
      for (const entry of made) {
        detach(entry);
        this.#unlink(entry);
      }
    });
    return { parent, before, up, at, next, rows, made, fresh };
  }

  #arrive() {
    const coming = this.#coming;
    this.#coming = null;
    coming?.at.insertBefore(coming.rows, coming.next);
  }

  #depart() {
    const { at, leaving } = depart(this.#going.splice(0), this.steps);
    this.#around ??= at;
    this.#leaving.push(...leaving);
  }

  /** A subtree leaves the map and the document. @param {Entry} entry */
  #detach(entry) {
    const from = gap(entry);
    if (!entry.up) this.#mount = from;
    this.#free(entry);
    this.#settle();
    return from;
  }

  /** A subtree leaves the map, and soon the document. @param {Entry} entry */
  #free(entry) {
    const { live } = this;
    const { up } = entry;
    const gone = [entry];
    for (const each of gone) {
      live.nodes.delete(each.hid);
      for (let { kid } = each; kid; kid = kid.next) gone.push(kid);
    }
    this.#unlink(entry);
    this.#going.push(entry);
    this.steps.push(() => {
      live.link(entry, up);
      for (const each of gone) live.nodes.set(each.hid, each);
    });
  }

  /** @param {Entry} entry */
  #unlink(entry) {
    const { up, prev, next } = entry;
    if (prev) prev.next = next;
    else if (up) up.kid = next;
    else this.live.root = null;
    if (next) next.prev = prev;
    entry.up = entry.prev = entry.next = null;
  }
}

/** @param {Entry} entry @returns {Gap} */
function gap({ up, node, end }) {
  const at = node.parentNode;
  return { up, at, next: (end.parentNode === at ? end : node).nextSibling };
}
