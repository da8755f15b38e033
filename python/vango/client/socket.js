// A connection in a browser: the WebSocket, the clock, and what the page is told.

import { join } from './codec.js';
import { Connection } from './connection.js';

/**
 * What the server wrote into `<meta name="vango">`.
 * @typedef {{version: number, url: string, session: string, epoch: number, rev: number, count: number, token: string, dev?: boolean}} Meta
 */

const MAX_MESSAGE_BYTES = 65_536;
const MAX_FRAMES = 1_024;
const RELOADED = 'vango-reloaded';

/** @returns {Meta} */
export function readMeta() {
  const meta = /** @type {HTMLMetaElement | null} */ (document.querySelector('meta[name=vango]'));
  return JSON.parse(meta?.content || '{}');
}

/** Keeps one session connected. `onPatch` is called with every burst, as `applyPatch` takes it. */
export class LiveSocket {
  /** @type {import('./bursts.js').Apply | null} */ onPatch = null;
  /** @type {WebSocket | null} */ #socket = null;
  /** @type {Uint8Array[]} */ #outgoing = [];
  #timer = 0;

  /** @param {string} url where the session lives @param {import('./view.js').View} view @param {Partial<Meta>} [meta] */
  constructor(url, view, meta = readMeta()) {
    const { session = '', token = '', epoch = 0, rev = 0, dev } = meta;
    const page = { session, token, dev, epoch: view.adopted ? epoch : 0, rev: view.adopted ? rev : 0 };
    const instance = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
    const connection = (this.connection = new Connection(page, instance, this.#host(url, view), Math.random));
    view.inputs.pending = (cseq) => connection.outbox.unsettled.has(cseq);
    view.events.send = (event) => this.#do((now) => connection.event(event, now));
    const wake = () => this.#do((now) => connection.wake(now));
    addEventListener('online', wake);
    document.addEventListener('visibilitychange', () => document.hidden || wake());
    addEventListener('pageshow', ({ persisted }) => persisted && wake());
    addEventListener('pagehide', ({ persisted }) => this.#do((now) => connection.leave(now, persisted ? 'freeze' : 'leave')));
    this.#do((now) => connection.start(now));
  }

  get state() {
    return this.connection.state;
  }

  /** End the session's connection for good. */
  close() {
    this.#do((now) => this.connection.leave(now, 'close'));
  }

  /** @param {(now: number) => void} call */
  #do(call) {
    call(performance.now());
    clearTimeout(this.#timer);
    const { deadline } = this.connection;
    if (deadline < Infinity) this.#timer = setTimeout(() => this.#do((now) => this.connection.tick(now)), deadline - performance.now());
  }

  /** @param {string} url @param {import('./view.js').View} view @returns {import('./line.js').Host} */
  #host(url, view) {
    return {
      connect: (parameters) => this.#connect(url, parameters),
      send: (frame) => {
        if (!this.#outgoing.length) queueMicrotask(() => this.#send());
        this.#outgoing.push(frame);
      },
      close: () => {
        this.#send();
        this.#socket?.close(1000);
        this.#socket = null;
      },
      page: () => ({
        path: location.pathname + location.search,
        width: innerWidth,
        height: innerHeight,
        time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? '',
      }),
      apply: (burst, info) => this.onPatch?.(burst, info) ?? [],
      settled: () => view.inputs.release(),
      state: showState,
      emit: tell,
      reload: reloadOnce,
      hidden: () => document.hidden,
    };
  }

  /** @param {string} url @param {[string, string][]} parameters */
  #connect(url, parameters) {
    const target = new URL(url, location.href);
    target.protocol = target.protocol.replace('http', 'ws');
    for (const [name, value] of parameters) target.searchParams.set(name, value);
    const socket = (this.#socket = new WebSocket(target, 'vango.1'));
    socket.binaryType = 'arraybuffer';
    const { connection } = this;
    // What an earlier socket still has to say is of no interest.
    const on = (/** @type {string} */ type, /** @type {(event: any, now: number) => void} */ act) =>
      socket.addEventListener(type, (event) => socket === this.#socket && this.#do((now) => act(event, now)));
    on('open', (_, now) => connection.opened(now));
    on('message', ({ data }, now) => connection.received(new Uint8Array(data), now));
    on('close', ({ code }, now) => connection.closed(now, code));
  }

  /** What one task has produced goes as one message, or as few as the server takes. */
  #send() {
    let batch = [];
    let size = 0;
    for (const frame of this.#outgoing.splice(0)) {
      if (batch.length === MAX_FRAMES || size + frame.length > MAX_MESSAGE_BYTES) {
        this.#socket?.send(join(batch));
        batch = [];
        size = 0;
      }
      batch.push(frame);
      size += frame.length;
    }
    if (batch.length && this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(join(batch));
  }
}

/** @param {string} name @param {object} detail */
function tell(name, detail) {
  dispatchEvent(new CustomEvent(name, { detail }));
}

/** @param {string} state @param {boolean} offline */
function showState(state, offline) {
  const { classList } = document.body;
  const changed = classList.contains('vango-offline') !== offline;
  classList.toggle('vango-offline', offline);
  document.documentElement.dataset.vango = state;
  tell('vango-state', { state, offline });
  if (state === 'connected') sessionStorage.removeItem(RELOADED);
  if (!changed) return;
  /** @type {any} */ (window).__vangoLive_offline?.(offline);
  tell('vango-offline', { offline, state });
}

/** A page that the server does not take is loaded again, but not in circles. @param {string} reason */
function reloadOnce(reason) {
  if (sessionStorage.getItem(RELOADED)) return false;
  sessionStorage.setItem(RELOADED, reason);
  location.reload();
  return true;
}
