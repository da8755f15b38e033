// From DOM events to events of the protocol.
//
// One listener per kind stands at the document, from when the kind is first listened to. Who listens is
// decided by the event bits in the client's own map; the attribute `data-on` only refines.

import { KINDS, encodeFields, gather } from './fields.js';
import { OBSERVED } from './live.js';

/**
 * @typedef {import('./live.js').Entry} Entry
 * @typedef {import('./live.js').Live} Live
 * @typedef {import('./outbox.js').Outgoing} Outgoing
 */

/** DOM events that stand for kinds of another name: these bubble. @type {Record<string, string>} */
const BUBBLING = { focus: 'focusin', blur: 'focusout', pointerenter: 'pointerover', pointerleave: 'pointerout' };
const OWN = /^(scroll|toggle|load|error)$/; // do not bubble, so only the node itself is meant
const CROSSING = /^pointer(enter|leave)$/; // concern every node whose border is crossed
const LATEST = /^(input|scroll|resize|wheel)$/;
const DROP = /^(pointermove|pointerenter|pointerleave|dragover)$/;
const RESIZE = KINDS.indexOf('resize');
const IN_VIEW = KINDS.indexOf('in-view');
const OUT_OF_VIEW = KINDS.indexOf('out-of-view');
const NOTHING = new Uint8Array(0);

export class Events {
  #bound = 0;
  /** What the observers have said of a node last. @type {WeakMap<Element, Record<string, any>>} */ #seen = new WeakMap();
  /** @type {IntersectionObserver | undefined} */ #views;
  /** @type {ResizeObserver | undefined} */ #sizes;

  /** Where events go; the socket knows. @type {(event: Outgoing) => void} */
  send = () => {};

  /** @param {Document} page @param {Live} live @param {import('./inputs.js').Inputs} inputs */
  constructor(page, live, inputs) {
    this.page = page;
    this.live = live;
    this.inputs = inputs;
  }

  /** Listen to the kinds that the map has come to name. */
  sync() {
    const fresh = this.live.listening & ~this.#bound & ~OBSERVED;
    for (let kind = 0; fresh >> kind; kind++) if (fresh & (1 << kind)) this.#bind(kind);
    this.#bound |= fresh;
    this.#observe();
  }

  /** @param {number} kind */
  #bind(kind) {
    const name = KINDS[kind];
    const options = { capture: OWN.test(name), passive: false };
    this.page.addEventListener(BUBBLING[name] ?? name, (event) => this.#dispatch(kind, event), options);
  }

  /** @param {number} kind @param {Event} event */
  #dispatch(kind, event) {
    const name = KINDS[kind];
    const { relatedTarget } = /** @type {MouseEvent} */ (event);
    let node = /** @type {Node | null} */ (event.target);
    if (node === this.page) node = this.live.root?.node ?? null; // the window's own scrolling
    for (; node; node = node.parentNode) {
      const entry = this.live.entryOf(node);
      if (entry && entry.bits & (1 << kind)) {
        if (!CROSSING.test(name)) return this.#emit(entry, kind, event);
        if (!(relatedTarget instanceof Node && node.contains(relatedTarget))) this.#emit(entry, kind, event);
      }
      if (OWN.test(name)) return;
    }
  }

  /** @param {Entry} entry @param {number} kind @param {Event} [event] @param {import('./fields.js').Fields} [fields] */
  #emit(entry, kind, event, fields) {
    const name = KINDS[kind];
    const options = optionsOf(entry.element.getAttribute('data-on'), name);
    if (options.includes('prevent')) event?.preventDefault();
    const payload = options.includes('fields') ? encodeFields(fields ?? gather(name, event)) : NOTHING;
    const policy = LATEST.test(name) ? 'latest' : DROP.test(name) ? 'drop' : 'queue';
    const target = /** @type {any} */ (event?.target);
    const told = name === 'submit' ? target.elements : name === 'input' || name === 'change' ? [target] : [];
    this.send({ hid: entry.hid, kind, payload, policy, numbered: this.inputs.ticket(told) });
  }

  /** Sizes and views have no events: every node that wants them is observed. */
  #observe() {
    this.#views ??= new IntersectionObserver((changes) => {
      for (const { target, isIntersecting, intersectionRatio } of changes) {
        const fields = { json: String(intersectionRatio) };
        this.#report(target, isIntersecting ? IN_VIEW : OUT_OF_VIEW, 'view', isIntersecting, fields);
      }
    });
    this.#sizes ??= new ResizeObserver((changes) => {
      for (const { target } of changes) {
        const { offsetWidth: x, offsetHeight: y } = /** @type {HTMLElement} */ (target);
        this.#report(target, RESIZE, 'size', `${x} ${y}`, { x, y });
      }
    });
    for (const { element, bits } of this.live.watched.splice(0)) {
      if (!this.#seen.has(element)) this.#seen.set(element, {});
      if (bits & (1 << RESIZE)) this.#sizes.observe(element);
      if (bits >> IN_VIEW) this.#views.observe(element);
    }
  }

  /**
   * An observer speaks at once of what it finds; that is news only of a node in view.
   * @param {Element} element @param {number} kind @param {string} what @param {any} value
   * @param {import('./fields.js').Fields} fields
   */
  #report(element, kind, what, value, fields) {
    const entry = this.live.entryOf(element);
    const seen = this.#seen.get(element);
    if (!entry || !seen) {
      this.#views?.unobserve(element);
      this.#sizes?.unobserve(element);
      this.#seen.delete(element);
      return;
    }
    const news = what in seen ? seen[what] !== value : value === true;
    seen[what] = value;
    if (news && entry.bits & (1 << kind)) this.#emit(entry, kind, undefined, fields);
  }
}

/** The options of one kind in a `data-on`. @param {string | null} grammar @param {string} kind @returns {string[]} */
function optionsOf(grammar, kind) {
  const entry = grammar?.split(' ').find((each) => each.startsWith(`${kind}:`));
  return entry ? entry.slice(kind.length + 1).split(',') : [];
}
