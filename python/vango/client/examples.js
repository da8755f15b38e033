// Subtrees that are alike: one is an example, the others say what is other (PROTOCOL 1.12).

import { MAX_COPY } from './entries.js';
import { OBSERVED, RAW, TEXT } from './live.js';

/**
 * A text, or an attribute by its name, that instances may have otherwise, and of which part it is.
 * @typedef {{part: number, name: string, value: string}} Hole
 *
 * `parts` are its nodes in the order of their hids; `after` is the sibling in front, 0 if there is none. `bits`
 * are the events of all parts, `observed` and `said` those parts of which others want to know.
 * `own` and `properties` are holes that each copy is told by itself, properties of children first.
 * `model` is a copy of its DOM for parents of namespace `space`.
 * @typedef {import('./nodes.js').WireNode} WireNode
 * @typedef {import('./entries.js').Part & {after: number, tag: string}} Part
 * @typedef {{node: WireNode, depth: number, bits: number, parts: Part[], holes: Hole[], observed: number[], said: number[],
 *   own: number[], properties: number[], space?: string, model?: Node}} Example
 */

export const INSTANCE = 2;
export const EXAMPLE = 5;
/** Deepest nesting of what travels. */
export const MAX_DEPTH = 256;
/** What a copy must not take from its model: policies block the one, the others load something. */
export const OWN = /^(style|src|srcset|poster|data)$/;

/** Those of a burst, which has a reader of its own. @type {WeakMap<import('./codec.js').Reader, Example[]>} */
const known = new WeakMap();

/** @param {import('./codec.js').Reader} r */
export function examplesOf(r) {
  const examples = known.get(r) ?? [];
  known.set(r, examples);
  return examples;
}

/** @param {import('./codec.js').Reader} r @param {WireNode} node @returns {Example} */
export function learn(r, node) {
  /** @type {Example} */
  const example = { node, depth: 0, bits: 0, parts: [], holes: [], observed: [], said: [], own: [], properties: [] };
  const { parts, holes, observed, said, own, properties } = example;
  /** @param {WireNode} node @param {number} depth @param {number} up @param {number} after @returns {number} */
  const measure = ({ kind, hid, tag, bits, attrs, children, text }, depth, up, after) => {
    const part = parts.push({ kind, bits, up, after, tag }) - 1;
    if (kind === RAW || hid !== node.hid + part) r.fail('no example');
    example.depth = Math.max(example.depth, depth);
    example.bits |= bits;
    if (bits & OBSERVED) observed.push(part);
    if (kind === TEXT) holes.push({ part, name: '', value: text });
    const props = [];
    for (let n = 0; n < attrs.length; n += 2) {
      const [name, value] = [attrs[n], attrs[n + 1]];
      const hole = holes.push({ part, name, value }) - 1;
      if (name[0] === '.') props.push(hole);
      else if (OWN.test(name)) own.push(hole);
      else if (name === 'data-on') said.push(part);
    }
    children.reduce((before, child) => measure(child, depth + 1, part, before), 0);
    properties.push(...props);
    return part;
  };
  measure(node, 0, 0, 0);
  if (parts.length > MAX_COPY) r.fail('example of too many nodes');
  return example;
}

/** @param {import('./codec.js').Reader} r @param {Example[]} examples @param {number} depth where it stands */
export function readInstance(r, examples, depth) {
  const hid = r.hid();
  const example = examples[r.uv()] ?? r.fail('instance without its example');
  if (depth + example.depth > MAX_DEPTH) r.fail('nested too deep');
  if (hid + example.parts.length > 2 ** 32) r.fail('hids used up');
  /** @type {Map<number, string>} */
  const values = new Map();
  const most = example.holes.length - 1;
  for (let n = r.count(), last = -1; n; n--) {
    const hole = r.uv(most);
    if (hole <= last) r.fail('holes not ascending');
    values.set((last = hole), r.str());
  }
  return new Instance(hid, example, values);
}

/** A node as it travels, written out when somebody looks. @implements {WireNode} */
export class Instance {
  /** @type {WireNode | undefined} */
  #whole;

  /** @param {number} hid @param {Example} example @param {Map<number, string>} values what fills its holes, by their numbers */
  constructor(hid, example, values) {
    this.hid = hid;
    this.example = example;
    this.values = values;
    const { kind, tag, bits } = example.node;
    this.kind = kind;
    this.tag = tag;
    this.bits = bits;
  }

  get #written() {
    let { hid, values } = this;
    let hole = 0;
    /** @param {WireNode} like @returns {WireNode} */
    const write = (like) => ({
      ...like,
      hid: hid++,
      attrs: like.attrs.map((said, n) => (n % 2 ? (values.get(hole++) ?? said) : said)),
      text: like.kind === TEXT ? (values.get(hole++) ?? like.text) : '',
      children: like.children.map(write),
    });
    return (this.#whole ??= write(this.example.node));
  }

  get attrs() {
    return this.#written.attrs;
  }

  get children() {
    return this.#written.children;
  }

  get text() {
    return this.#written.text;
  }
}
