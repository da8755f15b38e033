// The ops of a burst that make, move and remove nodes (PROTOCOL 1.5, 1.6).

import { Reader } from './codec.js';
import { leave, leaves } from './exit.js';
import { inside } from './live.js';
import { build, detach, readEffect, readNode, shift, span } from './nodes.js';
import { Patch, attrName } from './view.js';

/**
 * @typedef {import('./live.js').Entry} Entry
 * @typedef {import('./nodes.js').WireNode} WireNode
 * @typedef {{up: Entry | null, at: Node | null, next: Node | null}} Gap where a node stands, or stood
 */

/**
 * What receives these ops; `effects` takes what is to be done when the burst has held.
 * @typedef {object} Sink
 * @property {import('./nodes.js').Effect[]} effects
 * @property {(hid: number) => void} remove
 * @property {(parent: number, before: number, node: WireNode) => void} insert
 * @property {(hid: number, name: string, value: null) => void} setAttr
 * @property {(hid: number, parent: number, before: number) => void} move
 */

/** @param {number} op @param {Reader} r @param {Sink} sink */
export function readMore(op, r, sink) {
  if (op === 3) sink.remove(r.hid());
  else if (op === 4) sink.insert(r.hid(0), r.hid(0), readNode(r));
  else if (op === 0x10 || op === 0x11) {
    const inner = new Reader(r.take(r.uv()));
    if (op === 0x10) sink.setAttr(inner.hid(), attrName(inner), null);
    else sink.move(inner.hid(), inner.hid(0), inner.hid(0));
    if (inner.left) r.fail('bytes left over');
  } else readEffect(op, r, sink.effects);
}

/** @implements {Sink} */
export class Burst extends Patch {
  /** Where the root was when it went. @type {Gap | null} */
  #mount = null;
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

  /** @param {number} op @param {Reader} r */
  more(op, r) {
    readMore(op, r, this);
  }

  /** @param {number} hid */
  remove(hid) {
    if (this.live.nodes.has(hid)) this.#detach(this.find(hid));
  }

  /** @param {number} parent @param {number} before @param {WireNode} wire */
  insert(parent, before, wire) {
    const { live, writes, steps } = this;
    const { up, at, next } = this.#gapFor(parent, before, wire.hid);
    if (!at) throw new Error('the place is gone');
    /** @type {Entry[]} */
    const fresh = [];
    steps.push(() => fresh.forEach(({ hid }) => live.nodes.delete(hid)));
    const entry = build(live, wire, up, at, next, writes, fresh);
    steps.push(() => {
      detach(entry);
      this.#unlink(entry);
    });
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

  /** A subtree leaves the map and the document. @param {Entry} entry */
  #detach(entry) {
    const { nodes } = this.live;
    const from = gap(entry);
    const dom = span(entry);
    const gone = [entry];
    for (const each of gone) {
      nodes.delete(each.hid);
      for (let { kid } = each; kid; kid = kid.next) gone.push(kid);
    }
    if (!entry.up) this.#mount = from;
    this.#unlink(entry);
    if (dom.some((node) => node.contains(document.activeElement))) this.#around ??= from.at;
    const stays = leaves(entry.node);
    if (stays) this.#leaving.push(entry.node);
    else for (const node of dom) node.remove();
    this.steps.push(() => {
      if (!stays) for (const node of dom) from.at?.insertBefore(node, from.next);
      this.live.link(entry, from.up);
      for (const each of gone) nodes.set(each.hid, each);
    });
    return from;
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
