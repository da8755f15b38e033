// Pages that are fetched before they are asked for: of links that somebody points at or comes to by keyboard.

import { destination, linkOf, pathOf } from './links.js';

const HOVER_MS = 100;
const FRESH_MS = 30_000;
const MOST_PER_S = 5;

export class Prefetch {
  /** @type {Element | undefined} */
  #link;
  #timer = 0;
  /** When each path was asked for. @type {Map<string, number>} */
  #fetched = new Map();

  /** @param {(url: URL) => void} fetch */
  constructor(fetch) {
    this.fetch = fetch;
    for (const type of ['pointerover', 'focusin']) addEventListener(type, (event) => this.#point(linkOf(event)), { passive: true });
    for (const type of ['pointerout', 'focusout']) addEventListener(type, (event) => this.#leave(event), { passive: true });
  }

  /** @param {HTMLAnchorElement | HTMLAreaElement} [link] */
  #point(link) {
    if (link === this.#link) return;
    clearTimeout(this.#timer);
    this.#link = link;
    const url = destination(link);
    if (url && wants(link)) this.#timer = setTimeout(() => this.#ask(url), HOVER_MS);
  }

  /** @param {any} event */
  #leave({ relatedTarget }) {
    if (!this.#link?.contains(relatedTarget)) this.#point();
  }

  /** @param {URL} url */
  #ask(url) {
    const now = performance.now();
    for (const [path, at] of this.#fetched) if (now - at > FRESH_MS) this.#fetched.delete(path);
    const path = pathOf(url);
    const recent = [...this.#fetched.values()].filter((at) => now - at < 1_000);
    if (this.#fetched.has(path) || path === pathOf(location) || recent.length >= MOST_PER_S) return;
    this.#fetched.set(path, now);
    this.fetch(url);
  }
}

/** @param {any} link */
function wants(link) {
  /** @type {any} */
  const { connection } = navigator;
  return !connection?.saveData && link.closest('[data-prefetch]')?.dataset.prefetch !== 'off';
}
