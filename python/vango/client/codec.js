// Bytes, frames and messages of the wire (PROTOCOL 1.1, 1.2 and section 2).

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
/** Below, a text is made quicker byte by byte. */
const SMALL = 64;
const latin1 = new TextDecoder('latin1');
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Bad bytes; `offset` is where reading stopped. */
export class DecodeError extends Error {
  /** @param {string} reason @param {number} offset */
  constructor(reason, offset) {
    super(`${reason} at byte ${offset}`);
    this.offset = offset;
  }
}

/** Reads forward through one buffer; every method throws DecodeError instead of reading past the end. */
export class Reader {
  /** Each byte as a character; slices of it are quicker than texts made one by one. @type {string | undefined} */
  #chars;

  /** @param {Uint8Array} bytes */
  constructor(bytes, pos = 0) {
    this.bytes = bytes;
    this.pos = pos;
  }

  get left() {
    return this.bytes.length - this.pos;
  }

  /** @param {string} reason @returns {never} */
  fail(reason) {
    throw new DecodeError(reason, this.pos);
  }

  u8() {
    if (this.pos >= this.bytes.length) this.fail('truncated');
    return this.bytes[this.pos++];
  }

  uv(max = Number.MAX_SAFE_INTEGER) {
    let byte = this.u8();
    let value = byte & 127;
    for (let scale = 128; byte & 128; scale *= 128) {
      byte = this.u8();
      value += (byte & 127) * scale;
      if (!byte || scale > 2 ** 49) this.fail('overlong integer');
    }
    if (value > max) this.fail('integer too large');
    return value;
  }

  sv() {
    const value = this.uv();
    return value % 2 ? -(value + 1) / 2 : value / 2;
  }

  /** A hid; `from` 0 where 0 has a meaning of its own. */
  hid(from = 1) {
    const hid = this.uv(2 ** 32 - 1);
    if (hid < from) this.fail('hid 0');
    return hid;
  }

  /** The next bytes, not copied. */
  take(length = this.left) {
    if (length > this.left) this.fail('truncated');
    this.pos += length;
    return this.bytes.subarray(this.pos - length, this.pos);
  }

  /** @param {number} length in bytes, if it does not stand here */
  str(length = this.uv()) {
    const { bytes, pos: start } = this;
    if (length > this.left) this.fail('truncated');
    const end = (this.pos += length);
    let n = start;
    while (n < end && bytes[n] < 128) n++;
    if (n === end) return bytes.length < SMALL ? String.fromCharCode(...bytes.subarray(start, end)) : (this.#chars ??= latin1.decode(bytes)).slice(start, end);
    try {
      return decoder.decode(bytes.subarray(start, end));
    } catch {
      return this.fail('invalid UTF-8');
    }
  }

  /** How many items follow, each of a byte at least. */
  count(max = Infinity) {
    const count = this.uv(max);
    if (count > this.left) this.fail('truncated');
    return count;
  }

  /** @template T @param {(r: Reader) => T} item @returns {T[]} */
  list(item) {
    return Array.from({ length: this.count() }, () => item(this));
  }
}

/** Collects bytes in `out`. */
export class Writer {
  /** @type {number[]} */ out = [];

  /** @param {number} value */
  uv(value) {
    for (; value > 127; value = Math.floor(value / 128)) this.out.push((value % 128) | 128);
    this.out.push(value);
  }

  /** @param {number} value */
  sv(value) {
    this.uv(value < 0 ? -2 * value - 1 : 2 * value);
  }

  /** @param {string} text */
  str(text) {
    const bytes = encoder.encode(text);
    this.uv(bytes.length);
    this.raw(bytes);
  }

  /** @param {ArrayLike<number>} bytes */
  raw(bytes) {
    for (let n = 0; n < bytes.length; n++) this.out.push(bytes[n]);
  }

  /** A field as what it is: a number, a text, bytes as they are, or a list of these or of pairs. @param {any} value */
  put(value) {
    if (typeof value === 'number') this.uv(value);
    else if (typeof value === 'string') this.str(value);
    else if (value instanceof Uint8Array) this.raw(value);
    else {
      this.uv(value.length);
      for (const item of value.flat()) this.put(item);
    }
  }

  bytes() {
    return new Uint8Array(this.out);
  }
}

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
  body.out.push(kind, flags);
  for (const field of fields) body.put(field);
  const length = new Writer();
  length.uv(body.out.length);
  return new Uint8Array(length.out.concat(body.out));
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
  return { flags, ...read(r) };
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
