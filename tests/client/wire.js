// The server's half of the codec: nodes, ops and messages in the words of the golden vectors, written,
// and what a client says, read.

import { Reader, Writer } from '../../python/vango/client/codec.js';

export const DEFLATE = 1;
export const MORE = 2;
export const CANCEL = 4;
export const ACTION = 8;

/** The table of PROTOCOL section 2: kind, and the fields in their order. @type {Record<string, [number, string]>} */
export const TABLE = {
  HELLO_OK: [0x40, 'uv version, strs capabilities, str session, str attachment, uv epoch, uv rev, uv mode, uv last, uv heartbeat_ms, uvs ladder_ms, numbers limits'],
  SNAPSHOT: [0x41, 'uv epoch, uv rev, uv ack, uv count, rest payload'],
  DIFF: [0x42, 'uv epoch, uv base, uv rev, uv ack, uv count, rest payload'],
  CONT: [0x43, 'rest payload'],
  RESULT: [0x44, 'uv cseq, str error, str data'],
  ERROR: [0x45, 'str kind, uv origin, uv scope, str message, uv retry_after_ms, uv max_ms, pairs parameters, uvs supported, str details'],
  GOAWAY: [0x46, 'str reason, uv min_ms, uv max_ms, pairs parameters, uv deadline_ms'],
  PING: [0x4e, ''],
  CHANNEL: [0x50, 'uv id, rest payload'],
  HELLO: [0x60, 'uvs versions, strs capabilities, str token, str csrf, str instance, uv epoch, uv rev, uv settled, str path, uv width, uv height, str time_zone, numbers limits'],
  EVENT: [0x61, 'uv epoch, uv cseq, uv rev, uv hid, uv kind, action action, rest payload'],
  ACK: [0x62, 'uv epoch, uv rev, uv settled'],
  REFETCH: [0x63, 'uv epoch, uv hid, str reason'],
  AUTH: [0x64, 'str token'],
  BYE: [0x65, 'str reason'],
};

/** Type and name of each field of a message. @param {string} type */
export const fieldsOf = (type) => TABLE[type][1].split(', ').filter(Boolean).map((field) => field.split(' '));

/** One frame. @param {string} type @param {Record<string, any>} values */
export function encode(type, values = {}, flags = 0) {
  const body = new Writer();
  body.raw([TABLE[type][0], flags]);
  for (const [, name] of fieldsOf(type)) if (values[name] !== undefined) body.put(values[name]);
  const frame = new Writer();
  frame.uv(body.out.length);
  frame.raw(body.out);
  return frame.bytes();
}

/** @type {Record<string, (r: Reader, flags: number) => any>} */
const READ = {
  uv: (r) => r.uv(),
  str: (r) => r.str(),
  uvs: (r) => r.list((r) => r.uv()),
  strs: (r) => r.list((r) => r.str()),
  pairs: (r) => r.list((r) => [r.str(), r.str()]),
  numbers: (r) => r.list((r) => [r.str(), r.uv()]),
  action: (r, flags) => (flags & ACTION ? r.str() : undefined),
  rest: (r) => r.take(),
};

/** All messages in `data`; one without a body has no type. @param {Uint8Array} data */
export function decodeAll(data) {
  const all = [];
  for (const outer = new Reader(data); outer.left; ) {
    const r = new Reader(outer.take(outer.uv()));
    if (!r.left) {
      all.push({ type: '' });
      continue;
    }
    const kind = r.u8();
    const type = Object.keys(TABLE).find((name) => TABLE[name][0] === kind) ?? r.fail('unknown kind');
    const flags = r.u8();
    /** @type {any} */ const message = { type, flags };
    for (const [form, name] of fieldsOf(type)) message[name] = READ[form](r, flags);
    all.push(message);
  }
  return all;
}

/** @param {string} hex */
export const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16));

/** @param {Iterable<number>} data */
export const hex = (data) => Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** @param {Writer} w @param {any} node a node as the vectors write it */
export function writeNode(w, node) {
  if ('text' in node || 'raw' in node) {
    w.uv('text' in node ? 3 : 4);
    w.uv(node.hid);
    w.str(node.text ?? node.raw);
    return;
  }
  w.uv(1);
  w.uv(node.hid);
  w.str(node.tag);
  w.uv(node.events);
  w.uv(node.attrs.length);
  for (const text of node.attrs.flat()) w.str(text);
  w.uv(node.children.length);
  for (const child of node.children) writeNode(w, child);
}

/** The bytes of patches as the vectors write them. @param {any[]} patches */
export function writeOps(patches) {
  const w = new Writer();
  for (const p of patches) {
    if (p.op === 'set_text') op(w, 1, [p.hid], [p.text]);
    else if (p.op === 'set_attr') op(w, 2, [p.hid], [p.name, p.value]);
    else if (p.op === 'remove') op(w, 3, [p.hid], []);
    else if (p.op === 'set_events') op(w, 5, [p.hid, p.events], []);
    else if (p.op === 'insert') {
      op(w, 4, [p.parent, p.before], []);
      writeNode(w, p.node);
    } else {
      const inner = new Writer();
      if (p.op === 'move') for (const hid of [p.hid, p.parent, p.before]) inner.uv(hid);
      else {
        inner.uv(p.hid);
        inner.str(p.name);
      }
      w.uv(p.op === 'move' ? 0x11 : 0x10);
      w.uv(inner.out.length);
      w.raw(inner.out);
    }
  }
  return w.bytes();
}

/** @param {Writer} w @param {number} code @param {number[]} numbers @param {string[]} texts */
function op(w, code, numbers, texts) {
  w.uv(code);
  for (const number of numbers) w.uv(number);
  for (const text of texts) w.str(text);
}
