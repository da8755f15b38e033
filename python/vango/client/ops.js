// Reading the ops of a burst that make, move and remove nodes, many texts at once, and its effects (PROTOCOL 1.5, 1.13).

import { Reader } from './codec.js';
import { readEffect, readNode } from './nodes.js';
import { attrName } from './patch.js';

/**
 * What receives these ops; `effects` takes what is to be done when the burst has held.
 * @typedef {object} Sink
 * @property {import('./nodes.js').Effect[]} effects
 * @property {(hid: number, text: string) => void} setText
 * @property {(hid: number) => void} remove
 * @property {(parent: number, before: number, node: import('./nodes.js').WireNode) => void} insert
 * @property {(hid: number, name: string, value: null) => void} setAttr
 * @property {(hid: number, parent: number, before: number) => void} move
 */

const MAX_HID = 2 ** 32 - 1;
/** No UTF-8 holds this byte. */
const END_OF_TEXT = 0xff;

/** @param {number} op @param {Reader} r @param {Sink} sink */
export function readMore(op, r, sink) {
  if (op === 3) sink.remove(r.hid());
  else if (op === 4) sink.insert(r.hid(0), r.hid(0), readNode(r));
  else if (op > 0x0f && op < 0x13) {
    const inner = new Reader(r.take(r.uv()));
    if (op === 0x10) sink.setAttr(inner.hid(), attrName(inner), null);
    else if (op === 0x11) sink.move(inner.hid(), inner.hid(0), inner.hid(0));
    else readTexts(inner, sink);
    if (inner.left) r.fail('bytes left over');
  } else readEffect(op, r, sink.effects);
}

/** The hids, each as how far it is from the one before, then the texts. @param {Reader} r @param {Sink} sink */
function readTexts(r, sink) {
  let hid = 0;
  const hids = r.list(() => {
    hid += r.hid();
    if (hid > MAX_HID) r.fail('hid too large');
    return hid;
  });
  for (const hid of hids) {
    const length = r.bytes.indexOf(END_OF_TEXT, r.pos) - r.pos;
    if (length < 0) r.fail('truncated');
    sink.setText(hid, r.str(length));
    r.pos++;
  }
}
