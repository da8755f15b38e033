// Deflated payloads, inflated by the browser (PROTOCOL 1.3).

/** The inflated bytes of one raw-deflate stream; null if it is not one, or says more than `max` bytes. @param {Uint8Array} bytes @param {number} max */
export async function inflate(bytes, max) {
  const parts = [];
  let size = 0;
  try {
    const stream = new Blob([/** @type {any} */ (bytes)]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    for (const reader = stream.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      if ((size += value.length) > max) {
        await reader.cancel();
        return null;
      }
    }
  } catch {
    return null;
  }
  return new Uint8Array(await new Blob(/** @type {any} */ (parts)).arrayBuffer());
}
