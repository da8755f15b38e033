// The document of the page: adopted as it was served (PROTOCOL 3.1), then kept at what the server says.

import { Burst } from './apply.js';
import { Reader } from './codec.js';
import { Events } from './events.js';
import { Inputs } from './inputs.js';
import { Entry, Live, inside } from './live.js';
import { morph } from './morph.js';
import { ELEMENT, RAW, TEXT, readOps, readSnapshot } from './ops.js';

/** How many bytes of the burst `04 0 0 node` stand before the node. */
const REPLACE_ROOT = 3;
/** Elements that a parser adds. */
const IMPLIED = /^(tbody|colgroup|tr)$/;

export class View {
  live = new Live();
  #last = 0;

  /** @param {Document} page @param {number} [count] how many nodes the server has written */
  constructor(page, count) {
    this.inputs = new Inputs(page);
    this.events = new Events(page, this.live, this.inputs);
    /** The page is what the server believes it to be; if not, only a snapshot helps. */
    this.adopted = this.#adopt(page.body) && this.live.nodes.size === count;
    this.inputs.adopt(page.body);
    this.events.sync();
  }

  /**
   * Apply the ops of one burst, all or none.
   * @param {Uint8Array} burst
   * @param {Partial<import('./follower.js').BurstInfo>} [info]
   * @returns {Set<number>} elements that something else has rearranged: to be fetched again, 0 is everything
   * @throws {Error} it cannot be applied; nothing has changed
   */
  apply = (burst, { snapshot = false, sameEpoch = true, count } = {}) => {
    const { live, inputs } = this;
    const ops = new Burst(live);
    if (snapshot) {
      morph(live, readSnapshot(new Reader(burst, REPLACE_ROOT)), sameEpoch, inputs, count);
    } else {
      try {
        readOps(new Reader(burst), ops);
        ops.check(count);
      } catch (error) {
        ops.rollback();
        throw error;
      }
      for (const write of newest(ops.writes)) inputs.write(write);
    }
    this.events.sync();
    return ops.strays;
  };

  /** Fill the map from the page. Raw HTML is stepped over, whatever it says of itself. @param {HTMLElement} body */
  #adopt(body) {
    const root =
      body.querySelector('[data-hid]') ?? [...body.childNodes].find(isRootMark) ?? body.insertBefore(new Text(), body.firstChild);
    try {
      this.#visit(root, null);
      return true;
    } catch {
      // All that is known is where the root stands.
      this.live.nodes.clear();
      this.live.link(new Entry(0, 0, root), null);
      return false;
    }
  }

  /** @param {ChildNode} node @param {Entry | null} up @returns {ChildNode | null} what comes after it */
  #visit(node, up) {
    if (node instanceof Text) {
      this.#add(this.#last + 1, TEXT, whole(node), up);
    } else if (node instanceof Comment) {
      const [, hid, raw] = /^(\d+)(\[?)$/.exec(node.data) ?? [];
      if (raw) {
        /** @type {any} */
        let end = node;
        while (end.data !== `]${hid}` || !(end instanceof Comment)) end = end.nextSibling;
        this.#add(+hid, RAW, node, up, 0, end);
        return end.nextSibling;
      }
      if (hid) {
        const next = node.nextSibling;
        const text = next instanceof Text ? whole(next) : new Text();
        node.replaceWith(text);
        this.#add(+hid, TEXT, text, up);
        return text.nextSibling;
      }
    } else if (node instanceof Element) {
      const hid = node.getAttribute('data-hid');
      if (hid) up = this.#add(+hid, ELEMENT, node, up, Number(node.getAttribute('data-ev')));
      if (node.localName !== 'textarea' && (hid || IMPLIED.test(node.localName))) {
        for (let child = inside(node).firstChild; child; ) child = this.#visit(child, up);
      }
    }
    return node.nextSibling;
  }

  /** @param {number} hid @param {number} kind @param {Node} node @param {Entry | null} up */
  #add(hid, kind, node, up, bits = 0, end = node) {
    if (!(hid > this.#last)) throw new Error('hids do not ascend');
    const entry = new Entry((this.#last = hid), kind, node, bits, end);
    this.live.register([entry]);
    this.live.link(entry, up);
    return entry;
  }
}

/** The root may be no element. @param {ChildNode} node */
const isRootMark = (node) => (node instanceof Comment ? /^1\[?$/ : /\S/).test(node.nodeValue ?? '');

/** Parsers cut long texts into several nodes. @param {Text} text */
function whole(text) {
  for (let next; (next = text.nextSibling) instanceof Text; next.remove()) text.appendData(next.data);
  return text;
}

/**
 * Several flushes in one burst may write one property several times: only the last one counts.
 * @param {import('./live.js').Write[]} writes
 */
function newest(writes) {
  /** @type {Map<Element, Map<string, import('./live.js').Write>>} */
  const last = new Map();
  for (const write of writes) {
    const names = last.get(write.element) ?? new Map();
    last.set(write.element, names);
    names.set(write.name, write);
  }
  return [...last.values()].flatMap((names) => [...names.values()]);
}
