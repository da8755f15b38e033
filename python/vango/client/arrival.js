// What a person meets on a page that was navigated to: where it is scrolled to, what has the focus, what is read out.

import { say } from './announce.js';

const PATIENCE_MS = 3_000;
/** What gets the focus, the best first. */
const WORTHY = ['main [autofocus]', '[autofocus]', 'main h1', 'h1', 'main'];
const OWN_HAND = ['wheel', 'touchstart', 'pointerdown', 'keydown'];

/** Scroll to where the address says, else to the top. @param {string} hash */
export function scrollTo(hash) {
  const name = decoded(hash.slice(1));
  const place = name && (document.getElementById(name) ?? document.getElementsByName(name)[0]);
  if (place) place.scrollIntoView();
  else window.scrollTo(0, 0);
}

/**
 * Scroll to where the page was left. It may have to grow for that first: what it loads comes later. Whoever
 * scrolls meanwhile is left alone. @param {[number, number]} point
 */
export function scrollBack([x, y]) {
  const go = () => {
    window.scrollTo(x, y);
    if (Math.abs(scrollY - y) < 2) end();
  };
  const growth = new ResizeObserver(go);
  const timer = setTimeout(() => end(), PATIENCE_MS);
  const end = () => {
    growth.disconnect();
    clearTimeout(timer);
    for (const type of OWN_HAND) removeEventListener(type, end, true);
  };
  for (const type of OWN_HAND) addEventListener(type, end, true);
  growth.observe(document.body);
  go();
}

/** The new content gets the focus, and the title is read out. @param {Element | null} before what had the focus */
export function meet(before) {
  // Somebody else has given it already.
  if (document.activeElement === before) {
    /** @type {HTMLElement | null} */
    const content = WORTHY.reduce((found, which) => found ?? document.querySelector(which), /** @type {any} */ (null));
    if (content) focus(content);
    else /** @type {HTMLElement | null} */ (before)?.blur?.();
  }
  say(document.title);
}

/** @param {HTMLElement} content */
function focus(content) {
  content.focus({ preventScroll: true });
  if (document.activeElement === content) return;
  // What nobody types into takes the focus only for the time being.
  content.setAttribute('tabindex', '-1');
  content.addEventListener('blur', () => content.removeAttribute('tabindex'), { once: true });
  content.focus({ preventScroll: true });
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
