// A window as far as navigation asks for one: an address, a history, and what was done to them.

/** @typedef {{url: string, state: any}} Entry */

export class Window {
  /** @type {Map<string, ((event: any) => void)[]>} */ listeners = new Map();
  /** @type {Entry[]} */ entries;
  at = 0;
  /** Loads: how, and of what. @type {string[]} */ loads = [];
  /** What was asked in a dialog. @type {string[]} */ asked = [];
  answer = true;
  /** The words of an element with `data-leave`. */ guard = '';
  /** @type {[number, number][]} */ scrolled = [];
  /** @type {any} */ focused = { isConnected: true };
  dataset = { vango: 'connected' };

  /** @param {string} url */
  constructor(url) {
    this.entries = [{ url, state: null }];
    const world = this;
    const load = (/** @type {string} */ how) => (/** @type {any} */ to = '') => void this.loads.push(`${how} ${to}`.trim());
    Object.assign(globalThis, {
      scrollX: 0,
      scrollY: 0,
      window: globalThis,
      addEventListener: (/** @type {string} */ type, /** @type {any} */ act) => this.listeners.set(type, [...(this.listeners.get(type) ?? []), act]),
      removeEventListener() {},
      dispatchEvent: (/** @type {any} */ event) => (this.fire(event.type, event), !event.defaultPrevented),
      scrollTo: (/** @type {number} */ x, /** @type {number} */ y) => void this.scrolled.push([x, y]),
      confirm: (/** @type {string} */ words) => (this.asked.push(words), this.answer),
      ResizeObserver: class {
        observe() {}
        disconnect() {}
      },
      location: {
        get href() {
          return world.url.href;
        },
        get origin() {
          return world.url.origin;
        },
        get pathname() {
          return world.url.pathname;
        },
        get search() {
          return world.url.search;
        },
        get hash() {
          return world.url.hash;
        },
        assign: load('assign'),
        replace: load('replace'),
        reload: load('reload'),
      },
      history: {
        get state() {
          return world.entries[world.at].state;
        },
        pushState: (/** @type {any} */ state, /** @type {string} */ _, /** @type {URL} */ url) => {
          this.entries.splice(++this.at, Infinity, { url: url.href, state });
        },
        replaceState: (/** @type {any} */ state, /** @type {string} */ _, /** @type {URL} */ url) => {
          this.entries[this.at] = { url: url.href, state };
        },
        go: (/** @type {number} */ steps) => this.go(steps),
      },
      document: {
        title: 'title',
        documentElement: { dataset: this.dataset },
        body: { append() {} },
        get baseURI() {
          return world.url.href;
        },
        get activeElement() {
          return world.focused;
        },
        querySelector: (/** @type {string} */ which) => (which.includes('data-leave') && this.guard ? { dataset: { leave: this.guard } } : null),
        getElementById: () => null,
        getElementsByName: () => [],
        createElement: () => ({ setAttribute() {}, style: {} }),
      },
    });
  }

  get url() {
    return new URL(this.entries[this.at].url);
  }

  /** Path, query and fragment of each entry. */
  get addresses() {
    return this.entries.map(({ url }) => url.replace(/^https?:\/\/[^/]*/, ''));
  }

  /** @param {string} type @param {any} event */
  fire(type, event) {
    for (const act of this.listeners.get(type) ?? []) act(event);
    return event;
  }

  /** The person, or a script, goes through the history. @param {number} steps */
  go(steps) {
    this.at += steps;
    this.fire('popstate', {});
  }

  /** A link is clicked. @param {string} href @param {any} [attributes] @param {any} [how] */
  click(href, attributes = {}, how = {}) {
    const link = linkTo(href, attributes);
    const event = { button: 0, defaultPrevented: false, target: { closest: () => link }, preventDefault: () => (event.defaultPrevented = true), ...how };
    return this.fire('click', event);
  }

  /** Something else happens to a link, or to what is none. @param {string} type @param {any} [link] @param {any} [how] */
  touch(type, link, how = { pointerType: 'mouse' }) {
    this.fire(type, { target: { closest: () => link }, ...how });
  }
}

/** @param {string} href @param {any} [attributes] @returns {any} */
export function linkTo(href, attributes = {}) {
  const link = {
    target: attributes.target ?? '',
    matches: () => true,
    hasAttribute: (/** @type {string} */ name) => name in attributes,
    getAttribute: () => href,
    closest: (/** @type {string} */ which) => (which.slice(1, -1) in attributes ? link : null),
  };
  return link;
}
