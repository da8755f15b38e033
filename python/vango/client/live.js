// The map from hids to the nodes of the document, and how nodes get into both.
//
// Invariants: `nodes.size` is the count of live hids; an entry knows its children by itself, so freeing a
// subtree needs no look at the DOM, which translators and extensions may have rearranged.

import { ELEMENT, TEXT } from './ops.js';

/**
 * @typedef {import('./ops.js').WireNode} WireNode
 * @typedef {{element: Element, name: string, value: string | null}} Write a property, set once the document stands
 */

/** The kinds that are observed, not listened to: resize, in-view, out-of-view. */
export const OBSERVED = (1 << 18) | (1 << 29) | (1 << 30);

const ENTRY = Symbol('vango');
const HTML = 'http://www.w3.org/1999/xhtml';
const XLINK = 'http://www.w3.org/1999/xlink';
const SVG = 'http://www.w3.org/2000/svg';
const MATHML = 'http://www.w3.org/1998/Math/MathML';

/** A live node: where it is in the tree of the server (`up`) and in the document (`at`). */
export class Entry {
  /** @type {Entry | null} */
  up = null;
  /** @type {Node | null} */
  at = null;
  /** The first child, in no order, and its siblings. @type {Entry | null} */
  kid = null;
  /** @type {Entry | null} */
  prev = null;
  /** @type {Entry | null} */
  next = null;

  /**
   * @param {number} hid
   * @param {number} kind ELEMENT, TEXT or RAW
   * @param {any} node of raw HTML the comment in front
   * @param {Node} end the comment behind it
   */
  constructor(hid, kind, node, bits = 0, end = node) {
    this.hid = hid;
    this.kind = kind;
    this.node = node;
    this.bits = bits;
    this.end = end;
    node[ENTRY] = this;
  }

  /** The DOM nodes, several for raw HTML. @returns {ChildNode[]} */
  get span() {
    const { node, end } = this;
    const nodes = [node];
    for (let next = node; next !== end && next.nextSibling; ) nodes.push((next = next.nextSibling));
    return node.parentNode === end.parentNode ? nodes : [node, end];
  }
}

/** Where the children of an element are kept. @param {Node} node @returns {Node} */
export const inside = (node) => (node instanceof HTMLTemplateElement ? node.content : node);

/** The namespace of a child: that of its DOM parent, unless its own tag enters another. @param {string} tag @param {any} parent */
function namespace(tag, { namespaceURI, localName }) {
  if (tag === 'svg') return SVG;
  if (tag === 'math') return MATHML;
  return (localName !== 'foreignObject' && namespaceURI) || HTML;
}

/** The content of raw HTML; its scripts do not run. @param {string} html @param {Node} parent */
export function parseRaw(html, parent) {
  const template = document.createElement('template');
  const space = namespace('', parent);
  const context = space === HTML ? template : document.createElementNS(space, space === SVG ? 'svg' : 'math');
  context.innerHTML = html;
  template.content.append(...context.childNodes);
  return document.importNode(template.content, true);
}

/** @param {Element} element @param {string} name @param {string | null} value null takes it away */
export function setAttr(element, name, value) {
  if (value === null) element.removeAttribute(name);
  // A policy without 'unsafe-inline' blocks the attribute, not the object behind it.
  else if (name === 'style' && 'style' in element) /** @type {HTMLElement} */ (element).style.cssText = value;
  else if (name.startsWith('xlink:')) element.setAttributeNS(XLINK, name, value);
  else element.setAttribute(name, value);
}

export class Live {
  /** @type {Map<number, Entry>} */
  nodes = new Map();
  /** @type {Entry | null} */
  root = null;
  /** Event kinds that some node has listened to, as bits. */
  listening = 0;
  /** Nodes whose size or view somebody has asked for since this was last emptied. @type {Entry[]} */
  watched = [];

  /** The entry of a DOM node, if it is live. @param {any} node @returns {Entry | undefined} */
  entryOf(node) {
    const entry = node[ENTRY];
    return entry && this.nodes.get(entry.hid) === entry ? entry : undefined;
  }

  /**
   * Make a subtree, hung under `up` and put into `parent` in front of `before`, but not yet live.
   * @param {WireNode} wire
   * @param {Entry | null} up
   * @param {Node} parent
   * @param {Node | null} before
   * @param {Entry[]} fresh takes every new entry
   * @param {Write[]} writes takes the properties, those of children first
   */
  build(wire, up, parent, before, fresh, writes) {
    const { kind, hid, tag, bits, attrs, text } = wire;
    let entry;
    if (kind === TEXT) {
      entry = new Entry(hid, kind, new Text(text));
    } else if (kind === ELEMENT) {
      const element = document.createElementNS(namespace(tag, parent), tag);
      entry = new Entry(hid, kind, element, bits);
      fresh.push(entry);
      for (const child of wire.children) this.build(child, entry, inside(element), null, fresh, writes);
      for (let n = 0; n < attrs.length; n += 2) {
        if (attrs[n][0] === '.') writes.push({ element, name: attrs[n], value: attrs[n + 1] });
        else setAttr(element, attrs[n], attrs[n + 1]);
      }
    } else {
      const end = new Comment(`]${hid}`);
      entry = new Entry(hid, kind, new Comment(`${hid}[`), 0, end);
      parent.insertBefore(entry.node, before);
      parent.insertBefore(parseRaw(text, parent), before);
    }
    if (kind !== ELEMENT) fresh.push(entry);
    parent.insertBefore(entry.end, before);
    this.link(entry, up);
    return entry;
  }

  /** All or none become live. @param {Entry[]} entries */
  register(entries) {
    entries.forEach((entry, n) => {
      if (this.nodes.has(entry.hid)) {
        for (const done of entries.slice(0, n)) this.nodes.delete(done.hid);
        throw new Error(`hid ${entry.hid} twice`);
      }
      this.nodes.set(entry.hid, entry);
      if (entry.bits) this.listen(entry);
    });
  }

  /** The event bits of a node are new. @param {Entry} entry */
  listen(entry) {
    this.listening |= entry.bits;
    if (entry.bits & OBSERVED) this.watched.push(entry);
  }

  /** Hang an entry, already in the document, under its parent. @param {Entry} entry @param {Entry | null} up */
  link(entry, up) {
    entry.up = up;
    entry.at = entry.node.parentNode;
    if (!up) this.root = entry;
    else {
      if ((entry.next = up.kid)) up.kid.prev = entry;
      up.kid = entry;
    }
  }

  /** @param {Entry} entry */
  unlink(entry) {
    const { up, prev, next } = entry;
    if (prev) prev.next = next;
    else if (up) up.kid = next;
    else this.root = null;
    if (next) next.prev = prev;
    entry.up = entry.prev = entry.next = null;
  }

  /** Take a subtree out of the map; what left, parents first. @param {Entry} entry */
  free(entry) {
    const gone = [entry];
    for (const each of gone) {
      this.nodes.delete(each.hid);
      for (let kid = each.kid; kid; kid = kid.next) gone.push(kid);
    }
    return gone;
  }
}
