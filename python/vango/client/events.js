// From DOM events to events of the protocol (PROTOCOL 1.8 to 1.10).
//
// One listener per kind stands at the document, from when the kind is first listened to. Who listens is
// decided by the event bits in the client's own map; the attribute `data-on` only refines.

import { KINDS, encodeFields, gather } from './fields.js';
import { OBSERVED } from './live.js';

/**
 * @typedef {import('./live.js').Entry} Entry
 * @typedef {import('./outbox.js').Outgoing} Outgoing
 */

/** DOM events that stand for kinds of another name: these bubble. @type {Record<string, string>} */
const BUBBLING = { focus: 'focusin', blur: 'focusout', pointerenter: 'pointerover', pointerleave: 'pointerout' };
/** Kinds that do not bubble: only the node itself is meant. */
const OWN = /^(scroll|toggle|load|error)$/;
/** Kinds that concern every node whose border is crossed. */
const CROSSING = /^pointer(enter|leave)$/;
const LATEST = /^(input|scroll|resize|wheel)$/;
const DROP = /^(pointermove|pointerenter|pointerleave|dragover)$/;

export class Events {
  /** Where events go; the socket knows. @type {(event: Outgoing) => void} */
  send = () => {};
  #bound = OBSERVED;

  /** @param {Document} page @param {import('./live.js').Live} live @param {import('./inputs.js').Inputs} inputs */
  constructor(page, live, inputs) {
    this.page = page;
    this.live = live;
    this.inputs = inputs;
  }

  /** Listen to the kinds that the map has come to name. */
  sync() {
    const { live, page } = this;
    const fresh = live.listening & ~this.#bound;
    this.#bound |= fresh;
    for (let kind = 0; fresh >> kind; kind++) {
      const name = KINDS[kind];
      const options = { capture: OWN.test(name), passive: false };
      const type = BUBBLING[name] ?? name;
      if ((fresh >> kind) & 1) page.addEventListener(type, (event) => this.#dispatch(kind, event), options);
    }
    // Sizes and views have no events that bubble; few pages want them.
    if (live.watched.length) import('./observe.js').then(({ observe }) => observe(this, live.watched.splice(0)));
  }

  /** @param {number} kind @param {any} event */
  #dispatch(kind, event) {
    const name = KINDS[kind];
    const { target, relatedTarget } = event;
    // The document scrolls for its root.
    for (let node = target === this.page ? this.live.root?.node : target; node; node = node.parentNode) {
      const entry = this.live.entryOf(node);
      const crossing = CROSSING.test(name);
      if (entry && (entry.bits >> kind) & 1 && !(crossing && relatedTarget && node.contains(relatedTarget))) {
        this.emit(entry, kind, event);
        if (!crossing) return;
      }
      if (OWN.test(name)) return;
    }
  }

  /**
   * @param {Entry} entry
   * @param {number} kind
   * @param {any} event
   * @param {import('./fields.js').Fields} [fields] what the event itself does not say
   */
  emit({ hid, node }, kind, event, fields) {
    const name = KINDS[kind];
    const { target } = event;
    const options = new RegExp(`(?:^| )${name}:(\\S*)`).exec(node.getAttribute('data-on'))?.[1].split(',') ?? [];
    if (options.includes('prevent')) event.preventDefault();
    const payload = options.includes('fields') ? encodeFields(fields ?? gather(name, event)) : new Uint8Array(0);
    const policy = LATEST.test(name) ? 'latest' : DROP.test(name) ? 'drop' : 'queue';
    const told = name === 'submit' ? target.elements : /^(input|change)$/.test(name) ? [target] : [];
    this.send({ hid, kind, payload, policy, numbered: this.inputs.ticket(told) });
  }
}
