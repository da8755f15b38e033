// When to connect, and whether a connection lives (PROTOCOL 3.11 to 3.13).
//
// No I/O, no clock: what happens comes in with the time, in ms of one clock; chance and what is to be done are
// the Host's. After every call the owner must see to it that `tick` is called at `deadline`.

/**
 * @typedef {'connecting' | 'connected' | 'disconnected' | 'needs-auth' | 'error' | 'closed'} State
 * @typedef {'websocket' | 'http'} Way
 * @typedef {{min_ms: number, max_ms: number, parameters: [string, string][]}} Bounds
 * @typedef {'down' | 'opening' | 'greeting' | 'up'} Phase
 * @typedef {'greeting' | 'retry' | 'ping' | 'death' | 'ack' | 'refetch' | 'resend' | 'drained' | 'upgrade'} Timer
 */

/**
 * One connection; whoever made it tells `opened`, `received` and `closed` of it.
 * @typedef {object} Link
 * @property {(frame: Uint8Array) => void} send
 * @property {() => void} close behind what was sent; nothing more is told of it
 * @property {string} [attachment] what the server calls it
 */

/**
 * @typedef {object} Host
 * @property {() => number} random in [0, 1)
 * @property {(way: Way, parameters: [string, string][]) => Link} open
 * @property {boolean} inflates whether it can `inflate`
 * @property {(payload: Uint8Array, ticket: import('./machine.js').Ticket) => void} inflate raw deflate, up to MAX_BURST_BYTES; `inflated` follows
 * @property {() => [path: string, width: number, height: number, time_zone: string]} page
 * @property {import('./follower.js').Apply} apply
 * @property {() => void} settled some event may have finished
 * @property {(state: State, offline: boolean) => void} state
 * @property {(name: string, detail: object) => void} emit tell the page
 * @property {(reason: string, to?: string) => boolean} reload the page, or another one; false if that was tried already
 * @property {() => boolean} hidden
 */

const PROBE_MS = 5_000;
const LATE_MS = 1_000;
/** Alive for so long, the ladder begins anew. */
const STEADY_MS = 10_000;
/** A younger attempt is left alone. */
const IMPATIENCE_MS = 1_000;

export class Line {
  /** @type {State} */
  state = 'connecting';
  /** @type {Phase} */
  phase = 'down';
  now = 0;
  /** When this phase began. */
  since = 0;
  /** When the last connection ended. */
  offlineSince = 0;
  /** Tries since the last success. */
  attempts = 0;
  ladder_ms = [1_000, 2_000, 5_000, 10_000, 30_000];
  heartbeat_ms = 25_000;
  /** @type {Map<Timer, number>} */
  timers = new Map();
  /** How the server wants to be called again. @type {Partial<Bounds>} */
  bounds = {};
  notBefore = 0;

  /** @param {Host} host */
  constructor(host) {
    this.host = host;
  }

  /** When `tick` is due. */
  get deadline() {
    let first = Infinity;
    for (const at of this.timers.values()) if (at < first) first = at;
    return first;
  }

  /** @param {number} now */
  start(now) {
    this.offlineSince = this.now = now;
    this.connect();
  }

  /** Open a connection. */
  connect() {}

  /** End what there is of one. */
  cut() {
    this.timers.clear();
  }

  /** A frame took effect: this connection is a good one. */
  committed() {
    this.attempts = 0;
  }

  /** The connection has ended, or never was one. */
  lost() {
    this.down();
  }

  /** Do what is due. @param {number} now */
  tick(now) {
    this.now = now;
    for (const [timer, at] of this.timers) {
      if (at > now || !this.timers.delete(timer)) continue;
      // A page that was stalled hears what has come meanwhile before it gives up.
      if (now - at > LATE_MS && /greeting|death/.test(timer)) this.in(timer, LATE_MS);
      else this.due(timer);
    }
  }

  /** @param {Timer} timer */
  due(timer) {
    if (timer === 'retry') this.retry();
    else if (timer === 'ping') this.probe();
    else this.lost();
  }

  /** The page is visible, online or back: see at once whether the server is there. @param {number} now */
  wake(now) {
    this.now = now;
    if (this.phase === 'up') this.probe();
    else if (this.phase === 'down' ? this.state === 'disconnected' : now - this.since > IMPATIENCE_MS) this.retry();
  }

  /** Bytes came. */
  heard() {
    this.timers.delete('death');
    this.in('ping', this.heartbeat_ms);
    if (this.phase === 'up' && this.now - this.since > STEADY_MS) this.committed();
  }

  /** @param {Timer} timer @param {number} delay_ms */
  in(timer, delay_ms) {
    this.timers.set(timer, this.now + delay_ms);
  }

  /** @param {Phase} phase */
  enter(phase) {
    this.phase = phase;
    this.since = this.now;
  }

  /** Connect if it is time and somebody looks; else later. */
  retry() {
    const wait = this.notBefore - this.now;
    if (wait > 0) this.in('retry', wait);
    else if (!this.host.hidden()) this.connect();
  }

  probe() {
    if (!this.timers.has('death')) this.in('death', PROBE_MS);
  }

  /** The connection is gone: come back within the bounds of the server, or by the ladder. @param {Partial<Bounds>} bounds */
  down(bounds = this.bounds) {
    const { min_ms = 0, max_ms = 0 } = bounds;
    const step = this.ladder_ms[Math.min(this.attempts++, this.ladder_ms.length - 1)];
    const [from, to] = min_ms || max_ms ? [min_ms, Math.max(min_ms, max_ms)] : [0.8 * step, 1.2 * step];
    this.halt('disconnected');
    this.bounds = { parameters: bounds.parameters };
    this.notBefore = this.now + min_ms;
    this.in('retry', from + (to - from) * this.host.random());
  }

  /** No connection, and no timer that would make one. @param {State} state */
  halt(state) {
    this.enter('down');
    this.cut();
    this.become(state);
  }

  /** The page freezes, or goes into the cache of back and forward; it may wake again. @param {number} now */
  pause(now) {
    this.now = now;
    if (/connect/.test(this.state)) this.halt('disconnected');
  }

  /** @param {State} state */
  become(state) {
    if (state === this.state) return;
    if (this.state === 'connected') this.offlineSince = this.now;
    this.state = state;
    this.host.state(state, state !== 'connected' && state !== 'closed');
  }
}
