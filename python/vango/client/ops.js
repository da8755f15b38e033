// Nodes and the ops of a burst (PROTOCOL 1.4, 1.5), decoded.

import { Reader } from './codec.js';

/**
 * A subtree as it travels; `attrs` is name, value, name, value.
 * @typedef {{kind: number, hid: number, tag: string, bits: number, attrs: string[], children: WireNode[], text: string}} WireNode
 */

/**
 * What receives the ops of a burst, in their order.
 * @typedef {object} Sink
 * @property {(hid: number, text: string) => void} setText
 * @property {(hid: number, name: string, value: string) => void} setAttr
 * @property {(hid: number) => void} remove
 * @property {(parent: number, before: number, node: WireNode) => void} insert
 * @property {(hid: number, bits: number) => void} setEvents
 * @property {(hid: number, name: string) => void} removeAttr
 * @property {(hid: number, parent: number, before: number) => void} move
 */

export const ELEMENT = 1;
export const TEXT = 3;
export const RAW = 4;

const MAX_DEPTH = 256;
const MAX_ATTRS = 256;
const MAX_CHILDREN = 100_000;
const EVENT_BITS = 2 ** 31 - 1;
const REFUSED = /^on|^data-hid$|^\.(?!(value|checked|selected|open|muted|indeterminate)$)|^$|[\s"'<>/=\0\x7f]/i;

/** @param {Reader} r */
function attrName(r) {
  const name = r.str();
  if (REFUSED.test(name)) r.fail('attribute name');
  return name;
}

/** @param {Reader} r @returns {WireNode} */
export function readNode(r, depth = 1) {
  if (depth > MAX_DEPTH) r.fail('nested too deep');
  /** @type {WireNode} */
  const node = { kind: r.u8(), hid: r.hid(), tag: '', bits: 0, attrs: [], children: [], text: '' };
  if (node.kind !== ELEMENT) {
    if (node.kind !== TEXT && node.kind !== RAW) r.fail('unknown node');
    node.text = r.str();
    return node;
  }
  node.tag = r.str();
  if (!/^(?!script$)[a-z][\w.:-]*$/i.test(node.tag)) r.fail('tag');
  node.bits = r.uv(EVENT_BITS);
  for (let n = r.count(MAX_ATTRS), last = ''; n; n--) {
    const name = attrName(r);
    if (name <= last) r.fail('attributes not ascending');
    node.attrs.push((last = name), r.str());
  }
  for (let n = r.count(MAX_CHILDREN); n; n--) node.children.push(readNode(r, depth + 1));
  return node;
}

/** Ops that are skipped may follow a snapshot. @param {Reader} r */
export function readSnapshot(r) {
  const node = readNode(r);
  while (r.left) readExtension(r.u8(), r);
  return node;
}

/**
 * Hand every op of a burst to `sink`.
 * @param {Reader} r @param {Sink} sink
 */
export function readOps(r, sink) {
  while (r.left) {
    const op = r.u8();
    if (op === 1) sink.setText(r.hid(), r.str());
    else if (op === 2) sink.setAttr(r.hid(), attrName(r), r.str());
    else if (op === 3) sink.remove(r.hid());
    else if (op === 4) sink.insert(r.hid(0), r.hid(0), readNode(r));
    else if (op === 5) sink.setEvents(r.hid(), r.uv(EVENT_BITS));
    else readExtension(op, r, sink);
  }
}

/** @param {number} op @param {Reader} r @param {Sink} [sink] */
function readExtension(op, r, sink) {
  if (op < 0x10 || op > 0x3f || (op < 0x20 && !sink)) r.fail('unknown op');
  const inner = new Reader(r.take(r.uv()));
  if (op > 0x1f) return;
  if (op === 0x10) sink?.removeAttr(inner.hid(), attrName(inner));
  else if (op === 0x11) sink?.move(inner.hid(), inner.hid(0), inner.hid(0));
  else r.fail('op must be understood');
  if (inner.left) r.fail('bytes left over');
}
