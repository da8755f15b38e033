// Reading the ops of a burst that make, move and remove nodes, and its effects (PROTOCOL 1.5).

import { Reader } from './codec.js';
import { readEffect, readNode } from './nodes.js';
import { attrName } from './view.js';

/**
 * What receives these ops; `effects` takes what is to be done when the burst has held.
 * @typedef {object} Sink
 * @property {import('./nodes.js').Effect[]} effects
 * @property {(hid: number) => void} remove
 * @property {(parent: number, before: number, node: import('./nodes.js').WireNode) => void} insert
 * @property {(hid: number, name: string, value: null) => void} setAttr
 * @property {(hid: number, parent: number, before: number) => void} move
 */

/** @param {number} op @param {Reader} r @param {Sink} sink */
export function readMore(op, r, sink) {
  if (op === 3) sink.remove(r.hid());
  else if (op === 4) sink.insert(r.hid(0), r.hid(0), readNode(r));
  else if (op === 0x10 || op === 0x11) {
    const inner = new Reader(r.take(r.uv()));
    if (op === 0x10) sink.setAttr(inner.hid(), attrName(inner), null);
    else sink.move(inner.hid(), inner.hid(0), inner.hid(0));
    if (inner.left) r.fail('bytes left over');
  } else readEffect(op, r, sink.effects);
}
