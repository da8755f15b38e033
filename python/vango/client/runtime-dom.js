// The public face of the client: `applyPatch` and `VangoLiveSocket`, for the document that loads it.

import { Machine } from './machine.js';
import { MAX_BURST_BYTES } from './messages.js';
import { websocket } from './socket.js';
import { View } from './view.js';

/**
 * What the server wrote into `<meta name="vango">`.
 * @typedef {{version: number, url: string, session: string, epoch: number, rev: number, count: number, token: string, csrf?: string, dev?: boolean, sockets?: boolean, embeds?: string}} Meta
 */

/** The newest one of the page. @type {VangoLiveSocket} */
export let socket;

/** A channel of the page's session, when it is open. @param {string} name @param {any} [params] what JSON can say */
export const channel = async (name, params) => (await import('./channels.js')).open(socket.machine, name, params);

const RELOADED = 'vango-reloaded';
const RETRY_MS = 5_000;

/** @type {Meta} */
export const meta = JSON.parse(document.querySelector('meta[name=vango]')?.getAttribute('content') || '{}');

export const view = new View(document, meta.count, meta.embeds);

/** Apply the ops of one burst to the document, all or none. */
export const applyPatch = view.apply;

/** Keeps the page's session connected: `new VangoLiveSocket(url).onPatch = applyPatch`. */
export class VangoLiveSocket {
  /** Takes every burst. @type {import('./follower.js').Apply | null} */
  onPatch = null;
  /** @type {import('./view.js').Later | undefined} */
  #later;
  #timer = 0;
  /** When it goes off. */
  #due = Infinity;

  /** @param {string} url where the session lives @param {Partial<Meta>} [page] what the page says of itself */
  constructor(url, page = meta) {
    this.url = url;
    const { session = '', token = '', csrf = '', epoch = 0, rev = 0, dev, sockets } = page;
    const served = { session, token, csrf, dev, sockets, epoch: view.adopted ? epoch : 0, rev: view.adopted ? rev : 0 };
    const random = crypto.getRandomValues(new Uint8Array(16));
    const instance = Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('');
    const machine = (this.machine = new Machine(served, instance, this.#host()));
    view.events.send = (event) => this.#do((now) => machine.event(event, now));
    const wake = () => document.hidden || this.#do((now) => machine.wake(now));
    const pause = () => this.#do((now) => machine.pause(now));
    addEventListener('online', wake);
    addEventListener('pageshow', ({ persisted }) => persisted && wake());
    document.addEventListener('visibilitychange', wake);
    document.addEventListener('resume', wake);
    document.addEventListener('freeze', pause);
    addEventListener('pagehide', ({ persisted }) => {
      view.events.flush();
      if (persisted) pause();
      // A socket that is still opening goes with the page, without a word in the console.
      else if (machine.phase === 'up') this.#leave('leave');
    });
    socket = this;
    this.#do((now) => machine.start(now));
    this.#complete();
  }

  get state() {
    return this.machine.state;
  }

  /** Leave the session for good. */
  close() {
    this.#leave('close');
  }

  /** Somebody has signed in. @param {string} [token] instead of that of the page */
  signIn(token = '') {
    this.#do((now) => this.machine.rescue?.refresh(token, now));
  }

  /** Do what is due. */
  tick() {
    this.#due = Infinity;
    this.#do((now) => this.machine.tick(now));
  }

  /** @param {string} reason */
  #leave(reason) {
    this.#do((now) => this.machine.leave(reason, 'closed', now));
  }

  /** Tell the machine of something, with the time, and see to its next deadline. @param {(now: number) => void} tell */
  #do(tell) {
    tell(performance.now());
    const { deadline } = this.machine;
    // Most deadlines only move away: a timer that is early looks again, which costs less than to set it anew.
    if (deadline < this.#due) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.tick(), (this.#due = deadline) - performance.now());
    }
  }

  /** Load what no page needs for its first click. */
  async #complete(tries = 3) {
    const { machine } = this;
    try {
      const { later } = await import('./later.js');
      this.#later = later;
      const forms = view.forms ?? view.complete(later);
      forms.pending = (cseq) => machine.outbox.unsettled.has(cseq);
      // The links and the history of somebody else's page are theirs.
      if (!meta.embeds) view.events.navigation ??= new later.Navigation(view.events, () => this.#do((now) => machine.complete(machine.rescue, now)));
      this.#do((now) => machine.complete(new later.Rescue(machine), now));
    } catch (error) {
      if (tries > 1) setTimeout(() => this.#complete(tries - 1), RETRY_MS);
      else this.#do(() => machine.fail('Internal', String(error)));
    }
  }

  /** @returns {import('./line.js').Host} */
  #host() {
    return {
      random: Math.random,
      open: (way, parameters) => this.#open(way, parameters),
      inflates: inflates(),
      inflate: async (payload, ticket) => {
        const bytes = (await this.#later?.inflate(payload, MAX_BURST_BYTES)) ?? null;
        this.#do((now) => this.machine.inflated(ticket, bytes, now));
      },
      page: () => [view.events.navigation?.path ?? location.pathname + location.search, innerWidth, innerHeight, Intl.DateTimeFormat().resolvedOptions().timeZone],
      apply: (burst, info) => this.onPatch?.(burst, info) ?? [],
      settled: () => view.forms?.release(),
      state: show,
      emit: tell,
      reload: reloadOnce,
      hidden: () => document.hidden,
    };
  }

  /** @param {import('./line.js').Way} way @param {[string, string][]} parameters */
  #open(way, parameters) {
    const address = new URL(this.url, location.href);
    for (const [name, value] of parameters) address.searchParams.set(name, value);
    /** @type {import('./line.js').Link & {closed?: boolean}} */
    const link = { send() {}, close: () => (link.closed = true) };
    const { machine } = this;
    const on = {
      opened: () => this.#do((now) => machine.opened(link, now)),
      received: (/** @type {Uint8Array} */ bytes) => this.#do((now) => machine.received(link, bytes, now)),
      closed: (/** @type {number} */ code = 0) => this.#do((now) => machine.closed(link, now, code)),
    };
    if (way === 'websocket') websocket(link, address, on);
    else import('./http.js').then(({ http }) => http(link, address, on), () => on.closed());
    return link;
  }
}

Object.assign(globalThis, { VangoLiveSocket });

function inflates() {
  try {
    return !!new DecompressionStream('deflate-raw');
  } catch {
    return false;
  }
}

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
  try {
    /** @type {any} */ (window).__vangoLive_offline?.(offline);
  } catch (error) {
    reportError(error);
  }
}

/** A page that the server does not take is loaded again, or another one is, but not in circles. @param {string} reason @param {string} [to] */
function reloadOnce(reason, to) {
  if (sessionStorage.getItem(RELOADED)) return false;
  sessionStorage.setItem(RELOADED, reason);
  if (to) location.assign(to);
  else location.reload();
  return true;
}
