// Moving a node so that it does not notice: focus, selection, scroll, frames and videos stay.

/** @param {import('./live.js').Entry} entry @param {any} parent @param {Node | null} before */
export function shift(entry, parent, before) {
  for (const node of entry.span) {
    if (parent.moveBefore && parent.isConnected && node.isConnected) parent.moveBefore(node, before);
    else keeping(node, () => parent.insertBefore(node, before));
  }
}

/** Do what takes `node` out of the document for a moment. @param {any} node @param {() => void} act */
function keeping(node, act) {
  const focused = /** @type {any} */ (document.activeElement);
  const { selectionStart, selectionEnd, selectionDirection } = focused ?? {};
  const scrolled = [node, ...(node.querySelectorAll?.('*') ?? [])].filter((each) => each.scrollTop || each.scrollLeft);
  const places = scrolled.map(({ scrollLeft, scrollTop }) => ({ left: scrollLeft, top: scrollTop }));
  act();
  scrolled.forEach((each, n) => each.scrollTo(places[n]));
  if (!node.contains(focused)) return;
  focused.focus({ preventScroll: true });
  if (typeof selectionStart === 'number') focused.setSelectionRange(selectionStart, selectionEnd, selectionDirection);
}
