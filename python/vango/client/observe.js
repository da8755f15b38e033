// Kinds that no DOM event tells of: resize, in-view, out-of-view.

import { KINDS } from './kinds.js';

/** @typedef {import('./listen.js').Listen} Listen */

const RESIZE = KINDS.indexOf('resize');
const IN_VIEW = KINDS.indexOf('in-view');
const OUT_OF_VIEW = KINDS.indexOf('out-of-view');

/** What was said of a node last. @type {WeakMap<Element, Record<string, any>>} */
const seen = new WeakMap();
/** @type {Listen} */
let listen;

const views = new IntersectionObserver((changes) => {
  for (const { target, isIntersecting, intersectionRatio } of changes) {
    const kind = isIntersecting ? IN_VIEW : OUT_OF_VIEW;
    report(views, target, kind, 'view', isIntersecting, { json: String(intersectionRatio) });
  }
});

const sizes = new ResizeObserver((changes) => {
  for (const { target } of changes) {
    const { offsetWidth: x, offsetHeight: y } = /** @type {HTMLElement} */ (target);
    report(sizes, target, RESIZE, 'size', `${x} ${y}`, { x, y });
  }
});

/** Report of these nodes from now on. @param {Listen} to @param {import('./live.js').Entry[]} entries */
export function observe(to, entries) {
  listen = to;
  for (const { node, bits } of entries) {
    if (!seen.has(node)) seen.set(node, {});
    if ((bits >> RESIZE) & 1) sizes.observe(node);
    if (bits >> IN_VIEW) views.observe(node);
  }
}

/**
 * An observer speaks at once of what it finds; only of a node in view that is news.
 * @param {{unobserve: (element: Element) => void}} observer
 * @param {Element} element
 * @param {number} kind
 * @param {string} what
 * @param {any} value
 * @param {import('./fields.js').Fields} fields
 */
function report(observer, element, kind, what, value, fields) {
  const entry = listen.events.live.entryOf(element);
  if (!entry) {
    observer.unobserve(element);
    seen.delete(element);
    return;
  }
  const said = seen.get(element) ?? {};
  const news = what in said ? said[what] !== value : value === true;
  said[what] = value;
  if (news && (entry.bits >> kind) & 1) listen.emit(entry, kind, { target: element, preventDefault() {} }, fields);
}
