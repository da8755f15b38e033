// Frames and patches in words: what a person reads in the log of the tap.

import { Reader } from './codec.js';
import { KINDS } from './kinds.js';
import { ELEMENT, TEXT } from './live.js';
import { ACK, ACTION, BYE, CANCEL, COMMON, EVENT, HELLO, REFETCH, decode, frame, frames } from './messages.js';
import { readSnapshot } from './nodes.js';
import { readMore } from './ops.js';
import { AUTH, RARE } from './rare.js';
import { readOps } from './patch.js';

/**
 * A frame: its fields by their names, a payload only by its length, what it weighs with its length in front,
 * and its bytes without what attaches a browser to its session.
 * @typedef {{name: string, fields: Record<string, any>, size: number, bytes: Uint8Array}} Frame
 * @typedef {{op: string, hid?: number, node?: string, [field: string]: any}} Patch
 * @typedef {import('./live.js').Live} Live
 */

const FLAGS = ['DEFLATE', 'MORE', 'CANCEL', 'ACTION'];
const EFFECTS = ['nav', 'emit', 'focus', 'scroll'];
/** Kinds of events without a bit, from 32 on. */
const MAX_FIELD = 60;

/** @param {Reader} r */
const uv = (r) => r.uv();
/** @param {Reader} r */
const str = (r) => r.str();
/** @param {Reader} r */
const limit = (r) => [r.str(), r.uv()];
/** In front of it stand kind and flags. @param {Reader} r */
const has = (r, flag = 0) => (r.bytes[1] & flag ? r.str() : undefined);

/** All that may be on a connection. @type {import('./messages.js').Kinds} */
const ALL = {
  ...COMMON,
  ...RARE,
  [HELLO]: [0, (r) => ({
    type: 'HELLO', versions: r.list(uv), capabilities: r.list(str), token: r.str(), csrf: r.str(), instance: r.str(), epoch: r.uv(), rev: r.uv(),
    settled: r.uv(), path: r.str(), width: r.uv(), height: r.uv(), time_zone: r.str(), limits: r.list(limit),
  })],
  [EVENT]: [CANCEL | ACTION, (r) => ({
    type: 'EVENT', epoch: r.uv(), cseq: r.uv(), rev: r.uv(), hid: r.hid(0), kind: r.uv(), action: has(r, ACTION), payload: r.take(),
  })],
  [ACK]: [0, (r) => ({ type: 'ACK', epoch: r.uv(), rev: r.uv(), settled: r.uv() })],
  [REFETCH]: [0, (r) => ({ type: 'REFETCH', epoch: r.uv(), hid: r.hid(0), reason: r.str() })],
  [AUTH]: [0, (r) => ({ type: 'AUTH', token: r.str() })],
  [BYE]: [0, (r) => ({ type: 'BYE', reason: r.str() })],
};

/** The frames of a message; what is none is told as such. @param {Uint8Array} message @returns {Generator<Frame>} */
export function* readFrames(message) {
  let read = 0;
  try {
    for (const body of frames(message)) {
      const end = body.byteOffset - message.byteOffset + body.length;
      yield readFrame(body, message.slice(read, end));
      read = end;
    }
  } catch (error) {
    // A token may be in it.
    yield { name: 'UNREADABLE', fields: { reason: String(error) }, size: message.length - read, bytes: new Uint8Array(0) };
  }
}

/** @param {Uint8Array} body @param {Uint8Array} bytes the whole frame @returns {Frame} */
function readFrame(body, bytes) {
  const size = bytes.length;
  if (!body.length) return { name: 'LIVENESS', fields: {}, size, bytes };
  const { type: name, flags, payload, ...fields } = decode(body, ALL);
  if (name === 'HELLO') Object.assign(fields, { token: '', csrf: '' });
  if (name === 'AUTH') fields.token = '';
  if ('token' in fields) bytes = frame(body[0], Object.values(fields));
  for (const key of ['token', 'csrf', 'action']) if (!fields[key]) delete fields[key];
  if (name === 'EVENT') fields.kind = KINDS[fields.kind] ?? fields.kind;
  if (payload?.length) fields.bytes = payload.length;
  const set = FLAGS.filter((_, bit) => (flags >> bit) & 1);
  if (set.length) fields.flags = set;
  return { name, fields, size, bytes };
}

