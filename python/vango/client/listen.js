// Who gets an event, and what becomes of it: every kind, and all that `data-on` says (PROTOCOL 1.8 to 1.10).

import { echoes } from './controls.js';
import { KINDS, TRAITS } from './kinds.js';
import { NOTHING, optionsOf, pressed } from './options.js';
import { Pace } from './pace.js';

/**
 * @typedef {import('./live.js').Entry} Entry
 * @typedef {import('./options.js').Options} Options
 */

/** @type {Map<string, number>} */
const NUMBERS = new Map(KINDS.map((name, kind) => [name, kind]));
const BITS = 31;
const SCROLL_KIND = NUMBERS.get('scroll');
const RESIZE = NUMBERS.get('resize');
const DROP = NUMBERS.get('drop');
/** A server takes 100 events a second. */
const STREAM_MS = 20;
const HOOK_KIND = /** @type {number} */ (NUMBERS.get('hook'));

export class Listen {
  /** Elements that hear what happens elsewhere. @type {Set<Element>} */
  #wide = new Set();
  /** What listens to each kind. @type {Map<number, (event: any) => void>} */
  #heard = new Map();
  /** Kinds of which some element has said more than that it listens. @type {Set<number>} */
  #special = new Set();
  /** What was heard once. @type {WeakMap<Node, Set<number>>} */
  #done = new WeakMap();

  /** @param {import('./events.js').Events} events @param {import('./forms.js').Forms} forms */
  constructor(events, forms) {
    this.events = events;
    this.forms = forms;
    const pace = (this.pace = new Pace((ms, act) => {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    }));
    const flush = () => pace.flush();
    events.page.addEventListener('focusout', flush, true);
    events.page.addEventListener('visibilitychange', () => document.hidden && flush(), true);
  }

  /** @param {import('./events.js').Early[]} early events that waited for this */
  begin(early) {
    for (const element of this.events.page.querySelectorAll('[data-on]')) this.#read(element);
    this.sync();
    this.forms.catchUp(early, (kind, event) => this.hear(kind, event));
  }

  /** Listen to what the document has come to name. */
  sync() {
    const { live, bound } = this.events;
    const fresh = live.listening & ~bound;
    this.events.bound |= fresh;
    for (let kind = 0; kind < BITS && fresh >> kind; kind++) if ((fresh >> kind) & 1) this.#bind(kind);
    if (live.said.length) for (const element of live.said.splice(0)) this.#read(element);
    // Few pages want sizes and views.
    if (live.watched.length) import('./observe.js').then(({ observe }) => observe(this, live.watched.splice(0)));
  }

  /** What `data-on` of an element asks for beyond its bits. @param {Element} element */
  #read(element) {
    for (const [name, said] of optionsOf(element)) {
      const kind = NUMBERS.get(name) ?? 0;
      this.#special.add(kind);
      for (const type of said.names ?? []) this.#hearIn(this.events.page, HOOK_KIND, type, { capture: true });
      if (kind >= BITS && !this.#heard.has(kind)) this.#bind(kind);
      if (said.window || said.outside) this.#wide.add(element);
      if (said.window && kind === RESIZE) this.#hearIn(window, kind, 'resize', {});
      if (said.prevent && TRAITS[kind].scrolling) this.#bind(kind, false);
    }
  }

  /** @param {number} kind @param {boolean} passive whether the browser need not wait */
  #bind(kind, passive = true) {
    const { type, silent, scrolling, watched } = TRAITS[kind];
    if (watched) return;
    // Nothing can be dropped where nobody has said that it may.
    if (kind === DROP) for (const over of ['dragenter', 'dragover']) this.events.page.addEventListener(over, (event) => this.#admit(event));
    this.#hearIn(this.events.page, kind, type, { capture: silent, passive: passive && scrolling });
  }

