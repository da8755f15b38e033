// The public face of the client: `applyPatch` and `VangoLiveSocket`, for the document that loads it.

import { join } from './codec.js';
import { Connection } from './connection.js';
import { View } from './view.js';

/**
 * What the server wrote into `<meta name="vango">`.
 * @typedef {{version: number, url: string, session: string, epoch: number, rev: number, count: number, token: string, dev?: boolean}} Meta
 */

const MAX_MESSAGE_BYTES = 65_536;
const MAX_FRAMES = 1_024;
const RELOADED = 'vango-reloaded';

/** @type {Meta} */
export const meta = JSON.parse(document.querySelector('meta[name=vango]')?.getAttribute('content') || '{}');

const view = new View(document, meta.count);

/** Apply the ops of one burst to the document, all or none. */
export const applyPatch = view.apply;

/** Keeps the page's session connected: `new VangoLiveSocket(url).onPatch = applyPatch`. */
export class VangoLiveSocket {
  /** Takes every burst. @type {import('./follower.js').Apply | null} */
  onPatch = null;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {Uint8Array[]} */
  #outgoing = [];
  #timer = 0;

  /** @param {string} url where the session lives @param {Partial<Meta>} [page] what the page says of itself */
  constructor(url, page = meta) {
    this.url = url;
    const { session = '', token = '', epoch = 0, rev = 0, dev } = page;
    const served = { session, token, dev, epoch: view.adopted ? epoch : 0, rev: view.adopted ? rev : 0 };
    const random = crypto.getRandomValues(new Uint8Array(16));
    const instance = Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('');
    const connection = (this.connection = new Connection(served, instance, this.#host(), Math.random));
    view.inputs.pending = (cseq) => connection.outbox.unsettled.has(cseq);
    view.events.send = (event) => this.#do((now) => connection.event(event, now));
    const wake = () => document.hidden || this.#do((now) => connection.wake(now));
    addEventListener('online', wake);
    addEventListener('pageshow', ({ persisted }) => persisted && wake());
    document.addEventListener('visibilitychange', wake);
    addEventListener('pagehide', ({ persisted }) => this.#do((now) => connection.leave(now, persisted ? 'freeze' : 'leave')));
    this.#do((now) => connection.start(now));
  }

  get state() {
    return this.connection.state;
  }

  /** Leave the session for good. */
  close() {
    this.#do((now) => this.connection.leave(now, 'close'));
  }

  /** @param {(now: number) => void} call */
  #do(call) {
    call(performance.now());
    clearTimeout(this.#timer);
    const { deadline } = this.connection;
    if (deadline < Infinity) {
      this.#timer = setTimeout(() => this.#do((now) => this.connection.tick(now)), deadline - performance.now());
    }
  }

  /** @returns {import('./line.js').Host} */
  #host() {
    return {
      connect: (parameters) => this.#connect(parameters),
      send: (frame) => {
        if (this.#outgoing.push(frame) === 1) queueMicrotask(() => this.#flush());
      },
      close: () => {
        this.#flush();
        this.#socket?.close(1000);
        this.#socket = null;
      },
      page: () => ({
        path: location.pathname + location.search,
        width: innerWidth,
        height: innerHeight,
        time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      }),
      apply: (burst, info) => this.onPatch?.(burst, info) ?? [],
      settled: () => view.inputs.release(),
      state: show,
      emit: tell,
      reload: reloadOnce,
      hidden: () => document.hidden,
    };
  }

  /** @param {[string, string][]} parameters */
  #connect(parameters) {
    const url = new URL(this.url, location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    for (const [name, value] of parameters) url.searchParams.set(name, value);
    const socket = (this.#socket = new WebSocket(url, 'vango.1'));
    socket.binaryType = 'arraybuffer';
    const { connection } = this;
    /** What an earlier socket still has to say is of no interest. @param {string} type @param {(now: number, event: any) => void} act */
    const on = (type, act) =>
      socket.addEventListener(type, (event) => socket === this.#socket && this.#do((now) => act(now, event)));
    on('open', (now) => connection.opened(now));
    on('message', (now, { data }) => connection.received(new Uint8Array(data), now));
    on('close', (now, { code }) => connection.closed(now, code));
  }

  /** What one task has produced goes as one message, or as few as the server takes. */
  #flush() {
    const frames = this.#outgoing.splice(0);
    while (frames.length) {
      let n = 0;
      for (let size = 0; n < frames.length && n < MAX_FRAMES; n++) {
        size += frames[n].length;
        if (n && size > MAX_MESSAGE_BYTES) break;
      }
      const message = join(frames.splice(0, n));
      if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(message);
    }
  }
}

Object.assign(globalThis, { VangoLiveSocket });

/** @param {string} name @param {object} detail */
function tell(name, detail) {
  dispatchEvent(new CustomEvent(name, { detail }));
}

/** @param {string} state @param {boolean} offline */
function show(state, offline) {
  const { classList } = document.body;
  const changed = classList.contains('vango-offline') !== offline;
  classList.toggle('vango-offline', offline);
  document.documentElement.dataset.vango = state;
  if (state === 'connected') sessionStorage.removeItem(RELOADED);
  tell('vango-state', { state, offline });
  if (!changed) return;
  tell('vango-offline', { state, offline });
  const { __vangoLive_offline: hook } = /** @type {any} */ (window);
  if (typeof hook === 'function') hook(offline);
}

/** A page that the server does not take is loaded again, but not in circles. @param {string} reason */
function reloadOnce(reason) {
  if (sessionStorage.getItem(RELOADED)) return false;
  sessionStorage.setItem(RELOADED, reason);
  location.reload();
  return true;
}
