// Subtrees that are alike: one is an example, the others say what is other (PROTOCOL 1.12).

import { RAW, TEXT } from './live.js';

/**
 * `holes` counts attributes and texts; `model` is a copy of its DOM for parents of namespace `space`.
 * @typedef {import('./nodes.js').WireNode} WireNode
 * @typedef {{node: WireNode, count: number, depth: number, holes: number, space?: string, model?: Node}} Example
 */

export const INSTANCE = 2;
export const EXAMPLE = 5;
const MAX_NODES = 64;
/** Deepest nesting of what travels. */
export const MAX_DEPTH = 256;

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
  const example = { node, count: 0, depth: 0, holes: 0 };
  /** @param {WireNode} node @param {number} depth */
  const measure = ({ kind, hid, attrs, children }, depth) => {
    if (kind === RAW || hid !== node.hid + example.count++) r.fail('no example');
    example.depth = Math.max(example.depth, depth);
    example.holes += kind === TEXT ? 1 : attrs.length / 2;
    for (const child of children) measure(child, depth + 1);
  };
  measure(node, 0);
  if (example.count > MAX_NODES) r.fail('example of too many nodes');
  return example;
}

/** @param {import('./codec.js').Reader} r @param {Example[]} examples @param {number} depth where it stands */
export function readInstance(r, examples, depth) {
  const hid = r.hid();
  const example = examples[r.uv()] ?? r.fail('instance without its example');
  if (depth + example.depth > MAX_DEPTH) r.fail('nested too deep');
  if (hid + example.count > 2 ** 32) r.fail('hids used up');
  /** @type {string[]} */
  const values = [];
  for (let n = r.count(), last = -1; n; n--) {
    const hole = r.uv(example.holes - 1);
    if (hole <= last) r.fail('holes not ascending');
    values[(last = hole)] = r.str();
  }
  return new Instance(hid, example, values);
}

/** A node as it travels, written out when somebody looks. @implements {WireNode} */
export class Instance {
  /** @type {WireNode | undefined} */
  #whole;

  /** @param {number} hid @param {Example} example @param {string[]} values what fills its holes, by their numbers */
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
      attrs: like.attrs.map((said, n) => (n % 2 ? (values[hole++] ?? said) : said)),
      text: like.kind === TEXT ? (values[hole++] ?? like.text) : '',
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
