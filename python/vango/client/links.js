// Which links lead to another page of this application, all others being the browser's, and whether a page may be left:
// an element with `data-leave` asks first, in its words.

const LINK = 'a[href], area[href]';

/** The link that an event is about. @param {Event} event @returns {HTMLAnchorElement | HTMLAreaElement | undefined} */
export function linkOf(event) {
  const target = /** @type {any} */ (event.target);
  // The path takes several times as long, and only what an element keeps in its shadow needs it.
  if (!target.shadowRoot) return target.closest?.(LINK);
  return /** @type {any} */ (event.composedPath().find((node) => /** @type {any} */ (node).matches?.(LINK)));
}

/** The address that a click asks this application for, if it does. @param {MouseEvent} click */
export function followed(click) {
  const { button, shiftKey, ctrlKey, metaKey, altKey, defaultPrevented } = click;
  const isPlain = !(button || shiftKey || ctrlKey || metaKey || altKey || defaultPrevented);
  return isPlain ? destination(linkOf(click)) : undefined;
}

/** Where a link leads to within this application, if it does. @param {HTMLAnchorElement | HTMLAreaElement} [link] */
export function destination(link) {
  if (!link || !/^(_self)?$/.test(link.target ?? '') || link.hasAttribute('download') || link.closest('[data-reload]')) return;
  let url;
  try {
    url = new URL(link.getAttribute('href') ?? '', document.baseURI);
  } catch {
    return;
  }
  // A place of the page that is there: the browser finds it.
  if (url.origin !== location.origin || (url.hash && pathOf(url) === pathOf(location))) return;
  return url;
}

/** What a server is asked for. @param {URL | Location} url */
export const pathOf = ({ pathname, search }) => pathname + search;

/**
 * Ask whoever uses the page, if it wants to be asked; for a load, of which `url` says nothing, a browser asks itself.
 * Scripts of the page are asked first, by an event that they may cancel.
 * @param {URL | null} url
 */
export function mayLeave(url) {
  /** @type {HTMLElement | null} */
  const guard = document.querySelector('[data-leave]:not([data-leave=""])');
  if (!url) return !guard;
  const goes = dispatchEvent(new CustomEvent('vango-leave', { detail: { url: url.href }, cancelable: true }));
  return goes && (!guard || confirm(guard.dataset.leave));
}
