// Moving a node so that it does not notice: focus, selection, scroll, frames and videos stay.

/** @typedef {import('./live.js').Entry} Entry */

/** @param {Entry} entry @param {Node} parent @param {Node | null} before */
export function shift(entry, parent, before) {
  const target = /** @type {ParentNode & Node & {moveBefore?: (node: Node, before: Node | null) => void}} */ (parent);
  for (const node of entry.span) {
    if (target.moveBefore && target.isConnected && node.isConnected) target.moveBefore(node, before);
    else keeping(node, () => target.insertBefore(node, before));
  }
}

/** Do what takes `node` out of the document for a moment. @param {Node} node @param {() => void} act */
function keeping(node, act) {
  const focused = /** @type {HTMLInputElement | null} */ (document.activeElement);
  const inside = focused && node.contains(focused) ? focused : null;
  const { selectionStart = null, selectionEnd = null, selectionDirection } = inside ?? {};
  const scrolled = node instanceof Element ? [node, ...node.querySelectorAll('*')].filter(isScrolled) : [];
  const places = scrolled.map(({ scrollLeft, scrollTop }) => ({ left: scrollLeft, top: scrollTop }));
  act();
  scrolled.forEach((element, n) => element.scrollTo(places[n]));
  if (!inside) return;
  inside.focus({ preventScroll: true });
  if (selectionStart !== null) inside.setSelectionRange(selectionStart, selectionEnd, selectionDirection ?? undefined);
}

/** @param {Element} element */
const isScrolled = (element) => element.scrollTop || element.scrollLeft;
