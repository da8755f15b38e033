// DOM from the nodes of the wire.

import { Entry, inside, place } from './live.js';
import { ELEMENT, TEXT } from './ops.js';

/**
 * @typedef {import('./live.js').Live} Live
 * @typedef {import('./ops.js').WireNode} WireNode
 */

/** A property to set once the document stands; null takes it away. @typedef {{element: Element, name: string, value: string | null}} Write */

const HTML = 'http://www.w3.org/1999/xhtml';
const XLINK = 'http://www.w3.org/1999/xlink';
/** @type {Record<string, string>} */
const ENTERED = { svg: 'http://www.w3.org/2000/svg', math: 'http://www.w3.org/1998/Math/MathML' };

/** The namespace of a child: that of its DOM parent, unless its own tag enters another. @param {string} tag @param {Node} parent */
export function namespace(tag, parent) {
  if (tag in ENTERED) return ENTERED[tag];
  const { namespaceURI, localName } = /** @type {Element} */ (parent);
  return namespaceURI && localName !== 'foreignObject' ? namespaceURI : HTML;
}

/** The content of raw HTML; its scripts do not run. @param {string} html @param {Node} parent */
export function parseRaw(html, parent) {
  const space = namespace('', parent);
  const template = document.createElement('template');
  if (space === HTML) {
    template.innerHTML = html;
  } else {
    const context = document.createElementNS(space, space === ENTERED.svg ? 'svg' : 'math');
    context.innerHTML = html;
    template.content.append(...context.childNodes);
  }
  return document.importNode(template.content, true);
}

/** @param {Element} element @param {string} name @param {string} value */
export function setAttr(element, name, value) {
  // A policy without 'unsafe-inline' blocks the attribute, not the object behind it.
  if (name === 'style' && 'style' in element) /** @type {HTMLElement} */ (element).style.cssText = value;
  else if (name.startsWith('xlink:')) element.setAttributeNS(XLINK, name, value);
  else element.setAttribute(name, value);
}

/**
 * Make a subtree and hang it under `parent`, in front of `before`; it is not in the map yet.
 * @param {Live} live @param {WireNode} wire
 * @param {Entry | null} up @param {Node} parent @param {Node | null} before
 * @param {Entry[]} fresh takes every new entry @param {Write[]} writes takes the properties, children first
 * @returns {Entry}
 */
export function build(live, wire, up, parent, before, fresh, writes) {
  const entry = make(wire, parent);
  fresh.push(entry);
  if (wire.kind === ELEMENT) {
    const inner = inside(entry.node);
    for (const child of wire.children) build(live, child, entry, inner, null, fresh, writes);
    const { attrs } = wire;
    for (let n = 0; n < attrs.length; n += 2) {
      if (attrs[n][0] === '.') writes.push({ element: entry.element, name: attrs[n], value: attrs[n + 1] });
      else setAttr(entry.element, attrs[n], attrs[n + 1]);
    }
  }
  place(entry, parent, before);
  live.link(entry, up);
  return entry;
}

/** @param {WireNode} wire @param {Node} parent */
function make(wire, parent) {
  const { kind, hid, tag, bits, text } = wire;
  if (kind === TEXT) return new Entry(hid, kind, document.createTextNode(text));
  if (kind === ELEMENT) {
    const space = namespace(tag, parent);
    const element = space === HTML ? document.createElement(tag) : document.createElementNS(space, tag);
    return new Entry(hid, kind, element, bits);
  }
  const unit = new DocumentFragment();
  unit.append(new Comment(`${hid}[`), parseRaw(text, parent), new Comment(`]${hid}`));
  return new Entry(hid, kind, /** @type {Node} */ (unit.firstChild), 0, /** @type {Node} */ (unit.lastChild));
}
