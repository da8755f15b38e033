// The messages and their frames (PROTOCOL section 2).

import { Reader, Writer } from './codec.js';

/**
 * A message: its name, its flags, its fields by name, and its payload.
 * @typedef {Record<string, any> & {type: string, flags: number, payload: Uint8Array}} Message
 */

export const DEFLATE = 1;
export const MORE = 2;
export const CANCEL = 4;
export const ACTION = 8;
export const MAX_BURST_BYTES = 2 ** 24;
const MAX_FRAMES = 1024;

/**
 * The table: kind, the flags that are allowed, the fields in their order, and `|` before a payload.
 * @type {Record<string, [number, number, string]>}
 */
const TABLE = {
  HELLO_OK: [0x40, 0, 'uv version, strs capabilities, str session, str attachment, uv epoch, uv rev, u8 mode, uv last, uv heartbeat_ms, uvs ladder_ms, numbers limits'],
  SNAPSHOT: [0x41, DEFLATE | MORE, 'uv epoch, uv rev, uv ack, uv count, | payload'],
  DIFF: [0x42, DEFLATE | MORE, 'uv epoch, uv base, uv rev, uv ack, uv count, | payload'],
  CONT: [0x43, MORE | CANCEL, '| payload'],
  RESULT: [0x44, 0, 'uv cseq, str error, str data'],
  ERROR: [0x45, 0, 'str kind, u8 origin, u8 scope, str message, uv retry_after_ms, uv max_ms, pairs parameters, uvs supported, str details'],
  GOAWAY: [0x46, 0, 'str reason, uv min_ms, uv max_ms, pairs parameters, uv deadline_ms'],
  PING: [0x4e, 0, ''],
  CHANNEL: [0x50, DEFLATE | CANCEL, 'uv id, | payload'],
  HELLO: [0x60, 0, 'uvs versions, strs capabilities, str token, str csrf, str instance, uv epoch, uv rev, uv settled, str path, uv width, uv height, str time_zone, numbers limits'],
  EVENT: [0x61, ACTION | CANCEL, 'uv epoch, uv cseq, uv rev, hid hid, uv kind, action action, | payload'],
  ACK: [0x62, 0, 'uv epoch, uv rev, uv settled'],
  REFETCH: [0x63, 0, 'uv epoch, hid hid, str reason'],
  AUTH: [0x64, 0, 'str token'],
  BYE: [0x65, 0, 'str reason'],
};

/** @typedef {[string, string][]} Fields type and name of each */
/** @type {Map<number | string, {type: string, code: number, allowed: number, fields: Fields}>} */
const KINDS = new Map();
for (const [type, [code, allowed, text]] of Object.entries(TABLE)) {
  const fields = /** @type {Fields} */ (text ? text.split(', ').map((field) => field.split(' ')) : []);
  const kind = { type, code, allowed, fields };
  KINDS.set(code, kind).set(type, kind);
}

/** @param {Reader} r @param {() => any} item */
const list = (r, item) => Array.from({ length: r.count() }, item);

/** @type {Record<string, (r: Reader, flags: number) => any>} */
const READ = {
  u8: (r) => r.u8(),
  uv: (r) => r.uv(),
  hid: (r) => r.hid(0),
  str: (r) => r.str(),
  uvs: (r) => list(r, () => r.uv()),
  strs: (r) => list(r, () => r.str()),
  pairs: (r) => list(r, () => [r.str(), r.str()]),
  numbers: (r) => list(r, () => [r.str(), r.uv()]),
  action: (r, flags) => (flags & ACTION ? r.str() : undefined),
  '|': (r) => r.take(),
};

/** Everything is written as what it is: numbers, texts, bytes, and lists of these. @param {Writer} w @param {any} value */
function write(w, value) {
  if (typeof value === 'number') w.uv(value);
  else if (typeof value === 'string') w.str(value);
  else if (value instanceof Uint8Array) w.raw(value);
  else if (value) {
    w.uv(value.length);
    value.flat().forEach((/** @type {any} */ item) => write(w, item));
  }
}

/**
 * One frame, its length in front.
 * @param {string} type @param {Record<string, any>} values
 */
export function encode(type, values = {}, flags = 0) {
  const { code, fields } = /** @type {NonNullable<ReturnType<typeof KINDS.get>>} */ (KINDS.get(type));
  const body = new Writer();
  body.raw([code, flags]);
  for (const [, name] of fields) write(body, values[name]);
  const frame = new Writer();
  frame.sized(body.out);
  return frame.bytes();
}

/**
 * The bodies of the frames in one WebSocket message, one after another,
 * so that a bad frame spoils only what follows it. An empty one is a sign of life.
 * @param {Uint8Array} bytes
 */
export function* frames(bytes, maxBytes = MAX_BURST_BYTES) {
  const reader = new Reader(bytes);
  for (let n = 0; reader.left; n++) {
    if (n === MAX_FRAMES) reader.fail('too many frames');
    yield reader.take(reader.uv(maxBytes));
  }
}

/** The message of one frame's body. @param {Uint8Array} bytes */
export function decode(bytes) {
  const r = new Reader(bytes);
  const kind = KINDS.get(r.u8());
  if (!kind) return r.fail('unknown kind');
  const flags = r.u8();
  if (flags & ~kind.allowed) r.fail('flags');
  const message = /** @type {Message} */ ({ type: kind.type, flags });
  for (const [type, name] of kind.fields) message[name] = READ[type](r, flags);
  return message;
}
