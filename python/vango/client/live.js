// The map from hids to the nodes of the document, filled from the page as it was served (PROTOCOL 3.1).
//
// Invariants: `nodes.size` is the count of live hids; an entry knows its children by itself, so freeing a
// subtree needs no look at the DOM, which translators and extensions may have rearranged.

export const ELEMENT = 1;
export const TEXT = 3;
export const RAW = 4;

/** The kinds that are observed, not listened to: resize, in-view, out-of-view. */
export const OBSERVED = (1 << 18) | (1 << 29) | (1 << 30);

export const ENTRY = Symbol('vango');
/** Elements that a parser adds. */
const IMPLIED = /^(tbody|colgroup|tr)$/;

/**
 * Entries by their hids; `reveal` makes those that a node may be below of, `text` finds a text without making any.
 * @typedef {Pick<Map<number, Entry>, 'size' | 'has' | 'get' | 'set' | 'delete' | 'clear' | 'values'> & {reveal?: (node: any) => void, text?: (hid: number) => Text | undefined}} Known
 */

/** A live node: where it is in the tree of the server (`up`) and in the document (`at`). */
export class Entry {
  /** @type {Entry | null} */
  up = null;
  /** @type {Node | null} */
  at = null;
  /** The first child, in no order, and its siblings. @type {Entry | null} */
  kid = null;
  /** @type {Entry | null} */
  prev = null;
  /** @type {Entry | null} */
  next = null;
  /** Nodes that have no entries yet. @type {import('./entries.js').Below | null} */
  below = null;

  /**
   * @param {number} hid
   * @param {number} kind ELEMENT, TEXT or RAW
   * @param {any} node of raw HTML the comment in front
   * @param {Node} end the comment behind it
   */
  constructor(hid, kind, node, bits = 0, end = node) {
    this.hid = hid;
    this.kind = kind;
    this.node = node;
    this.bits = bits;
    this.end = end;
    node[ENTRY] = this;
  }
}

/** Where the children of an element are kept. @param {Node} node @returns {Node} */
export const inside = (node) => (node instanceof HTMLTemplateElement ? node.content : node);

export class Live {
  /** @type {Known} */
  nodes = new Map();
  /** @type {Entry | null} */
  root = null;
  /** Event kinds that some node has listened to, as bits. */
  listening = 0;
  /** Nodes whose size or view somebody has asked for since this was last emptied. @type {Entry[]} */
  watched = [];
  /** Elements whose `data-on` was written since this was last emptied. @type {Element[]} */
  said = [];
  #last = 0;

  /** The entry of a DOM node, if it is live. @param {any} node @returns {Entry | undefined} */
  entryOf(node) {
    if (!node[ENTRY]) this.nodes.reveal?.(node);
    const entry = node[ENTRY];
    return entry && this.nodes.get(entry.hid) === entry ? entry : undefined;
  }

  /** From now on the entry is live. @param {Entry} entry */
  add(entry) {
    const { nodes } = this;
    if (nodes.has(entry.hid)) throw new Error(`hid ${entry.hid} twice`);
    nodes.set(entry.hid, entry);
    if (entry.bits) this.listen(entry);
  }

  /** The event bits of a node are new. @param {Entry} entry */
  listen(entry) {
    this.listening |= entry.bits;
    if (entry.bits & OBSERVED) this.watched.push(entry);
  }

  /** Hang an entry under its parent. @param {Entry} entry @param {Entry | null} up @param {Node | null} at where it is, or will be, in the document */
  link(entry, up, at = entry.node.parentNode) {
    entry.up = up;
    entry.at = at;
    if (!up) this.root = entry;
    else {
      if ((entry.next = up.kid)) up.kid.prev = entry;
      up.kid = entry;
    }
  }

  /**
   * Fill the map from a page as it was served; false if it is not what the server wrote.
   * @param {HTMLElement} body @param {number} [count]
   * @param {string} [embeds] selects the children of a root that is not in the document: somebody else's page shows them
   */
  adopt(body, count, embeds) {
    /** @type {Element[]} */
    const mounts = embeds ? [...body.querySelectorAll(embeds)] : [];
    /** @type {any} */
    const root = embeds ? document.createElement('vango-root') : ([...body.childNodes].find(isRoot) ?? body.insertBefore(new Text(), body.firstChild));
    try {
      const up = embeds ? this.#add(1, ELEMENT, root, null) : null;
      for (const node of embeds ? mounts : [root]) this.#visit(node, up);
      return this.nodes.size === count;
    } catch {
      // All that is known is where they stand.
      this.nodes.clear();
      this.link(new Entry(0, embeds ? ELEMENT : 0, root), null);
      for (const mount of mounts) {
        mount.replaceChildren();
        this.link(new Entry(0, ELEMENT, mount), this.root);
      }
      return false;
    }
  }

  /** Raw HTML is stepped over, whatever it says of itself. @param {ChildNode} node @param {Entry | null} up @returns {ChildNode | null} what comes after it */
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
    if (!(hid > 0)) throw new Error('no hid');
    const entry = new Entry((this.#last = hid), kind, node, bits, end);
    this.add(entry);
    this.link(entry, up);
    return entry;
  }
}

/** The root may be no element. @param {any} node */
const isRoot = (node) => node.dataset?.hid ?? (node instanceof Comment ? /^1\[?$/ : /\S/).test(node.data ?? '');

/** Parsers cut long texts into several nodes. @param {Text} text */
function whole(text) {
  for (let next; (next = text.nextSibling) instanceof Text; next.remove()) text.appendData(next.data);
  return text;
}
