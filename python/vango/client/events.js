// From DOM events to events of the protocol (PROTOCOL 1.8 to 1.10).
//
// One listener per kind stands at the document, from when the kind is first listened to. Who listens is
// decided by the event bits in the client's own map; the attribute `data-on` only refines.

import { OBSERVED } from './live.js';

/**
 * @typedef {import('./live.js').Entry} Entry
 * @typedef {import('./outbox.js').Outgoing} Outgoing
 */

/** Kinds of events by their number. */
export const KINDS = (
  'click dblclick input change submit reset focus blur keydown keyup pointerdown pointerup pointermove ' +
  'pointerenter pointerleave contextmenu wheel scroll resize dragstart dragover drop dragend copy cut paste ' +
  'toggle load error in-view out-of-view'
).split(' ');

/** DOM events that stand for kinds of another name: these bubble. @type {Record<string, string>} */
const BUBBLING = { focus: 'focusin', blur: 'focusout', pointerenter: 'pointerover', pointerleave: 'pointerout' };
/** Kinds that do not bubble: only the node itself is meant. */
const OWN = /^(scroll|toggle|load|error)$/;
/** Kinds that concern every node whose border is crossed. */
const CROSSING = /^pointer(enter|leave)$/;
const LATEST = /^(input|scroll|resize|wheel)$/;
const DROP = /^(pointermove|pointerenter|pointerleave|dragover)$/;
/** @type {import('./outbox.js').Outgoing['policy'][]} */
const POLICIES = ['queue', 'latest', 'drop'];
const NOTHING = new Uint8Array(0);

export class Events {
  /** Where events go; the socket knows. @type {(event: Outgoing) => void} */
  send = () => {};
  /** Tells what an event carries; its code may still be on its way. @type {import('./forms.js').Forms | null} */
  #forms = null;
  /** Events that wait for it, in their order. @type {(() => void)[]} */
  #early = [];
  /** Clicks on a page of which nothing is known yet. @type {Event[] | null} */
  #clicks = null;
  #bound = OBSERVED;

  /** @param {Document} page @param {import('./live.js').Live} live */
  constructor(page, live) {
    this.page = page;
    this.live = live;
  }

  /** @param {import('./forms.js').Forms} forms */
  complete(forms) {
    this.#forms = forms;
    forms.tell();
    for (const say of this.#early.splice(0)) say();
  }

  /** Who listens is known once there is a snapshot; until then keep the clicks. */
  hold() {
    this.#clicks = [];
    this.page.addEventListener('click', (click) => this.#clicks?.push(click));
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
    this.#clicks?.forEach((click) => this.#dispatch(0, click));
    this.#clicks = null;
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
    const said = new RegExp(`(?:^| )${name}:(\\S*)`).exec(node.getAttribute('data-on'))?.[1].split(',') ?? [];
    const has = (/** @type {string} */ option) => said.includes(option);
    if (has('prevent')) event.preventDefault();
    const wanted = has('fields');
    const policy = POLICIES.find(has) ?? (LATEST.test(name) ? 'latest' : DROP.test(name) ? 'drop' : 'queue');
    const [, action = ''] = /,action=([^,]*)/.exec(`,${said}`) ?? [];
    const plain = !wanted && !/^(input|change|submit)$/.test(name);
    const say = () => {
      const told = plain ? { payload: NOTHING } : /** @type {any} */ (this.#forms).describe(name, event, wanted, fields);
      this.send({ hid, kind, policy, offline: has('offline'), action: decodeURIComponent(action), ...told });
    };
    if (this.#forms || (plain && !this.#early.length)) say();
    // What controls say meanwhile the forms tell when they are there.
    else if (!/^(input|change)$/.test(name)) this.#early.push(say);
  }
}
