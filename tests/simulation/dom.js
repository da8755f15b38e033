// What linkedom lacks of a browser's document, as far as the client asks for it.

import { parseHTML } from 'linkedom';

const { window, document } = parseHTML('<!doctype html><html><body></body></html>');

/** A class whose instances the document makes. @param {any} like @param {(data: string) => any} make */
function made(like, make) {
  function Made(/** @type {string} */ data = '') {
    return make(data);
  }
  Made.prototype = like.prototype;
  return Made;
}

Object.assign(globalThis, {
  document,
  window,
  Element: window.Element,
  HTMLTemplateElement: window.HTMLTemplateElement,
  Event: window.Event,
  Text: made(window.Text, (data) => document.createTextNode(data)),
  Comment: made(window.Comment, (data) => document.createComment(data)),
  DocumentFragment: made(window.DocumentFragment, () => document.createDocumentFragment()),
  addEventListener() {},
  reportError(/** @type {any} */ error) {
    throw error;
  },
});

/** What was typed is not what the page was served with. @type {WeakMap<object, string>} */
const typed = new WeakMap();
Object.defineProperty(window.HTMLInputElement.prototype, 'value', {
  get() {
    return typed.get(this) ?? this.getAttribute('value') ?? '';
  },
  set(text) {
    typed.set(this, text);
  },
});
Object.defineProperty(window.HTMLInputElement.prototype, 'defaultValue', {
  get() {
    return this.getAttribute('value') ?? '';
  },
});

/** A page as it was served. @param {string} html */
export function parse(html) {
  const { document: page } = parseHTML(html);
  const listen = page.addEventListener.bind(page);
  /** Listeners of the way down: linkedom knows only the way up. @type {Map<string, any[]>} */
  const captures = new Map();
  page.addEventListener = (/** @type {string} */ type, /** @type {any} */ act, /** @type {any} */ options) => {
    if (options === true || options?.capture) captures.set(type, [...(captures.get(type) ?? []), act]);
    else listen(type, act);
  };
  page.fire = (/** @type {any} */ target, /** @type {string} */ type) => {
    for (const act of captures.get(type) ?? []) act({ type, target });
    target.dispatchEvent(new window.Event(type, { bubbles: true }));
  };
  return page;
}

export function forget() {
  globalThis.document = document;
}
