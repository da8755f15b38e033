// From DOM events to events of the protocol, as far as a page needs that for its first click (PROTOCOL 1.8).
//
// One listener per kind stands at the document, from when the kind is first listened to. Who listens is
// decided by the event bits in the client's own map. What `data-on` says is for `listen`, which comes later.

/**
 * @typedef {import('./live.js').Entry} Entry
 * @typedef {import('./outbox.js').Outgoing} Outgoing
 * @typedef {[kind: number, event: any, said: [control: any, value: string][]]} Early what the controls said by then
 */

/** The kinds whose bits are the first. */
const FIRST = 'click dblclick input change submit reset focus blur keydown keyup pointerdown pointerup'.split(' ');
const TOGGLE = 26;
/** Those of which nothing may be missed; toggle does not bubble. */
const EARLY = 0xf3f | (1 << TOGGLE);

export class Events {
  /** Where events go; the socket knows. @type {(event: Outgoing) => void} */
  send = () => {};
  /** Takes an address that the server says, once it is there. @type {import('./navigate.js').Navigation | undefined} */
  navigation;
  /** The kinds that are heard here, as bits. */
  bound = 0;
  /** Takes over when it is there. @type {import('./listen.js').Listen | null} */
  #listen = null;
  /** What waits for it. @type {Early[]} */
  #early = [];
  /** Clicks on a page of which nothing is known yet. @type {Event[] | null} */
  #clicks = null;

  /** @param {Document} page @param {import('./live.js').Live} live */
  constructor(page, live) {
    this.page = page;
    this.live = live;
  }

  /** @param {import('./listen.js').Listen} listen */
  complete(listen) {
    this.#listen = listen;
    listen.begin(this.#early.splice(0));
  }

  /** Who listens is known once there is a snapshot; until then keep the clicks. */
  hold() {
    this.#clicks = [];
    this.page.addEventListener('click', (click) => this.#clicks?.push(click));
  }

  /** Send what waits to be sent. */
  flush() {
    this.#listen?.pace.flush();
  }

  /** Listen to the kinds that the map has come to name. */
  sync() {
    if (this.#listen) {
      this.#listen.sync();
      for (const click of this.#clicks ?? []) this.#listen.hear(0, click);
      this.#clicks = null;
      return;
    }
    const fresh = this.live.listening & EARLY & ~this.bound;
    this.bound |= fresh;
    for (let kind = 0; fresh >> kind; kind++) {
      const name = kind === TOGGLE ? 'toggle' : FIRST[kind];
      if ((fresh >> kind) & 1) this.page.addEventListener(name, (event) => this.#hear(kind, name, event), kind === TOGGLE);
    }
  }

  /** @param {number} kind @param {string} name @param {any} event */
  #hear(kind, name, event) {
    if (this.#listen) return this.#listen.hear(kind, event);
    for (let node = event.target; node; node = node.parentNode) {
      const entry = this.live.entryOf(node);
      if (!entry || !((entry.bits >> kind) & 1)) continue;
      const said = new RegExp(`(?:^| )${name}:(\\S*)`).exec(node.getAttribute('data-on'))?.[1].split(',');
      const held = event.shiftKey || event.ctrlKey || event.metaKey;
      if (said?.includes('prevent') && !held && !said.some((option) => /^(self|keys=|outside|window)/.test(option))) event.preventDefault();
      // What controls say meanwhile the forms tell when they are there.
      if (/^(input|change)$/.test(name)) return;
      /** @type {any[]} */
      const controls = [...this.page.querySelectorAll('input, select, textarea, [contenteditable]')];
      if (said || controls[0] || kind === TOGGLE || this.#early.length) this.#early.push([kind, event, controls.map((control) => [control, control.value])]);
      else this.send({ hid: entry.hid, kind, policy: 'queue', payload: new Uint8Array(0) });
      return;
    }
  }
}
