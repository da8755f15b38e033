// One socket after another: when to connect, whether it lives, what state that is (PROTOCOL 3.11, 3.12).
//
// No I/O: time and chance come in, effects go out by a Host. Times are ms of one clock; after every call
// the owner must see to it that `tick` is called at `deadline`.

/**
 * @typedef {'connecting' | 'connected' | 'disconnected' | 'needs-auth' | 'error' | 'closed'} State
 * @typedef {'down' | 'opening' | 'greeting' | 'up'} Phase
 * @typedef {'greeting' | 'retry' | 'ping' | 'death' | 'ack' | 'refetch' | 'drained'} Timer
 */

/**
 * @typedef {object} Host
 * @property {(parameters: [string, string][]) => void} connect open a socket; `opened` or `closed` follows
 * @property {(frame: Uint8Array) => void} send
 * @property {() => void} close the socket, if there is one, behind what was sent
 * @property {() => {path: string, width: number, height: number, time_zone: string}} page
 * @property {import('./bursts.js').Apply} apply
 * @property {() => void} settled some event may have finished
 * @property {(state: State, offline: boolean) => void} state
 * @property {(name: string, detail: object) => void} emit tell the page
 * @property {(reason: string) => boolean} reload false if that was tried already
 * @property {() => boolean} hidden
 */

const GREETING_MS = 10_000;
const PROBE_MS = 5_000;
const IMPATIENCE_MS = 1_000; // a younger attempt is left alone

export class Line {
  /** @type {State} */ state = 'connecting';
  /** @type {Phase} */ phase = 'down';
  /** When this phase began. */ since = 0;
  /** When the last connection ended. */ offlineSince = 0;
  now = 0;
  /** Tries since the last success. */ attempts = 0;
  ladder_ms = [1_000, 2_000, 5_000, 10_000, 30_000];
  heartbeat_ms = 25_000;
  /** @type {Map<Timer, number>} */ timers = new Map();
  /** No earlier and with this, says the server. */ notBefore = 0;
  /** @type {[string, string][]} */ parameters = [];

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
    this.host.connect(this.parameters);
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

  /**
   * The connection is gone. Come back by the ladder, or within the bounds the server gave.
   * @param {number} [min_ms] @param {number} [max_ms] @param {[string, string][]} [parameters]
   */
  down(min_ms, max_ms = 0, parameters = []) {
    const { ladder_ms } = this;
    const step = ladder_ms[Math.min(this.attempts++, ladder_ms.length - 1)];
    this.halt('disconnected');
    const bounded = min_ms !== undefined && Math.max(min_ms, max_ms) > 0;
    this.parameters = parameters;
    this.notBefore = bounded ? this.now + min_ms : 0;
    if (bounded) this.in('retry', min_ms + Math.max(0, max_ms - min_ms) * this.random());
    else this.in('retry', step * (0.8 + 0.4 * this.random()));
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
