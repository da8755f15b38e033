// The log as a recording: the file that `vango dev --record` writes and `vango tap` reads.

import { Writer } from './codec.js';
import { ELEMENT, TEXT, inside } from './live.js';

/** @typedef {import('./live.js').Live} Live */

const FORMAT = 1;
/** What a served element says to the client alone, and what no server writes. */
const OURS = /^data-(hid|ev)$|^on/;

/** @param {ArrayLike<number>} bytes */
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** One JSON object a line. @param {import('./tap-log.js').Log} log */
export function recorded({ entries, bytes, document }) {
  const start = entries[0]?.at ?? 0;
  /** @type {object[]} */
  const lines = [];
  for (const entry of entries) {
    const { at, by, way, name, fields, size } = entry;
    const ms = Math.round((at - start) * 1000) / 1000;
    if (name === 'OPENED' || !lines.length) lines.push({ vango: FORMAT, connection: 'browser', transport: way });
    if (lines.length === 1 && document) {
      lines.push({ ms, epoch: document.epoch, rev: document.rev, document: hex(document.node) });
    }
    if (name === 'CLOSED') lines.push({ ms, end: fields.code });
    else if (name === 'UNREADABLE') lines.push({ ms, by, unreadable: size });
    else if (by !== 'page') lines.push({ ms, by, hex: hex(bytes.get(entry) ?? []) });
  }
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** The document as `node` bytes (PROTOCOL 1.4), with attributes where the server would have properties. @param {Live} live */
export function snapshotOf(live) {
  const w = new Writer();
  if (live.root) write(w, live.root, live);
  return w.bytes();
}

/** @param {Writer} w @param {import('./live.js').Entry} entry @param {Live} live */
function write(w, { hid, kind, node, end, bits }, live) {
  w.uv(kind);
  w.uv(hid);
  if (kind === TEXT) w.str(node.data);
  else if (kind !== ELEMENT) w.str(between(node, end));
  else {
    w.str(node.localName);
    w.uv(bits);
    w.put(attributesOf(node));
    const children = node.localName === 'textarea' ? [] : childrenOf(node, live);
    w.uv(children.length);
    for (const child of children) write(w, child, live);
  }
}

/** @param {Element} element @returns {string[][]} ascending */
function attributesOf(element) {
  const pairs = Array.from(element.attributes, ({ name, value }) => [name, value]);
  if (element instanceof HTMLTextAreaElement && element.defaultValue) pairs.push(['.value', element.defaultValue]);
  return pairs.filter(([name]) => !OURS.test(name)).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The live nodes below an element, also where a parser put one in between. @param {Node} element @param {Live} live @returns {import('./live.js').Entry[]} */
function childrenOf(element, live) {
  const found = [];
  /** @type {Node | null} */
  let end = null;
  for (const child of inside(element).childNodes) {
    // Raw HTML is foreign ground, whatever it says of itself.
    if (end) {
      if (child === end) end = null;
      continue;
    }
    const entry = live.entryOf(child);
    if (!entry) found.push(...childrenOf(child, live));
    else {
      found.push(entry);
      if (entry.end !== child) end = entry.end;
    }
  }
  return found;
}

/** The HTML of a unit of raw HTML. @param {Node} first @param {Node} end the comments around it */
function between(first, end) {
  const holder = document.createElement('template');
  for (let node = first.nextSibling; node && node !== end; node = node.nextSibling) holder.content.append(node.cloneNode(true));
  return holder.innerHTML;
}
