// One socket after another: when to connect, whether it lives, what state that is (PROTOCOL 3.11, 3.12).
//
// No I/O: time and chance come in, effects go out by a Host. Times are ms of one clock; after every call
// the owner must see to it that `tick` is called at `deadline`.

/**
 * @typedef {'connecting' | 'connected' | 'disconnected' | 'needs-auth' | 'error' | 'closed'} State
 * @typedef {{min_ms: number, max_ms: number, parameters: [string, string][]}} Bounds
 * @typedef {'down' | 'opening' | 'greeting' | 'up'} Phase
 * @typedef {'greeting' | 'retry' | 'ping' | 'death' | 'ack' | 'refetch' | 'resend' | 'drained'} Timer
 */

/**
 * @typedef {object} Host
 * @property {(parameters: [string, string][]) => void} connect open a socket; `opened` or `closed` follows
 * @property {(frame: Uint8Array) => void} send
 * @property {() => void} close the socket, if there is one, behind what was sent
 * @property {() => {path: string, width: number, height: number, time_zone: string}} page
 * @property {import('./follower.js').Apply} apply
 * @property {() => void} settled some event may have finished
 * @property {(state: State, offline: boolean) => void} state
 * @property {(name: string, detail: object) => void} emit tell the page
 * @property {(reason: string) => boolean} reload false if that was tried already
 * @property {() => boolean} hidden
 */

const GREETING_MS = 10_000;
/** The close code behind an ERROR that asks to sign in. */
const UNAUTHORIZED = 3000;
const PROBE_MS = 5_000;
/** A younger attempt is left alone. */
const IMPATIENCE_MS = 1_000;

export class Line {
  /** @type {State} */
  state = 'connecting';
  /** @type {Phase} */
  phase = 'down';
  /** When this phase began. */
  since = 0;
  /** When the last connection ended. */
  offlineSince = 0;
  now = 0;
  /** Tries since the last success. */
  attempts = 0;
  ladder_ms = [1_000, 2_000, 5_000, 10_000, 30_000];
  heartbeat_ms = 25_000;
  /** @type {Map<Timer, number>} */
  timers = new Map();
  /** How the server wants to be called again. @type {Partial<Bounds>} */
  bounds = {};
  notBefore = 0;

  /** @param {Host} host @param {() => number} random in [0, 1) */
  constructor(host, random) {
    this.host = host;
    this.random = random;
  }

  get deadline() {
    return Math.min(...this.timers.values());
  }

  /** @param {number} now */
  start(now) {
    this.offlineSince = this.now = now;
    this.connect();
  }

  /** The socket is closed. @param {number} now @param {number} [code] */
  closed(now, code) {
    this.now = now;
    if (code === UNAUTHORIZED) this.halt('needs-auth');
    else if (this.phase !== 'down') this.down();
  }

  /** Do what is due. @param {number} now */
  tick(now) {
    this.now = now;
    for (const [timer, at] of this.timers) {
      if (at <= now && this.timers.delete(timer)) this.due(timer);
    }
  }

  /** @param {Timer} timer */
  due(timer) {
    if (timer === 'retry') this.retry();
    else if (timer === 'ping') this.probe();
    else if (timer !== 'resend') this.down();
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

  connect() {
    this.enter('opening');
    this.timers.clear();
    this.in('greeting', GREETING_MS);
    this.become('connecting');
    this.host.connect(this.bounds.parameters ?? []);
    this.bounds = {};
  }

  /** Connect if it is time and somebody looks; else later. */
  retry() {
    if (this.notBefore > this.now) this.timers.set('retry', this.notBefore);
    else if (!this.host.hidden()) {
      this.host.close();
      this.connect();
    }
  }

  probe() {
    if (!this.timers.has('death')) this.in('death', PROBE_MS);
  }

  /** The connection is gone: come back within the bounds of the server, or by the ladder. @param {Partial<Bounds>} bounds */
  down(bounds = this.bounds) {
    const { ladder_ms, now } = this;
    const step = ladder_ms[Math.min(this.attempts++, ladder_ms.length - 1)];
    const { min_ms = 0, max_ms = 0 } = bounds;
    const [from, to] = min_ms || max_ms ? [min_ms, Math.max(min_ms, max_ms)] : [0.8 * step, 1.2 * step];
    this.halt('disconnected');
    this.bounds = bounds;
    this.notBefore = now + min_ms;
    this.in('retry', from + (to - from) * this.random());
  }

  /** No connection, and no timer that would make one. @param {State} state */
  halt(state) {
    if (this.state === 'connected') this.offlineSince = this.now;
    this.enter('down');
    this.timers.clear();
    this.host.close();
    this.become(state);
  }

  /** @param {State} state */
  become(state) {
    if (state === this.state) return;
    const offline = state === 'connecting' ? this.state !== 'connected' : state !== 'connected' && state !== 'closed';
    this.state = state;
    this.host.state(state, offline);
  }
}
