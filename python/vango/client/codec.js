// Bytes and messages of the wire (PROTOCOL sections 1 and 2).

/** Bad bytes; `offset` is where reading stopped. */
export class DecodeError extends Error {
  /** @param {string} reason @param {number} offset */
  constructor(reason, offset) {
    super(`${reason} at byte ${offset}`);
    this.offset = offset;
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const SHORT = 32;
const encoder = new TextEncoder();

/** Reads forward through one buffer; every method throws DecodeError instead of reading past the end. */
export class Reader {
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

  str() {
    const length = this.uv();
    const bytes = this.take(length);
    let text = '';
    // A loop beats the decoder on short ASCII.
    for (let n = 0; n < length && length < SHORT; n++) {
      if (bytes[n] > 127) return this.#decode(bytes);
      text += String.fromCharCode(bytes[n]);
    }
    return length < SHORT ? text : this.#decode(bytes);
  }

  /** @param {Uint8Array} bytes */
  #decode(bytes) {
    try {
      return decoder.decode(bytes);
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
    this.sized(encoder.encode(text));
  }

  /** Bytes behind their length. @param {ArrayLike<number>} bytes */
  sized(bytes) {
    this.uv(bytes.length);
    this.raw(bytes);
  }

  /** @param {ArrayLike<number>} bytes */
  raw(bytes) {
    for (let n = 0; n < bytes.length; n++) this.out.push(bytes[n]);
  }

  bytes() {
    return Uint8Array.from(this.out);
  }
}

/** @param {Uint8Array[]} parts */
export function join(parts) {
  if (parts.length === 1) return parts[0];
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
