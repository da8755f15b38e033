// The ops that change a node (PROTOCOL 1.5, 1.6).
//
// Ops of structure are done at once and leave behind how to take them back; texts and properties wait until it holds.
// A `Patch` knows the ops that change a node, a `Burst` also those that make, move and remove one.

import { ELEMENT, TEXT } from './live.js';

/**
 * @typedef {import('./codec.js').Reader} Reader
 * @typedef {import('./live.js').Live} Live
 * @typedef {Map<any, Map<string, string | null>>} Writes what a burst says of properties, the newest of each, to be done once the document stands
 */

/**
 * What receives the ops of a burst, in their order; `more` reads those that it knows beyond these.
 * @typedef {object} Sink
 * @property {(hid: number, text: string) => void} setText
 * @property {(hid: number, name: string, value: string) => void} setAttr
 * @property {(hid: number, bits: number) => void} setEvents
 * @property {(op: number, r: Reader) => void} more
 */

/** The op of a text. */
export const SET_TEXT = 1;
const EVENT_BITS = 2 ** 31 - 1;
const REFUSED = /^on|^data-(hid|ev)$|^\.(?!(value|checked|selected|open|muted|indeterminate)$)|^$|[\s"'<>/=\0\x7f]/i;
const XLINK = 'http://www.w3.org/1999/xlink';

/** @param {Reader} r */
export function attrName(r) {
  const name = r.str();
  if (REFUSED.test(name)) r.fail('attribute name');
  return name;
}

/** @param {Reader} r */
export const eventBits = (r) => r.uv(EVENT_BITS);

/**
 * Hand every op of a burst to `sink`.
 * @param {Reader} r @param {Sink} sink
 */
export function readOps(r, sink) {
  while (r.left) {
    const op = r.u8();
    if (op === SET_TEXT) sink.setText(r.hid(), r.str());
    else if (op === 2) sink.setAttr(r.hid(), attrName(r), r.str());
    else if (op === 5) sink.setEvents(r.hid(), eventBits(r));
    else sink.more(op, r);
  }
}

/** @param {Element} element @param {string} name @param {string | null} value null takes it away @param {Live} [live] */
export function setAttr(element, name, value, live) {
  if (name === 'data-on') live?.said.push(element);
  if (value === null) element.removeAttribute(name);
  // A policy without 'unsafe-inline' blocks the attribute, not the object behind it.
  else if (name === 'style' && 'style' in element) /** @type {HTMLElement} */ (element).style.cssText = value;
  else if (name.startsWith('xlink:')) element.setAttributeNS(XLINK, name, value);
  else element.setAttribute(name, value);
}

/** @param {Writes} writes @param {Element} element @param {string} name @param {string | null} value */
export function note(writes, element, name, value) {
  writes.set(element, (writes.get(element) ?? new Map()).set(name, value));
}

/** @implements {Sink} */
export class Patch {
  /** @type {Writes} */
  writes = new Map();
  /** Elements that something else has rearranged, to be fetched again; 0 is everything. @type {Set<number>} */
  strays = new Set();
  /** What is to be done once it has held. @type {import('./nodes.js').Effect[]} */
  effects = [];
  /** Text nodes and what they are to say: node, text, node, text. @type {any[]} */
  #texts = [];
  /** How to take back what was done. @type {(() => void)[]} */
  steps = [];

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
    for (const step of this.steps.reverse()) step();
  }

  /** It has held: write the texts. */
  commit() {
    for (let n = 0, texts = this.#texts; n < texts.length; n += 2) texts[n].data = texts[n + 1];
  }

  /** @param {number} hid @param {string} text */
  setText(hid, text) {
    this.#texts.push(this.text(hid), text);
  }

  /** A live text node. @param {number} hid */
  text(hid) {
    const { kind, node } = this.find(hid);
    if (kind !== TEXT) throw new Error(`${hid} is not a text`);
    return node;
  }

  /** @param {number} hid @param {string} name @param {string | null} value null takes it away */
  setAttr(hid, name, value) {
    const element = this.element(hid).node;
    if (name[0] === '.') note(this.writes, element, name, value);
    else {
      const old = element.getAttribute(name);
      if (old === value) return;
      this.steps.push(() => setAttr(element, name, old));
      setAttr(element, name, value, this.live);
    }
  }

  /** @param {number} hid @param {number} bits */
  setEvents(hid, bits) {
    const entry = this.element(hid);
    const old = entry.bits;
    this.steps.push(() => (entry.bits = old));
    entry.bits = bits;
    this.live.listen(entry);
  }

  /** @param {number} op @param {Reader} r */
  more(op, r) {
    throw new Error(`op ${op} at byte ${r.pos} comes too early`);
  }

  /** A live node; if it is not where the client put it, its nearest element is asked for. @param {number} hid */
  find(hid) {
    const entry = this.live.nodes.get(hid);
    if (!entry) throw new Error(`unknown hid ${hid}`);
    if (entry.node.parentNode !== entry.at) {
      let { up } = entry;
      while (up && up.node.parentNode !== up.at) up = up.up;
      this.strays.add(up?.hid ?? 0);
    }
    return entry;
  }

  /** @param {number} hid */
  element(hid) {
    const entry = this.find(hid);
    if (entry.kind !== ELEMENT) throw new Error(`${hid} is not an element`);
    return entry;
  }
}