  /** @param {EventTarget} target @param {number} kind @param {string} type @param {AddEventListenerOptions} options */
  #hearIn(target, kind, type, options) {
    const hear = this.#heard.get(kind) ?? ((event) => this.hear(kind, event));
    this.#heard.set(kind, hear);
    target.removeEventListener(type, hear, options);
    target.addEventListener(type, hear, options);
  }

  /** @param {any} event */
  #admit(event) {
    if (this.#around(event.target).some((entry) => this.#saidBy(entry, /** @type {number} */ (DROP)))) event.preventDefault();
  }

  /** The live nodes from `node` up. @param {any} node */
  #around(node) {
    const entries = [];
    for (; node; node = node.parentNode) {
      const entry = this.events.live.entryOf(node);
      if (entry) entries.push(entry);
    }
    return entries;
  }

  /** What an element says of a kind, undefined if it does not listen to it. @param {Entry} entry @param {number} kind @returns {Options | undefined} */
  #saidBy({ node, bits }, kind) {
    if (kind < BITS && !((bits >> kind) & 1)) return;
    return optionsOf(node).get(KINDS[kind]) ?? (kind < BITS ? NOTHING : undefined);
  }

  /** @param {number} kind @param {any} event */
  hear(kind, event) {
    const { page, live } = this.events;
    const { target } = event;
    const { name, silent, crossing } = TRAITS[kind];
    if (echoes(name, event)) return;
    // The document scrolls for its root.
    const at = target === page ? live.root?.node : target;
    if (!crossing && !this.#special.has(kind)) return this.#hearSimply(kind, event, at, silent);
    /** @type {Entry[]} */ const first = [];
    /** @type {Entry[]} */ const then = [];
    for (const entry of this.#around(at)) {
      const said = this.#saidBy(entry, kind);
      if (!said || said.window || said.outside || !this.#wants(entry, said, kind, event)) continue;
      if (crossing) {
        if (!event.relatedTarget || !entry.node.contains(event.relatedTarget)) then.push(entry);
      } else if (said.capture) first.unshift(entry);
      else if (!then.length && (entry.node === at || (kind === HOOK_KIND ? event.bubbles : !silent))) then.push(entry);
    }
    for (const entry of first.concat(then)) {
      this.emit(entry, kind, event);
      if (!this.#saidBy(entry, kind)?.stop) continue;
      event.stopPropagation();
      return;
    }
    for (const element of this.#wide) this.#hearAfar(element, kind, event);
  }

  /** The nearest one hears it, of which there is nothing more to know. @param {number} kind @param {any} event @param {any} at @param {boolean} silent */
  #hearSimply(kind, event, at, silent) {
    for (let node = at; node; node = silent ? null : node.parentNode) {
      const entry = this.events.live.entryOf(node);
      if (entry && (entry.bits >> kind) & 1) return this.emit(entry, kind, event, undefined, NOTHING);
    }
  }

  /** @param {any} element @param {number} kind @param {any} event */
  #hearAfar(element, kind, event) {
    const { page, live } = this.events;
    const entry = live.entryOf(element);
    if (!entry) return this.#wide.delete(element);
    const said = this.#saidBy(entry, kind);
    const meant = said?.window ? kind !== SCROLL_KIND || event.target === page : said?.outside && !element.contains(event.target);
    if (said && meant && this.#wants(entry, said, kind, event)) this.emit(entry, kind, event);
  }

  /** @param {Entry} entry @param {Options} said @param {number} kind @param {any} event */
  #wants({ node }, said, kind, event) {
    if (said === NOTHING) return kind !== HOOK_KIND;
    // A link with one of these held opens elsewhere, which is nobody else's.
    const { shiftKey, ctrlKey, metaKey, target } = event;
    if (said.prevent && !kind && (shiftKey || ctrlKey || metaKey) && target.closest('a[href]')) return false;
    if (kind === HOOK_KIND && !said.names?.includes(event.type)) return false;
    if ((said.self && event.target !== node) || (said.keys && !pressed(said.keys, event))) return false;
    if (!said.once || !this.#done.get(node)?.has(kind)) return true;
    // Without that the page would go.
    if (said.prevent && /submit|^drop/.test(event.type)) event.preventDefault();
    return false;
  }

  /**
   * @param {Entry} entry
   * @param {number} kind
   * @param {any} event
   * @param {import('./fields.js').Fields} [fields] what the event itself does not say
   * @param {Options} [said] what the element says of the kind
   */
  emit(entry, kind, event, fields, said = this.#saidBy(entry, kind) ?? NOTHING) {
    const { events, forms, pace } = this;
    const { node } = entry;
    const { name, policy: usual } = TRAITS[kind];
    // What is observed is of the element itself, and nobody has asked yet whether it is wanted.
    if (fields && (said.window || (said.once && this.#done.get(node)?.has(kind)))) return;
    if (said.prevent) event.preventDefault();
    if (said.once) this.#done.set(node, (this.#done.get(node) ?? new Set()).add(kind));
    const policy = said.policy ?? usual;
    // Of these the newest counts: the next one waits for the server, unless there is none.
    const streams = policy !== 'queue' && /(move|wheel|scroll|resize)$/.test(name);
    let sent = 0;
    const { payload, numbered = (/** @type {number} */ cseq) => (sent = cseq) } = forms.describe(name, event, said.fields, fields);
    /** @type {import('./outbox.js').Outgoing} */
    const told = { hid: 0, kind, payload, policy, offline: said.offline, action: said.action, numbered };
    if (said.pending) forms.marks.watch(node, name, told);
    const send = () => {
      // By then it may have got another hid, or none.
      if (events.live.nodes.get((told.hid = entry.hid)) === entry) events.send(told);
      return () => streams && document.documentElement.dataset.vango === 'connected' && forms.pending(sent);
    };
    if (said.debounce) pace.debounce(node, name, said.debounce, send);
    else if (said.throttle || streams) pace.throttle(node, name, said.throttle || STREAM_MS, send);
    else {
      if (policy === 'queue') pace.flush();
      send();
    }
  }
}
