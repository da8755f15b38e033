// Shows on the page what a burst has changed.
//
// By an animation, not by a class: no attribute changes, so nothing that the server, a stylesheet or an observer
// sees is another for it, and the strictest policy allows it.

/** @typedef {import('./tap-words.js').Patch} Patch */

const FLASH_MS = 600;
/** No eye follows more. */
const MOST = 200;
const OUTLINE = { outline: '2px solid #f59e0b', outlineOffset: '-1px' };
const CHANGING = /^(set_text|set_attr|remove_attr|insert|move|remove)$/;

/** The elements that patches are about, as far as they are there now. @param {Patch[]} patches @param {import('./live.js').Live} live @returns {Element[]} */
export function touched(patches, live) {
  const found = patches
    .filter(({ op }) => CHANGING.test(op))
    .slice(0, MOST)
    .map(({ op, hid = 0 }) => {
      const entry = live.nodes.get(hid);
      const node = entry?.node;
      return node instanceof Element && op !== 'remove' ? node : (entry?.at ?? null);
    });
  return found.filter((node) => node instanceof Element);
}

/** @param {Iterable<Element>} elements */
export function flash(elements) {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const end = still ? OUTLINE : { ...OUTLINE, outlineColor: 'transparent' };
  for (const element of new Set(elements)) {
    if (element.isConnected) element.animate([OUTLINE, end], { duration: FLASH_MS, id: 'vango-tap' });
  }
}
