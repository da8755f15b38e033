// Whether a page may be left: an element with `data-leave` asks first, in its words.

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
