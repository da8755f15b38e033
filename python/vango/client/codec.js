// Numbers and texts of the wire as bytes (PROTOCOL 1.1).

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
    const bit = bytes.length < SMALL;
    let text = '';
    let n = start;
    for (; n < end && bytes[n] < 128; n++) if (bit) text += String.fromCharCode(bytes[n]);
    if (n === end) return bit ? text : (this.#chars ??= latin1.decode(bytes)).slice(start, end);
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
    const bytes = new Uint8Array(this.out.length);
    for (let n = 0; n < bytes.length; n++) bytes[n] = this.out[n];
    return bytes;
  }
}
