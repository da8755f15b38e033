// Instances of an example, made as copies of what was made for it (PROTOCOL 1.12).

import { OWN } from './examples.js';
import { Entry, TEXT, inside } from './live.js';
import { note, setAttr } from './patch.js';

/**
 * @typedef {import('./examples.js').Example} Example
 * @typedef {import('./nodes.js').WireNode} WireNode
 */

export const HTML = 'http://www.w3.org/1999/xhtml';
export const SVG = 'http://www.w3.org/2000/svg';
const MATHML = 'http://www.w3.org/1998/Math/MathML';

/**
 * Make an instance that stands nowhere yet; what is below it gets entries when somebody asks for them.
 * @param {import('./live.js').Live} live
 * @param {import('./examples.js').Instance} wire
 * @param {Node} parent where it will stand
 * @param {import('./patch.js').Writes} writes takes the properties, those of children first
 * @param {Entry[]} fresh takes its entry
 */
export function copy(live, { hid, example, values }, parent, writes, fresh) {
  const { node, parts, holes } = example;
  const space = namespace(node.tag, parent);
  if (example.space !== space) Object.assign(example, { space, model: model(node, parent) });
  const root = /** @type {Node} */ (example.model).cloneNode(true);
  const nodes = nodesOf(root, example);
  for (const [hole, value] of values) {
    const { part, name } = holes[hole];
    if (!name) nodes[part].data = value;
    else if (name[0] !== '.') setAttr(nodes[part], name, value);
  }
  for (const hole of example.own) {
    const { part, name, value } = holes[hole];
    if (!values.has(hole)) setAttr(nodes[part], name, value);
  }
  for (const hole of example.properties) {
    const { part, name, value } = holes[hole];
    note(writes, nodes[part], name, values.get(hole) ?? value);
  }
  const entry = new Entry(hid, parts[0].kind, root, parts[0].bits);
  for (let n = hid + parts.length; --n > hid; ) if (live.nodes.has(n)) throw new Error(`hid ${n} twice`);
  entry.below = { nodes: nodes.slice(1), parts };
  live.add(entry);
  fresh.push(entry);
  live.listening |= example.bits;
  for (const part of example.said) live.said.push(nodes[part]);
  for (const part of example.observed) if (part) live.listen(/** @type {Entry} */ (live.nodes.get(hid + part)));
  return entry;
}

/** The nodes of a copy, in the order of their hids. @param {any} root @param {Example} example */
function nodesOf(root, { parts }) {
  const nodes = [root];
  for (let n = 1; n < parts.length; n++) {
    const { up, after } = parts[n];
    if (after) nodes.push(nodes[after].nextSibling);
    else nodes.push((parts[up].tag === 'template' ? inside(nodes[up]) : nodes[up]).firstChild);
  }
  return nodes;
}

/** The DOM of an example, not live. @param {WireNode} wire @param {Node} parent @returns {Node} */
function model({ kind, tag, attrs, children, text }, parent) {
  if (kind === TEXT) return new Text(text);
  const node = document.createElementNS(namespace(tag, parent), tag);
  for (const child of children) inside(node).appendChild(model(child, inside(node)));
  for (let n = 0; n < attrs.length; n += 2) {
    if (attrs[n][0] !== '.' && !OWN.test(attrs[n])) setAttr(node, attrs[n], attrs[n + 1]);
  }
  return node;
}

/** The namespace of a child: that of its DOM parent, unless its own tag enters another. @param {string} tag @param {any} parent */
export function namespace(tag, { namespaceURI, localName }) {
  if (tag === 'svg') return SVG;
  if (tag === 'math') return MATHML;
  return (localName !== 'foreignObject' && namespaceURI) || HTML;
}
