// The map from hids to the nodes of the document.
//
// Invariants: `nodes.size` is the count of live hids; an entry knows its children by itself, so freeing a
// subtree needs no look at the DOM, which translators and extensions may have rearranged.

/** A burst that cannot be applied; it has left nothing behind. */
export class PatchError extends Error {}

/** The kinds that are observed, not listened to: resize, in-view, out-of-view. */
export const OBSERVED = (1 << 18) | (1 << 29) | (1 << 30);

const ENTRY = Symbol('vango');

/** A live node: where it is in the tree of the server (`up`) and in the document (`at`). */
export class Entry {
  /** @type {Entry | null} */ up = null;
  /** @type {Node | null} */ at = null;
  /** First child, in no order. @type {Entry | null} */ kid = null;
  /** @type {Entry | null} */ prev = null;
  /** @type {Entry | null} */ next = null;

  /**
   * @param {number} hid @param {number} kind ELEMENT, TEXT or RAW
   * @param {Node} node of raw HTML the comment in front @param {Node} end the comment behind it
   */
  constructor(hid, kind, node, bits = 0, end = node) {
    this.hid = hid;
    this.kind = kind;
    this.node = node;
    this.bits = bits;
    this.end = end;
    /** @type {any} */ (node)[ENTRY] = this;
  }

  /** The element; its kind was checked. */
  get element() {
    return /** @type {Element} */ (this.node);
  }

  /** The DOM nodes, several for raw HTML. @returns {Node[]} */
  get span() {
    const { node, end } = this;
    const nodes = [node];
    if (node === end) return nodes;
    if (node.parentNode === end.parentNode) {
      for (let next = node.nextSibling; next && next !== end; next = next.nextSibling) nodes.push(next);
    }
    nodes.push(end);
    return nodes;
  }
}

/** Where the children of an element are kept. @param {Node} node @returns {Node} */
export const inside = (node) => (node instanceof HTMLTemplateElement ? node.content : node);

/** Put a node, or all nodes of raw HTML, in front of `before`. @param {Entry} entry @param {Node} parent @param {Node | null} before */
export function place(entry, parent, before) {
  if (entry.node === entry.end) parent.insertBefore(entry.node, before);
  else for (const node of entry.span) parent.insertBefore(node, before);
}

export class Live {
  /** @type {Map<number, Entry>} */ nodes = new Map();
  /** @type {Entry | null} */ root = null;
  /** Event kinds that some node has listened to, as bits. */
  listening = 0;
  /** Nodes whose size or view somebody has asked for since this was last emptied. @type {Entry[]} */ watched = [];

  /** Know nothing but where the root stands, so that a snapshot replaces it. @param {Node} node */
  reset(node) {
    this.nodes.clear();
    this.link(new Entry(0, 0, node), null);
  }

  /** The entry of a DOM node, if it is live. @param {Node} node @returns {Entry | undefined} */
  entryOf(node) {
    const entry = /** @type {any} */ (node)[ENTRY];
    return entry && this.nodes.get(entry.hid) === entry ? entry : undefined;
  }

  /** All or none become live. @param {Entry[]} entries */
  register(entries) {
    entries.forEach((entry, n) => {
      if (this.nodes.has(entry.hid)) {
        for (const done of entries.slice(0, n)) this.nodes.delete(done.hid);
        throw new PatchError(`hid ${entry.hid} twice`);
      }
      this.nodes.set(entry.hid, entry);
      if (entry.bits) this.listen(entry);
    });
  }

  /** Its event bits are new. @param {Entry} entry */
  listen(entry) {
    this.listening |= entry.bits;
    if (entry.bits & OBSERVED) this.watched.push(entry);
  }

  /** Hang an entry, already in the document, under its parent. @param {Entry} entry @param {Entry | null} up */
  link(entry, up) {
    entry.up = up;
    entry.at = entry.node.parentNode;
    if (!up) {
      this.root = entry;
      return;
    }
    entry.next = up.kid;
    if (up.kid) up.kid.prev = entry;
    up.kid = entry;
  }

  /** @param {Entry} entry */
  unlink(entry) {
    if (entry.prev) entry.prev.next = entry.next;
    else if (entry.up) entry.up.kid = entry.next;
    else this.root = null;
    if (entry.next) entry.next.prev = entry.prev;
    entry.up = entry.prev = entry.next = null;
  }

  /** Take a subtree out of the map; what left, parents first. @param {Entry} entry */
  free(entry) {
    const gone = [entry];
    for (const each of gone) {
      this.nodes.delete(each.hid);
      for (let kid = each.kid; kid; kid = kid.next) gone.push(kid);
    }
    return gone;
  }
}
