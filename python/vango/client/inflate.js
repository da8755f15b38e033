// Deflated payloads, inflated by the browser (PROTOCOL 1.3).

/** The inflated bytes of one raw-deflate stream; null if it is not one, or says more than `max` bytes. @param {Uint8Array} bytes @param {number} max */
export async function inflate(bytes, max) {
  const parts = [];
  let size = 0;
  try {
    const { readable, writable } = new DecompressionStream('deflate-raw');
    // Written directly: a Blob in between takes milliseconds. What fails here, the reader tells too.
    const writer = writable.getWriter();
    const ignore = () => {};
    writer.write(/** @type {any} */ (bytes)).catch(ignore);
    writer.close().catch(ignore);
    for (const reader = readable.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      if ((size += value.length) > max) {
        reader.cancel().catch(ignore);
        return null;
      }
    }
  } catch {
    return null;
  }
  return join(parts, size);
}

/** @param {Uint8Array[]} parts @param {number} size of all */
export function join(parts, size) {
  if (parts.length === 1) return parts[0];
  const whole = new Uint8Array(size);
  let at = 0;
  for (const bytes of parts) {
    whole.set(bytes, at);
    at += bytes.length;
  }
  return whole;
}
