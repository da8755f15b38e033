// The served page becomes the live document (PROTOCOL 3.1).

import { Entry, inside } from './live.js';
import { ELEMENT, RAW, TEXT } from './ops.js';

/** @typedef {import('./live.js').Live} Live */

const IMPLIED = /^(tbody|colgroup|tr)$/; // elements that a parser adds

/**
 * Fill an empty map from the page. Raw HTML is stepped over, whatever it says of itself.
 * @param {Live} live @param {HTMLElement} body
 * @returns {boolean} false if these are not exactly `count` nodes; then only a snapshot helps
 */
export function adopt(live, body, count = 0) {
  const first =
    body.querySelector('[data-hid]') ?? [...body.childNodes].find(isRootMark) ?? body.insertBefore(new Text(), body.firstChild);
  let last = 0;

  /** @param {number} hid @param {number} kind @param {Node} node @param {Entry | null} up */
  const add = (hid, kind, node, up, bits = 0, end = node) => {
    if (!(hid > last)) throw new RangeError(`hid ${hid} after ${last}`);
    last = hid;
    const entry = new Entry(hid, kind, node, bits, end);
    live.register([entry]);
    live.link(entry, up);
    return entry;
  };

  /** @param {Node} parent @param {Entry} up */
  const children = (parent, up) => {
    for (let node = parent.firstChild; node; ) node = visit(node, up);
  };

  /** @param {Node} node @param {Entry | null} up @returns {ChildNode | null} what comes after it */
  const visit = (node, up) => {
    if (node instanceof Text) {
      add(last + 1, TEXT, whole(node), up);
    } else if (node instanceof Comment) {
      const [, hid, raw] = /^(\d+)(\[?)$/.exec(node.data) ?? [];
      if (raw) {
        const end = closing(node, hid);
        add(+hid, RAW, node, up, 0, end);
        return end.nextSibling;
      }
      if (hid) {
        const next = node.nextSibling;
        const text = next instanceof Text ? whole(next) : new Text();
        node.replaceWith(text);
        add(+hid, TEXT, text, up);
        return text.nextSibling;
      }
    } else if (node instanceof Element) {
      const hid = node.getAttribute('data-hid');
      if (hid) {
        const entry = add(+hid, ELEMENT, node, up, Number(node.getAttribute('data-ev')));
        if (node.localName !== 'textarea') children(inside(node), entry);
      } else if (up && IMPLIED.test(node.localName)) {
        children(node, up);
      }
    }
    return node.nextSibling;
  };

  try {
    visit(first, null);
    return live.nodes.size === count;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    live.reset(first);
    return false;
  }
}

/** The root may be no element. @param {ChildNode} node */
const isRootMark = (node) => (node instanceof Comment ? /^1\[?$/.test(node.data) : node instanceof Text && /\S/.test(node.data));

/** Parsers cut long texts into several nodes. @param {Text} text */
function whole(text) {
  while (text.nextSibling instanceof Text) {
    text.appendData(text.nextSibling.data);
    text.nextSibling.remove();
  }
  return text;
}

/** @param {Comment} open @param {string} hid */
function closing(open, hid) {
  for (let node = open.nextSibling; node; node = node.nextSibling) {
    if (node instanceof Comment && node.data === `]${hid}`) return node;
  }
  throw new RangeError(`raw HTML ${hid} has no end`);
}