/**
 * A frame in a line.
 * @param {'client' | 'server' | 'page'} by @param {string} name @param {Record<string, any>} fields @param {number} size @param {Live} live
 */
export function told(by, name, fields, size, live) {
  const arrow = { client: '→', server: '←', page: '·' }[by];
  const words = Object.entries(fields).map(([field, value]) =>
    field === 'hid' ? nodeName(value, live) : `${field}=${short(typeof value === 'string' ? value : JSON.stringify(value))}`,
  );
  return [arrow, name, ...words, ...(size ? [`(${size} B)`] : [])].join(' ');
}

/** @param {string} text */
const short = (text) => (text.length > MAX_FIELD ? `${text.slice(0, MAX_FIELD)}…` : text);

/** A node by its hid and the tag that it stands for. @param {number} hid @param {Live} live */
export function nodeName(hid, live) {
  const entry = live.nodes.get(hid);
  if (!entry) return hid ? `#${hid}` : 'session';
  const tag = (/** @type {import('./live.js').Entry | null} */ at) => (at ? `<${at.node.localName}>` : '<body>');
  if (entry.kind === ELEMENT) return `#${hid} ${tag(entry)}`;
  return `#${hid} ${entry.kind === TEXT ? 'text' : 'raw HTML'} in ${tag(entry.up)}`;
}

/**
 * The patches of a burst, named before they change what they name.
 * @param {Uint8Array} burst @param {Partial<import('./follower.js').BurstInfo>} info @param {Live} live @returns {Patch[]}
 */
export function patchesOf(burst, { snapshot = false }, live) {
  const reader = new Reader(burst);
  /** @type {Patch[]} */
  const patches = [];
  /** @type {import('./nodes.js').Effect[]} */
  const effects = [];
  const named = (/** @type {string} */ op, /** @type {number} */ hid, fields = {}) => patches.push({ op, hid, node: nodeName(hid, live), ...fields });
  const sink = {
    effects,
    setText: (/** @type {number} */ hid, /** @type {string} */ text) => named('set_text', hid, { text }),
    setAttr: (/** @type {number} */ hid, /** @type {string} */ name, /** @type {string | null} */ value) =>
      value === null ? named('remove_attr', hid, { name }) : named('set_attr', hid, { name, value }),
    setEvents: (/** @type {number} */ hid, /** @type {number} */ bits) =>
      named('set_events', hid, { events: KINDS.filter((_, kind) => kind < 31 && (bits >> kind) & 1) }),
    remove: (/** @type {number} */ hid) => named('remove', hid),
    insert: (/** @type {number} */ parent, /** @type {number} */ before, /** @type {import('./nodes.js').WireNode} */ node) =>
      patches.push({ op: 'insert', hid: node.hid, node: `#${node.hid} ${node.tag ? `<${node.tag}>` : node.kind === TEXT ? 'text' : 'raw HTML'}`, parent, before }),
    move: (/** @type {number} */ hid, /** @type {number} */ parent, /** @type {number} */ before) => named('move', hid, { parent, before }),
    more: (/** @type {number} */ op, /** @type {Reader} */ r) => readMore(op, r, sink),
  };
  try {
    if (snapshot) patches.push({ op: 'snapshot', hid: readSnapshot(reader, effects).hid });
    else readOps(reader, sink);
  } catch (error) {
    // The client will say the same; what came before it is told.
    patches.push({ op: 'unreadable', reason: String(error) });
  }
  return [...patches, ...effects.map(({ op, ...fields }) => ({ op: EFFECTS[op - 0x20], ...fields }))];
}
