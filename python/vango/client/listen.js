// Who gets an event, and what becomes of it: every kind, and all that `data-on` says (PROTOCOL 1.8 to 1.10).

import { NOTHING, optionsOf, pressed } from './options.js';
import { Pace } from './pace.js';

/**
 * @typedef {import('./live.js').Entry} Entry
 * @typedef {import('./options.js').Options} Options
 */

/** Kinds of events by their number; no element listens to 31 to 34. */
export const KINDS = (
  'click dblclick input change submit reset focus blur keydown keyup pointerdown pointerup pointermove ' +
  'pointerenter pointerleave contextmenu wheel scroll resize dragstart dragover drop dragend copy cut paste ' +
  'toggle load error in-view out-of-view - named navigate hook mousedown mouseup mousemove mouseenter mouseleave auxclick ' +
  'pointercancel drag dragenter dragleave touchstart touchmove touchend touchcancel invalid beforetoggle cancel ' +
  'close animationstart animationiteration animationend animationcancel transitionrun transitionstart ' +
  'transitionend transitioncancel play playing pause waiting stalled seeking seeked timeupdate durationchange ' +
  'ratechange volumechange loadedmetadata loadeddata canplay ended scrollend'
).split(' ');
/** @type {Map<string, number>} */
const NUMBERS = new Map(KINDS.map((name, kind) => [name, kind]));
const BITS = 31;
const SCROLL_KIND = NUMBERS.get('scroll');
const RESIZE = NUMBERS.get('resize');
const DROP = NUMBERS.get('drop');
const HOOK_KIND = /** @type {number} */ (NUMBERS.get('hook'));

/** DOM events that stand for kinds of another name: these bubble. @type {Record<string, string>} */
const BUBBLING = {
  focus: 'focusin', blur: 'focusout', pointerenter: 'pointerover', pointerleave: 'pointerout', mouseenter: 'mouseover', mouseleave: 'mouseout',
};
/** Kinds that do not bubble: the node itself is meant, or one around it that captures. */
const SILENT = /^(scroll|toggle|load|error|invalid|beforetoggle|cancel|close|play|pause|wait|stall|seek|time|dur|rate|vol|loaded|can|ended)/;
/** Kinds that concern every node whose border is crossed. */
const CROSSING = /^(pointer|mouse)(enter|leave)$/;
/** While one of these is handled a browser does not scroll, unless it knows that nobody keeps it from that. */
const SCROLLING = /^(wheel|touchstart|touchmove)$/;
const WATCHED = /^(resize|in-view|out-of-view)$/;
const LATEST = /^(input|scroll|resize|wheel|scrollend|timeupdate|volumechange|ratechange)$/;
const FLEETING = /^((pointer|mouse)(move|enter|leave)|touchmove|drag|drag(over|enter|leave))$/;

export class Listen {
  /** Elements that hear what happens elsewhere. @type {Set<Element>} */
  #wide = new Set();
  /** What listens to each kind. @type {Map<number, (event: any) => void>} */
  #heard = new Map();
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
    for (const element of live.said.splice(0)) this.#read(element);
    // Few pages want sizes and views.
    if (live.watched.length) import('./observe.js').then(({ observe }) => observe(this, live.watched.splice(0)));
  }

  /** What `data-on` of an element asks for beyond its bits. @param {Element} element */
  #read(element) {
    for (const [name, said] of optionsOf(element)) {
      const kind = NUMBERS.get(name) ?? 0;
      for (const type of said.names ?? []) this.#hearIn(this.events.page, HOOK_KIND, type, { capture: true });
      if (kind >= BITS && !this.#heard.has(kind)) this.#bind(kind);
      if (said.window || said.outside) this.#wide.add(element);
      if (said.window && kind === RESIZE) this.#hearIn(window, kind, 'resize', {});
      if (said.prevent && SCROLLING.test(name)) this.#bind(kind, false);
    }
  }

  /** @param {number} kind @param {boolean} passive whether the browser need not wait */
  #bind(kind, passive = true) {
    const name = KINDS[kind];
    if (WATCHED.test(name)) return;
    // Nothing can be dropped where nobody has said that it may.
    if (kind === DROP) for (const type of ['dragenter', 'dragover']) this.events.page.addEventListener(type, (event) => this.#admit(event));
    this.#hearIn(this.events.page, kind, BUBBLING[name] ?? name, { capture: SILENT.test(name), passive: passive && SCROLLING.test(name) });
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
    const { target, relatedTarget } = event;
    const name = KINDS[kind];
    // The document scrolls for its root.
    const at = target === page ? live.root?.node : target;
    /** @type {Entry[]} */
    const first = [];
    /** @type {Entry[]} */
    const then = [];
    for (const entry of this.#around(at)) {
      const said = this.#saidBy(entry, kind);
      if (!said || said.window || said.outside || !this.#wants(entry, said, kind, event)) continue;
      if (CROSSING.test(name)) {
        if (!relatedTarget || !entry.node.contains(relatedTarget)) then.push(entry);
      } else if (said.capture) first.unshift(entry);
      else if (!then.length && (entry.node === at || (kind === HOOK_KIND ? event.bubbles : !SILENT.test(name)))) then.push(entry);
    }
    for (const entry of [...first, ...then]) {
      this.emit(entry, kind, event);
      if (!this.#saidBy(entry, kind)?.stop) continue;
      event.stopPropagation();
      return;
    }
    for (const element of this.#wide) this.#hearAfar(element, kind, event);
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
    // A link with one of these held opens elsewhere, which is nobody else's.
    const { shiftKey, ctrlKey, metaKey, target } = event;
    if (said.prevent && !kind && (shiftKey || ctrlKey || metaKey) && target.closest('a[href]')) return false;
    if (kind === HOOK_KIND && !said.names?.includes(event.type)) return false;
    return !(said.self && event.target !== node) && !(said.once && this.#done.get(node)?.has(kind)) && (!said.keys || pressed(said.keys, event));
  }

  /**
   * @param {Entry} entry
   * @param {number} kind
   * @param {any} event
   * @param {import('./fields.js').Fields} [fields] what the event itself does not say
   */
  emit(entry, kind, event, fields) {
    const { events, forms, pace } = this;
    const { node } = entry;
    const name = KINDS[kind];
    const said = this.#saidBy(entry, kind) ?? NOTHING;
    if (said.window && fields) return; // of the element itself
    if (said.prevent) event.preventDefault();
    if (said.once) this.#done.set(node, (this.#done.get(node) ?? new Set()).add(kind));
    const policy = said.policy ?? (LATEST.test(name) ? 'latest' : FLEETING.test(name) ? 'drop' : 'queue');
    /** @type {any} */
    const told = { kind, policy, offline: said.offline, action: said.action, ...forms.describe(name, event, said.fields, fields) };
    if (said.pending) forms.marks.watch(node, name, told);
    const send = () => {
      // By then it may have got another hid, or none.
      if (events.live.nodes.get(entry.hid) === entry) events.send({ ...told, hid: entry.hid });
    };
    if (said.debounce) pace.debounce(node, name, said.debounce, send);
    else if (said.throttle) pace.throttle(node, name, said.throttle, send);
    else {
      if (policy === 'queue') pace.flush();
      send();
    }
  }
}
