// Pages that are asked for before a person goes there (PROTOCOL 3.22, mode 3): where the pointer rests on a link, and
// where one gets the focus or is touched. What becomes of that is the server's business; a click asks as ever.

import { destination, linkOf, pathOf } from './links.js';

const REST_MS = 100;
/** So long a server may keep what it was asked for. */
const KEPT_MS = 30_000;
const A_BURST = 5;
const WITHIN_MS = 1_000;

export class Prefetch {
  /** What the pointer rests on. @type {Element | undefined} */
  #over;
  #timer = 0;
  /** When each was asked for, the newest last. @type {Map<string, number>} */
  #asked = new Map();

  /** @param {(path: string) => void} ask */
  constructor(ask) {
    this.ask = ask;
    addEventListener('pointerover', (event) => this.#point(event), { passive: true });
    addEventListener('pointerout', (event) => event.relatedTarget || this.#rest());
    addEventListener('focusin', (event) => this.#want(linkOf(event)));
    addEventListener('touchstart', (event) => this.#want(linkOf(event)), { passive: true });
  }

  /** Another page is shown, or by another session: what was asked for counts no more. */
  forget() {
    this.#asked.clear();
    this.#rest();
  }

  /** @param {PointerEvent} event */
  #point(event) {
    const link = event.pointerType === 'touch' ? undefined : linkOf(event);
    if (link === this.#over) return;
    this.#rest(link);
    if (link) this.#timer = setTimeout(() => this.#want(link), REST_MS);
  }

  /** @param {Element} [link] */
  #rest(link) {
    clearTimeout(this.#timer);
    this.#over = link;
  }

  /** @param {ReturnType<typeof linkOf>} link */
  #want(link) {
    const url = destination(link);
    if (!url || link?.closest('[data-no-prefetch]') || /** @type {any} */ (navigator).connection?.saveData) return;
    const path = pathOf(url);
    const now = performance.now();
    const times = [...this.#asked.values()];
    if (path === pathOf(location) || now - (this.#asked.get(path) ?? -Infinity) < KEPT_MS) return;
    if (now - (times.at(-A_BURST) ?? -Infinity) < WITHIN_MS) return;
    this.#asked.delete(path);
    this.#asked.set(path, now);
    this.ask(path);
  }
}
