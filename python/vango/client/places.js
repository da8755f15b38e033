// The entries of the history, and how far each was scrolled.
//
// An entry that this client has seen has a name and a number, by which it is found again and by which two of them
// tell how far they are apart. A browser restores scrolling by itself before the page of an entry is there, so from
// the first navigation on that is done here; a page that is loaded is still the browser's.

const STORED = 'vango-places';
const MOST = 100;

/** @typedef {{id: string, at: number}} Spot */

export class Places {
  /** The entry that the browser is at. @type {Spot} */
  #now;
  /** The entry whose page is shown. */
  #shown;
  /** How far each was scrolled, by name. @type {Map<string, [number, number]>} */
  #scrolled = new Map(stored());
  /** @type {[number, number]} */
  #last = [scrollX, scrollY];

  constructor() {
    this.#now = history.state?.vango ?? fresh(0);
    this.#shown = this.#now.id;
    addEventListener('scroll', () => void (this.#last = [scrollX, scrollY]), { passive: true });
    addEventListener('pagehide', () => {
      this.#note();
      store([...this.#scrolled].slice(-MOST));
      history.scrollRestoration = 'auto';
    });
    addEventListener('pageshow', ({ persisted }) => persisted && history.state?.vango && this.#own());
  }

  /** Begin a new entry. @param {URL} url */
  push(url) {
    this.#own();
    this.#note();
    this.#now = fresh(this.#now.at + 1);
    history.pushState({ vango: this.#now }, '', url);
  }

  /** The present entry gets another address. @param {URL} url */
  replace(url) {
    history.replaceState({ ...history.state, vango: this.#now }, '', url);
  }

  /** The browser has gone to another entry: how many steps away it is. */
  moved() {
    this.#note();
    const before = this.#now.at;
    // One without a name was begun by the browser, for a place of the same page.
    this.#now = history.state?.vango ?? fresh(before + 1);
    if (!history.state?.vango) this.replace(new URL(location.href));
    return this.#now.at - before;
  }

  /** The page of the present entry is shown: how far it was scrolled, if that is known. */
  settle() {
    this.#shown = this.#now.id;
    return this.#scrolled.get(this.#now.id);
  }

  #own() {
    if (!history.state?.vango) this.replace(new URL(location.href));
    history.scrollRestoration = 'manual';
  }

  #note() {
    this.#scrolled.delete(this.#shown);
    this.#scrolled.set(this.#shown, this.#last);
  }
}

/** @param {number} at @returns {Spot} */
const fresh = (at) => ({ id: Math.random().toString(36).slice(2), at });

/** @returns {[string, [number, number]][]} */
function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(STORED) ?? '[]');
  } catch {
    return [];
  }
}

/** @param {[string, [number, number]][]} scrolled */
function store(scrolled) {
  try {
    sessionStorage.setItem(STORED, JSON.stringify(scrolled));
  } catch {
    // Without it a page that is loaded again begins at its top.
  }
}
