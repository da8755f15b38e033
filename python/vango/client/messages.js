// Frames and messages of the wire (PROTOCOL 1.2 and section 2).

import { Reader, Writer } from './codec.js';

/**
 * What the server says: the name of a message and its fields by their names.
 * @typedef {Record<string, any> & {type: string, flags: number, payload: Uint8Array}} Message
 */

export const MAX_BURST_BYTES = 2 ** 24;
export const DEFLATE = 1;
export const MORE = 2;
export const CANCEL = 4;
export const ACTION = 8;
const MAX_FRAMES = 1024;

/** What the client says, by its kind; PROTOCOL section 2 has the order of the fields. */
export const PING = 0x4e;
export const HELLO = 0x60;
export const EVENT = 0x61;
export const ACK = 0x62;
export const REFETCH = 0x63;
export const BYE = 0x65;

/** One frame of the client, its length in front. @param {number} kind @param {any[]} fields */
export function frame(kind, fields, flags = 0) {
  const body = new Writer();
  body.out.push(0, kind, flags);
  for (const field of fields) body.put(field);
  const { out } = body;
  if (out.length > 128) {
    const length = new Writer();
    length.uv(out.length - 1);
    out.splice(0, 1, ...length.out);
  } else out[0] = out.length - 1;
  return body.bytes();
}

/**
 * Kinds of messages: the flags that may stand, and the fields in their order.
 * @typedef {Record<number, [number, (r: Reader) => any]>} Kinds
 */

/** What the server says every day. @type {Kinds} */
export const COMMON = {
  0x40: [0, (r) => ({
    type: 'HELLO_OK', version: r.uv(), capabilities: r.list((r) => r.str()), session: r.str(), attachment: r.str(),
    epoch: r.uv(), rev: r.uv(), mode: r.u8(), last: r.uv(), heartbeat_ms: r.uv(), ladder_ms: r.list((r) => r.uv()), limits: r.list((r) => [r.str(), r.uv()]),
  })],
  0x42: [DEFLATE | MORE, (r) => ({ type: 'DIFF', epoch: r.uv(), base: r.uv(), rev: r.uv(), ack: r.uv(), count: r.uv(), payload: r.take() })],
  0x44: [0, (r) => ({ type: 'RESULT', cseq: r.uv(), error: r.str(), data: r.str() })],
  [PING]: [0, () => ({ type: 'PING' })],
};

/** The message of one frame's body. @param {Uint8Array} body @param {Kinds} kinds @returns {Message} */
export function decode(body, kinds) {
  const r = new Reader(body);
  const [allowed, read] = kinds[r.u8()] ?? r.fail('unknown kind');
  const flags = r.u8();
  if (flags & ~allowed) r.fail('flags');
  const message = read(r);
  message.flags = flags;
  return message;
}

/**
 * The bodies of the frames in `bytes`, one after another, so that a bad one spoils only itself and what follows it;
 * an empty one is a sign of life.
 * @param {Uint8Array} bytes
 */
export function* frames(bytes, maxBytes = MAX_BURST_BYTES) {
  const r = new Reader(bytes);
  for (let n = 0; r.left; n++) {
    if (n === MAX_FRAMES) r.fail('too many frames');
    yield r.take(r.uv(maxBytes));
  }
}
