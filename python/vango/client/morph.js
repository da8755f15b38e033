// A snapshot onto the present document, keeping what can be kept.
//
// Within an epoch nodes are known by their hids; across epochs by kind, tag, id, name and type, in their order.
// Nodes that are not ours (of extensions, of widgets) stay where they are.

import { Entries } from './entries.js';
import { ELEMENT, RAW, TEXT, inside } from './live.js';
import { build, detach, parseRaw, readSnapshot, shift, span } from './nodes.js';
import { note, setAttr } from './patch.js';

/**
 * @typedef {import('./live.js').Entry} Entry
 * @typedef {import('./live.js').Live} Live
 * @typedef {import('./nodes.js').WireNode} WireNode
 */

const MIRRORED = /^(checked|selected|open|muted)$/; // set by people too; only what the server set is taken back
const IDENTITY = ['id', 'name', 'type'];

/**
 * Make the document what the snapshot says.
 * @param {Live} live @param {import('./codec.js').Reader} r the snapshot's payload
 * @param {boolean} sameEpoch whether hids mean the same nodes as before
 * @param {import('./forms.js').Forms | null} forms
 * @param {import('./patch.js').Writes} writes takes what is said of properties
 * @param {import('./nodes.js').Effect[]} effects takes what is to be done when the document stands
 * @param {number} [count] how many nodes the server says there are
 */
export function morph(live, r, sameEpoch, forms, writes, effects, count) {
  const wire = readSnapshot(r, effects);
  const wanted = numbers(wire);
  if (count !== undefined && wanted.size !== count) throw new Error(`${wanted.size} nodes, not ${count}`);
  const old = live.nodes;
  const all = old.values();
  const root = /** @type {Entry} */ (live.root);
  if (!sameEpoch) forms?.renew();
  live.nodes = new Entries(live, []);

  /** @param {Entry} entry @param {WireNode} like @param {Entry | null} up */
  const reuse = (entry, like, up) => {
    const kids = sameEpoch ? [] : kidsOf(entry);
    entry.hid = like.hid;
    entry.bits = like.bits;
    entry.kid = entry.prev = entry.next = entry.up = null;
    live.add(entry);
    live.link(entry, up);
    if (like.kind === TEXT) setText(entry, like.text);
    else if (like.kind === RAW) setRaw(entry, like);
    else {
      children(entry, like.children, kids);
      attributes(entry.node, like.attrs);
    }
  };

  /** @param {Entry} up @param {WireNode[]} wires @param {Entry[]} kids what was there */
  const children = (up, wires, kids) => {
    const at = inside(up.node);
    const find = sameEpoch ? (/** @type {WireNode} */ like) => old.get(like.hid) : matcher(kids);
    const found = wires.map((like) => {
      const entry = find(like);
      if (!entry || alike(entry, like)) return entry;
      detach(entry);
    });
    const kept = new Set(found);
    for (const kid of kids) if (!kept.has(kid)) detach(kid);
    const ours = new Set(found.map((entry) => entry?.node));
    let cursor = at.firstChild;
    wires.forEach((like, n) => {
      while (cursor && !ours.has(cursor)) cursor = cursor.nextSibling;
      const entry = found[n];
      if (!entry) {
        build(live, like, up, at, cursor, writes);
        return;
      }
      if (entry.node === cursor) cursor = entry.end.nextSibling;
      // What the page of somebody else shows stays where that one has it.
      else if (up.up || up.at) shift(entry, at, cursor);
      reuse(entry, like, up);
    });
  };

  /** @param {Element} element @param {string[]} attrs */
  const attributes = (element, attrs) => {
    const names = new Set();
    for (let n = 0; n < attrs.length; n += 2) {
      const [name, value] = [attrs[n], attrs[n + 1]];
      names.add(name);
      if (name[0] === '.') note(writes, element, name, value);
      else if (element.getAttribute(name) !== value) setAttr(element, name, value, live);
    }
    for (const { name } of [...element.attributes]) {
      if (!names.has(name) && !names.has(`.${name}`) && !MIRRORED.test(name)) element.removeAttribute(name);
    }
    for (const name of forms?.told(element) ?? []) {
      if (!names.has(name) && !names.has(name.slice(1))) note(writes, element, name, null);
    }
  };

  if (sameEpoch) {
    for (const entry of all) {
      if (entry.up && wanted.has(entry.up.hid) && !wanted.has(entry.hid)) detach(entry);
    }
  }
  if (sameEpoch ? root.hid === wire.hid && alike(root, wire) : signature(root) === wireSignature(wire)) {
    reuse(root, wire, null);
  } else {
    const { parentNode } = root.node;
    build(live, wire, null, parentNode ?? /** @type {Node} */ (root.at), parentNode && root.node, writes);
    detach(root);
  }
}

/** All hids of a snapshot, each once. @param {WireNode} wire */
function numbers(wire) {
  const seen = new Set([wire.hid]);
  const queue = [wire];
  for (const { children } of queue) {
    for (const child of children) {
      if (seen.has(child.hid)) throw new Error(`hid ${child.hid} twice`);
      seen.add(child.hid);
      queue.push(child);
    }
  }
  return seen;
}

/** The children that the client knows, in the order of the document. @param {Entry} entry */
function kidsOf(entry) {
  const kids = [];
  for (let kid = entry.kid; kid; kid = kid.next) kids.push(kid);
  const order = new Map([...inside(entry.node).childNodes].map((node, n) => [/** @type {Node} */ (node), n]));
  return kids.reverse().sort((a, b) => (order.get(a.node) ?? 0) - (order.get(b.node) ?? 0));
}

/** Gives each node of the snapshot the first one left that looks like it. @param {Entry[]} kids */
function matcher(kids) {
  /** @type {Map<string, Entry[]>} */ const queues = new Map();
  for (const kid of kids.slice().reverse()) {
    const key = signature(kid);
    const queue = queues.get(key);
    if (queue) queue.push(kid);
    else queues.set(key, [kid]);
  }
  return (/** @type {WireNode} */ like) => queues.get(wireSignature(like))?.pop();
}

/** @param {Entry} entry */
function signature({ kind, node }) {
  if (kind !== ELEMENT) return `${kind}`;
  return [node.localName, ...IDENTITY.map((name) => node.getAttribute(name) ?? '')].join(' ');
}

/** @param {WireNode} wire */
function wireSignature({ kind, tag, attrs }) {
  if (kind !== ELEMENT) return `${kind}`;
  return [tag, ...IDENTITY.map((name) => attrs.find((_, n) => n % 2 && attrs[n - 1] === name) ?? '')].join(' ');
}

/** @param {Entry} entry @param {WireNode} wire */
const alike = (entry, wire) => entry.kind === wire.kind && (wire.kind !== ELEMENT || entry.node.localName === wire.tag);

/** @param {Entry} entry @param {string} text */
function setText({ node }, text) {
  if (node.data !== text) node.data = text;
}

/** @param {Entry} entry @param {WireNode} wire */
function setRaw(entry, { hid, text }) {
  const parent = entry.node.parentNode;
  const fresh = parseRaw(text, parent);
  const present = span(entry).slice(1, -1);
  entry.node.data = `${hid}[`;
  /** @type {Comment} */ (entry.end).data = `]${hid}`;
  if (present.length === fresh.childNodes.length && present.every((node, n) => node.isEqualNode(fresh.childNodes[n]))) return;
  for (const node of present) node.remove();
  parent.insertBefore(fresh, entry.end);
}
