// What must be true of a page, looked at from within.

import { ELEMENT, TEXT, inside } from './client.js';

/**
 * How a document differs from the tree of its session.
 * @param {import('./page.js').Page} page @param {any} tree the root @param {Map<any, string>} typed what may stand in a field
 * @returns {string[]}
 */
export function differences({ view }, tree, typed) {
  const { live } = view;
  /** @type {string[]} */
  const found = [];
  const same = (/** @type {string} */ what, /** @type {any} */ is, /** @type {any} */ should) => {
    if (is !== should) found.push(`${what}: ${JSON.stringify(is)} instead of ${JSON.stringify(should)}`);
  };
  let count = 0;
  /** @param {any} wire @param {any} node */
  const walk = (wire, node) => {
    count++;
    const where = `${wire.tag || 'text'} ${wire.hid}`;
    const entry = live.nodes.get(wire.hid);
    if (!entry) return found.push(`${where} is missing`);
    if (entry.node !== node) return found.push(`${where} is not where it should be`);
    same(`${where} kind`, entry.kind, wire.kind);
    if (wire.kind === TEXT) return same(where, node.data, wire.text);
    if (wire.kind !== ELEMENT) return;
    same(`${where} events`, entry.bits, wire.bits);
    same(`${where} tag`, node.localName, wire.tag);
    const wanted = new Map();
    for (let n = 0; n < wire.attrs.length; n += 2) wanted.set(wire.attrs[n], wire.attrs[n + 1]);
    for (const [name, value] of wanted) {
      if (name !== '.value') same(`${name} of ${where}`, node.getAttribute(name), value);
      else if (typed.get(node) !== node.value) same(`value of ${where}`, node.value, value);
    }
    for (const { name } of node.attributes) {
      if (!/^data-(hid|ev)$/.test(name) && !wanted.has(name) && !wanted.has(`.${name}`)) found.push(`${name} of ${where} is too much`);
    }
    let child = inside(node).firstChild;
    for (const like of wire.children) {
      walk(like, child);
      const last = live.nodes.get(like.hid)?.end ?? child;
      child = last?.nextSibling;
    }
    if (child) found.push(`${where} has more than its children`);
  };
  walk(tree, live.root?.node);
  same('nodes', live.nodes.size, count);
  return found;
}

/** Sees to it that within one epoch of one session no hid comes back, or names another node. */
export class Hids {
  #epoch = '';
  /** What a hid was given to. @type {Map<number, string>} */
  #given = new Map();
  /** @type {Set<number>} */
  #gone = new Set();

  /** The hids that were reused. @param {import('./page.js').Page} page @returns {number[]} */
  reused({ machine, view }) {
    const { nodes } = view.live;
    const epoch = `${machine.session} ${machine.epoch}`;
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#given.clear();
      this.#gone.clear();
    }
    const found = [];
    for (const { hid, kind, node } of nodes.values()) {
      const name = `${kind} ${node.localName ?? ''} ${node.getAttribute?.('data-name') ?? ''}`;
      const before = this.#given.get(hid);
      if (before === undefined) this.#given.set(hid, name);
      else if (before !== name || this.#gone.has(hid)) found.push(hid);
    }
    for (const hid of this.#given.keys()) if (!nodes.has(hid)) this.#gone.add(hid);
    return found;
  }
}
