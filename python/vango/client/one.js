// Most messages are one DIFF, and most of these set one text: a count, a clock, what somebody types elsewhere. It is
// read as it lies, and there is nothing to take back of it.

import { Reader } from './codec.js';
import { TEXT } from './live.js';
import { COMMON } from './messages.js';
import { SET_TEXT } from './patch.js';

const DIFF = 0x42;
/** @type {import('./patch.js').Writes} */
const NO_WRITES = new Map();

/** The DIFF of which a short message consists, as most do; undefined where it is anything else. @param {Uint8Array} bytes @returns {import('./messages.js').Message | undefined} */
export function onlyDiff(bytes) {
  // Its length stands in one byte.
  if (bytes.length < 129 && bytes[0] === bytes.length - 1 && bytes[1] === DIFF && !bytes[2]) return COMMON[DIFF][1](new Reader(bytes, 3));
}

/**
 * Set the one text that a burst consists of.
 * @param {import('./live.js').Live} live @param {import('./forms.js').Forms | null} forms @param {Uint8Array} burst @param {number} [count]
 * @returns {boolean} false if it is another burst, or not all is as it should be; nothing has changed then
 */
export function setOne({ nodes }, forms, burst, count) {
  if (burst[0] !== SET_TEXT || nodes.size !== count) return false;
  const reader = new Reader(burst, 1);
  const hid = reader.hid();
  const text = reader.str();
  if (reader.left) return false;
  let node = nodes.text?.(hid);
  if (!node) {
    const entry = nodes.get(hid);
    if (entry?.kind !== TEXT || entry.node.parentNode !== entry.at) return false;
    ({ node } = entry);
  }
  /** @type {Text} */ (node).data = text;
  forms?.write(NO_WRITES);
  return true;
}
