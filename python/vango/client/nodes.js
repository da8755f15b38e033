// Nodes as they travel (PROTOCOL 1.4), and how they get into the document.

import { Reader } from './codec.js';
import { HTML, SVG, copy, namespace } from './copies.js';
import { EXAMPLE, INSTANCE, Instance, MAX_DEPTH, examplesOf, learn, readInstance } from './examples.js';
import { ELEMENT, Entry, RAW, TEXT, inside } from './live.js';
import { attrName, eventBits, note, setAttr } from './patch.js';
import { parseInto } from './trusted.js';

/**
 * A subtree as it travels; `attrs` is name, value, name, value.
 * @typedef {{kind: number, hid: number, tag: string, bits: number, attrs: string[], children: WireNode[], text: string}} WireNode
 * @typedef {import('./live.js').Live} Live
 * @typedef {{op: number, mode?: number, path?: string, name?: string, json?: string, hid?: number, x?: number, y?: number}} Effect
 */

const MAX_ATTRS = 256;
const MAX_CHILDREN = 100_000;

/** @param {import('./codec.js').Reader} r @param {import('./examples.js').Example[] | null} examples none inside of one @returns {WireNode} */
export function readNode(r, depth = 1, examples = examplesOf(r)) {
  if (depth > MAX_DEPTH) r.fail('nested too deep');
  const kind = r.u8();
  if (examples && kind === INSTANCE) return readInstance(r, examples, depth);
  if (examples && kind === EXAMPLE) {
    const like = readNode(r, depth, null);
    examples.push(learn(r, like));
    return like;
  }
  /** @type {WireNode} */
  const node = { kind, hid: r.hid(), tag: '', bits: 0, attrs: [], children: [], text: '' };
  if (node.kind !== ELEMENT) {
    if (node.kind !== TEXT && node.kind !== RAW) r.fail('unknown node');
    node.text = r.str();
    return node;
  }
  node.tag = r.str();
  if (!/^(?!script$)[a-z][\w.:-]*$/i.test(node.tag)) r.fail('tag');
  node.bits = eventBits(r);
  for (let n = r.count(MAX_ATTRS), last = ''; n; n--) {
    const name = attrName(r);
    if (name <= last) r.fail('attributes not ascending');
    node.attrs.push((last = name), r.str());
  }
  for (let n = r.count(MAX_CHILDREN); n; n--) node.children.push(readNode(r, depth + 1, examples));
  return node;
}

/** Ops of one effect beside the document may follow. @param {import('./codec.js').Reader} r @param {Effect[]} effects takes them */
export function readSnapshot(r, effects = []) {
  const node = readNode(r);
  while (r.left) readEffect(r.u8(), r, effects);
  return node;
}

/** NAV, EMIT, FOCUS or SCROLL; another one of its range is skipped. @param {number} op @param {import('./codec.js').Reader} r @param {Effect[]} effects */
export function readEffect(op, r, effects) {
  if (op < 0x20 || op > 0x3f) r.fail('unknown op');
  const inner = new Reader(r.take(r.uv()));
  if (op === 0x20) effects.push({ op, mode: inner.u8(), path: inner.str() });
  else if (op === 0x21) effects.push({ op, name: inner.str(), json: inner.str() });
  else if (op === 0x22) effects.push({ op, hid: inner.hid() });
  else if (op === 0x23) effects.push({ op, hid: inner.hid(0), x: inner.sv(), y: inner.sv() });
}

/**
 * Make a subtree, hung under `up` and put into `parent` in front of `before`.
 * @param {Live} live
 * @param {WireNode} wire
 * @param {Entry | null} up
 * @param {Node} parent
 * @param {Node | null} before
 * @param {import('./patch.js').Writes} writes takes the properties, those of children first
 * @param {Entry[]} fresh takes every new entry
 * @param {Node} into what it is put into until it goes to `parent`
 */
export function build(live, wire, up, parent, before, writes, fresh = [], into = parent) {
  const entry = wire instanceof Instance ? copy(live, wire, parent, writes, fresh) : make(live, wire, parent, writes, fresh);
  const { node, end } = entry;
  into.insertBefore(node, before);
  if (end !== node) {
    into.insertBefore(parseRaw(wire.text, parent), before);
    into.insertBefore(end, before);
  }
  live.link(entry, up, parent);
  return entry;
}

/** Make a subtree that stands nowhere yet. @param {Live} live @param {WireNode} wire @param {Node} parent @param {import('./patch.js').Writes} writes @param {Entry[]} fresh @returns {Entry} */
function make(live, { kind, hid, tag, bits, attrs, children, text }, parent, writes, fresh) {
  let entry;
  if (kind === TEXT) entry = new Entry(hid, kind, new Text(text));
  else if (kind === RAW) entry = new Entry(hid, kind, new Comment(`${hid}[`), 0, new Comment(`]${hid}`));
  else entry = new Entry(hid, kind, document.createElementNS(namespace(tag, parent), tag), bits);
  live.add(entry);
  fresh.push(entry);
  const { node } = entry;
  for (const child of children) build(live, child, entry, inside(node), null, writes, fresh);
  for (let n = 0; n < attrs.length; n += 2) {
    if (attrs[n][0] === '.') note(writes, node, attrs[n], attrs[n + 1]);
    else setAttr(node, attrs[n], attrs[n + 1], live);
  }
  return entry;
}

/** The content of raw HTML; its scripts do not run. @param {string} html @param {Node} parent */
export function parseRaw(html, parent) {
  const template = document.createElement('template');
  const space = namespace('', parent);
  const context = space === HTML ? template : document.createElementNS(space, space === SVG ? 'svg' : 'math');
  parseInto(context, html);
  template.content.append(...context.childNodes);
  return document.importNode(template.content, true);
}

/** The DOM nodes of an entry, several for raw HTML. @param {Entry} entry @returns {ChildNode[]} */
export function span({ node, end }) {
  const nodes = [node];
  for (let next = node; next !== end && next.nextSibling; ) nodes.push((next = next.nextSibling));
  return node.parentNode === end.parentNode ? nodes : [node, end];
}

/** Take an entry out of the document. @param {Entry} entry */
export function detach(entry) {
  for (const node of span(entry)) node.remove();
}

/** Move an entry so that it does not notice: focus, selection, scroll, frames and videos stay. @param {Entry} entry @param {any} parent @param {Node | null} before */
export function shift(entry, parent, before) {
  for (const node of span(entry)) {
    if (parent.moveBefore && parent.isConnected && node.isConnected) parent.moveBefore(node, before);
    else keeping(node, () => parent.insertBefore(node, before));
  }
}

/** Do what takes `node` out of the document for a moment. @param {any} node @param {() => void} act */
function keeping(node, act) {
  const focused = /** @type {any} */ (document.activeElement);
  const { selectionStart, selectionEnd, selectionDirection } = focused ?? {};
  const scrolled = [node, ...(node.querySelectorAll?.('*') ?? [])].filter((each) => each.scrollTop || each.scrollLeft);
  const places = scrolled.map(({ scrollLeft, scrollTop }) => ({ left: scrollLeft, top: scrollTop }));
  act();
  scrolled.forEach((each, n) => each.scrollTo(places[n]));
  if (!node.contains(focused)) return;
  focused.focus({ preventScroll: true });
  if (typeof selectionStart === 'number') focused.setSelectionRange(selectionStart, selectionEnd, selectionDirection);
}
