// What a browser makes of an address: one JSON text a line in, one a line out, `null` where it is none.

import { createInterface } from 'node:readline';

for await (const line of createInterface({ input: process.stdin })) {
  const [text, base] = JSON.parse(line);
  const url = parsed(text, base);
  console.log(JSON.stringify(url && { origin: url.origin, path: url.pathname, query: url.search, hash: url.hash }));
}

/** @param {string} text @param {string} base */
function parsed(text, base) {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}
