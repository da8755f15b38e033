// The server's half of the codec: nodes and ops in the words of the golden vectors, written.

import { Writer } from '../../python/vango/client/codec.js';

/** @param {string} hex */
export const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16));

/** @param {Iterable<number>} data */
export const hex = (data) => Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** @param {Writer} w @param {any} node a node as the vectors write it */
export function writeNode(w, node) {
  if ('text' in node || 'raw' in node) {
    w.uv('text' in node ? 3 : 4);
    w.uv(node.hid);
    w.str(node.text ?? node.raw);
    return;
  }
  w.uv(1);
  w.uv(node.hid);
  w.str(node.tag);
  w.uv(node.events);
  w.uv(node.attrs.length);
  for (const text of node.attrs.flat()) w.str(text);
  w.uv(node.children.length);
  for (const child of node.children) writeNode(w, child);
}

/** The bytes of patches as the vectors write them. @param {any[]} patches */
export function writeOps(patches) {
  const w = new Writer();
  for (const p of patches) {
    if (p.op === 'set_text') op(w, 1, [p.hid], [p.text]);
    else if (p.op === 'set_attr') op(w, 2, [p.hid], [p.name, p.value]);
    else if (p.op === 'remove') op(w, 3, [p.hid], []);
    else if (p.op === 'set_events') op(w, 5, [p.hid, p.events], []);
    else if (p.op === 'insert') {
      op(w, 4, [p.parent, p.before], []);
      writeNode(w, p.node);
    } else {
      const inner = new Writer();
      if (p.op === 'move') for (const hid of [p.hid, p.parent, p.before]) inner.uv(hid);
      else {
        inner.uv(p.hid);
        inner.str(p.name);
      }
      w.uv(p.op === 'move' ? 0x11 : 0x10);
      w.sized(inner.out);
    }
  }
  return w.bytes();
}

/** @param {Writer} w @param {number} code @param {number[]} numbers @param {string[]} texts */
function op(w, code, numbers, texts) {
  w.uv(code);
  for (const number of numbers) w.uv(number);
  for (const text of texts) w.str(text);
}
