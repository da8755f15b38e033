// What a page asks of its browser beside the document: requests and timers, answered when the simulation says so.

/** The page that something happens to; whatever is asked for is asked by it. @type {import('./page.js').Page} */
let present;

/** @param {import('./page.js').Page} page */
export function enter(page) {
  present = page;
}

/** The requests and timers of one page. */
export class Outside {
  /** When which timer calls what. @type {{at: number, act: () => void}[]} */
  timers = [];
  /** Requests by their number, as long as they are not answered. @type {Map<number, {resolve: (answer: any) => void, reject: (error: Error) => void, forget: () => void}>} */
  #asked = new Map();
  #last = 0;

  /** @param {import('./page.js').Page} page */
  constructor(page) {
    this.page = page;
  }

  get deadline() {
    return Math.min(...this.timers.map(({ at }) => at));
  }

  /** Call what is due. @param {number} now */
  tick(now) {
    const due = this.timers.filter(({ at }) => at <= now);
    this.timers = this.timers.filter(({ at }) => at > now);
    for (const { act } of due) act();
  }

  /** @param {any} init @returns {Promise<any>} */
  ask({ headers, body, signal, keepalive }) {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const n = this.#last++;
    const { news } = this.page;
    news.push(['fetch', n, headers, Buffer.from(body.bytes).toString('base64'), !!keepalive]);
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#take(n);
        this.page.news.push(['abort', n]);
        reject(new Error('aborted'));
      };
      const forget = () => signal?.removeEventListener('abort', abort);
      this.#asked.set(n, { resolve, reject, forget });
      signal?.addEventListener('abort', abort);
    });
  }

  /** A request has its answer; of its body comes as much as there is. @param {any} answer */
  answered({ request, status, headers, body, whole }) {
    const asked = this.#take(request);
    const bytes = Buffer.from(body, 'base64');
    const arrayBuffer = async () => {
      if (!whole) throw new TypeError('network error');
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    };
    const { 'content-type': type, ...rest } = headers;
    const all = new Headers({ ...rest, 'Content-Type': type });
    asked?.resolve({ headers: all, status, ok: status >= 200 && status < 300, type: 'basic', arrayBuffer });
  }

  /** A request has no answer. @param {{request: number}} what */
  failed({ request }) {
    this.#take(request)?.reject(new TypeError('network error'));
  }

  /** @param {number} n */
  #take(n) {
    const asked = this.#asked.get(n);
    this.#asked.delete(n);
    asked?.forget();
    return asked;
  }
}

/** Bytes that are there at once. */
class Whole {
  /** @param {Uint8Array[]} parts */
  constructor(parts) {
    this.bytes = Buffer.concat(parts);
  }
}

Object.assign(globalThis, {
  Blob: Whole,
  fetch: (/** @type {URL} */ _, /** @type {any} */ init) => present.outside.ask(init),
  setTimeout: (/** @type {() => void} */ act, /** @type {number} */ wait_ms) => {
    present.outside.timers.push({ at: present.now + wait_ms, act });
  },
});
