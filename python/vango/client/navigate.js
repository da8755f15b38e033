// Links and the history without loading pages (PROTOCOL 3.22).
//
// Invariants: the address bar says what the document shows, but for a step through the history that is not answered
// yet; of what a person asked for only the newest counts; whatever cannot be done here a load does.

import { meet, scrollBack, scrollTo } from './arrival.js';
import { encodeFields } from './fields.js';
import { followed, mayLeave, pathOf } from './links.js';
import { Places } from './places.js';
import { Prefetch } from './prefetch.js';
import { animates } from './transition.js';

/** How an address is taken, both ways; `KEEP` besides these leaves scrolling and focus as they are. */
const AS_NEW = 0;
const IN_PLACE = 1;
const BY_LOADING = 2;
const BY_HISTORY = 2;
const AHEAD = 3;
const KEEP = 4;

const NAVIGATE = 33;
/** Without a connection, or an answer, for longer, a page is loaded. */
const LOST_MS = 3_000;
const UNANSWERED_MS = 10_000;

/**
 * What a person asked for.
 * @typedef {{url: URL, path: string, mode: number, cseq: number}} Asked
 */

export class Navigation {
  /** What is not answered yet. @type {Asked | null} */
  #asked = null;
  /** What the page that is shown was asked for by. @type {Asked | null} */
  #answered = null;
  /** A step through the history is being taken back. */
  #returns = false;
  /** The document goes, and whoever uses it knows. */
  #leaves = false;
  /** Something has arrived in the burst that is being applied. */
  #arrives = false;
  #timer = 0;
  /** Path and query of the page that is shown; the address bar may be ahead of it. */
  path = pathOf(location);
  #places = new Places();
  #prefetch = new Prefetch((path) => isConnected() && this.#send(AHEAD, path));

  /** @param {import('./events.js').Events} events @param {() => void} resume goes on with a burst that was held */
  constructor(events, resume) {
    this.events = events;
    /** Called with each burst before it is applied. */
    this.before = animates(resume);
    addEventListener('click', (click) => this.#click(click));
    addEventListener('popstate', () => this.#pop());
    addEventListener('vango-state', (/** @type {any} */ { detail }) => this.#changed(detail.state));
    addEventListener('vango-error', (/** @type {any} */ { detail }) => this.#failed(detail));
    addEventListener('beforeunload', (event) => this.#leaves || mayLeave(null) || event.preventDefault());
    addEventListener('pageshow', ({ persisted }) => persisted && this.#rest());
  }

  /** @param {MouseEvent} click */
  #click(click) {
    const url = followed(click);
    // Where nobody answers, the browser finds out by itself.
    if (!url || !isConnected()) return;
    click.preventDefault();
    if (mayLeave(url)) this.#ask(url, url.href === location.href ? IN_PLACE : AS_NEW);
  }

  #pop() {
    if (this.#returns) {
      this.#returns = false;
      this.#places.moved();
      return;
    }
    const steps = this.#places.moved();
    const url = new URL(location.href);
    if (!this.#asked && pathOf(url) === this.path) {
      const point = this.#places.settle();
      if (point) scrollBack(point);
    } else if (mayLeave(url)) {
      if (isConnected()) this.#ask(url, BY_HISTORY);
      else this.#load(url, BY_HISTORY);
    } else if (steps) {
      this.#returns = true;
      history.go(-steps);
    }
  }

  /** @param {URL} url @param {number} mode */
  #ask(url, mode) {
    const path = pathOf(url);
    // What waits is of the page that is left.
    this.events.flush();
    const asked = (this.#asked = { url, path, mode, cseq: 0 });
    document.documentElement.dataset.navigating = '';
    this.#loadIn(UNANSWERED_MS);
    /** @param {number} cseq 0 where it was refused, or meant for a session that is gone */
    const numbered = (cseq) => {
      asked.cseq = cseq;
      if (!cseq && asked === this.#asked) this.#load();
    };
    this.#send(mode, path, { policy: 'queue', numbered });
  }

  /** @param {number} mode @param {string} path @param {object} [how] */
  #send(mode, path, how = { policy: 'drop' }) {
    this.events.send(/** @type {any} */ ({ hid: 0, kind: NAVIGATE, payload: encodeFields({ mode, name: path }), ...how }));
  }

  /** The server says where the page is. @param {number} mode @param {string} path */
  arrive(mode, path) {
    const asked = this.#asked;
    // The answer begins with the address that was asked for; what comes before belongs to who was asked earlier.
    if (asked && path !== asked.path) return;
    const url = new URL(path, location.href);
    if (asked && mode !== BY_LOADING) {
      url.hash = asked.url.hash;
      this.#answered = asked;
      this.#asked = null;
    } else if (!asked && this.#answered) url.hash ||= this.#answered.url.hash;
    if (mode === BY_LOADING) return this.#load(asked?.url ?? url, asked?.mode ?? AS_NEW);
    if (asked?.mode !== BY_HISTORY) this.#places[mode & IN_PLACE ? 'replace' : 'push'](url);
    const before = this.path;
    this.path = pathOf(url);
    this.#prefetch.forget();
    if (this.#arrives) return;
    this.#arrives = true;
    const { activeElement } = document;
    // What else the burst asks for comes first.
    queueMicrotask(() => this.#settle(before, activeElement, mode & KEEP));
  }

  /** @param {string} before the path of the page that was shown @param {Element | null} focused @param {number} keep */
  #settle(before, focused, keep) {
    const point = this.#places.settle();
    const isBack = this.#answered?.mode === BY_HISTORY;
    this.#answered = null;
    this.#arrives = false;
    if (!this.#asked) this.#rest();
    if (keep) return;
    if (isBack && point) scrollBack(point);
    else scrollTo(location.hash);
    if (before.split('?')[0] !== location.pathname || !focused?.isConnected) meet(focused);
  }

  /** An event went wrong. @param {{cseq: number, kind: string}} error */
  #failed({ cseq, kind }) {
    if (!cseq || cseq !== this.#asked?.cseq) return;
    // Pages that lead in a circle do so for a browser, too.
    if (kind === 'HandlerFailed' && this.#asked.mode !== BY_HISTORY) this.#rest();
    else this.#load();
  }

  /** @param {string} state */
  #changed(state) {
    this.#prefetch.forget();
    if (!this.#asked) return;
    if (/connect/.test(state)) this.#loadIn(state === 'connected' ? UNANSWERED_MS : LOST_MS);
    else this.#load();
  }

  /** @param {number} ms */
  #loadIn(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#asked && this.#load(), ms);
  }

  /** As if this were not here. @param {URL} [url] @param {number} [mode] */
  #load(url = this.#asked?.url, mode = this.#asked?.mode) {
    this.#asked = null;
    if (!url || !/^https?:$/.test(url.protocol)) return this.#rest();
    this.#leaves = true;
    if (mode === BY_HISTORY) location.reload();
    else if (mode === IN_PLACE) location.replace(url);
    else location.assign(url);
  }

  /** Nothing is on its way. */
  #rest() {
    this.#asked = null;
    this.#leaves = false;
    clearTimeout(this.#timer);
    delete document.documentElement.dataset.navigating;
  }
}

const isConnected = () => document.documentElement.dataset.vango === 'connected';
