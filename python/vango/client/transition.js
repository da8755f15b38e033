// Pages that give way to each other by a view transition, where an element with `data-transition` asks for it.
//
// A browser looks at the page before it changes, which takes until its next frame: so long the burst waits, and with
// it all behind it.

import { Reader } from './codec.js';
import { readMore } from './ops.js';
import { readOps } from './patch.js';

const STILL = '(prefers-reduced-motion: reduce)';
/** The op that says where the page is; a burst without this byte has none. */
const NAV = 0x20;
const nothing = () => {};

/** Thrown where a burst has to be applied later. */
class Held extends Error {
  later = true;
}

/**
 * What is called before each burst is applied.
 * @param {() => void} resume applies the one that was held
 * @returns {(burst: Uint8Array) => void}
 */
export function animates(resume) {
  let isReady = false;
  return (burst) => {
    if (isReady || !burst.includes(NAV) || !document.startViewTransition || document.hidden || !document.querySelector('[data-transition]')) return;
    if (matchMedia(STILL).matches || !arrives(burst)) return;
    document.startViewTransition(() => {
      isReady = true;
      resume();
      isReady = false;
    });
    throw new Held();
  };
}

/** Whether a burst shows another page. @param {Uint8Array} burst */
function arrives(burst) {
  /** @type {import('./nodes.js').Effect[]} */
  const effects = [];
  const sink = {
    effects, setText: nothing, setAttr: nothing, setEvents: nothing, remove: nothing, insert: nothing, move: nothing,
    more: (/** @type {number} */ op, /** @type {Reader} */ r) => readMore(op, r, sink),
  };
  readOps(new Reader(burst), sink);
  return effects.some(({ op, mode = 0 }) => op === NAV && mode < 2);
}
