// Events that are sent later than they happen: debounced and throttled. No clock of its own.

/**
 * Sends; may give whether what was sent is on its way.
 * @typedef {() => ((() => boolean) | void)} Send
 * @typedef {{send: Send | null, cancel: () => void, again: boolean, busy?: (() => boolean) | void}} Waiting
 */

export class Pace {
  /** In the order of what happened last. @type {Map<string, Waiting>} */
  #waiting = new Map();
  /** @type {WeakMap<Element, number>} */
  #numbers = new WeakMap();
  #next = 0;

  /** @param {(ms: number, act: () => void) => () => void} after calls `act` in `ms`, unless what it returns is called */
  constructor(after) {
    this.after = after;
  }

  /** Send when nothing else came for so long. @param {Element} element @param {string} kind @param {number} ms @param {Send} send */
  debounce(element, kind, ms, send) {
    const key = this.#key(element, kind);
    this.#waiting.get(key)?.cancel();
    this.#waiting.delete(key);
    const cancel = this.after(ms, () => this.#fire(key));
    this.#waiting.set(key, { send, cancel, again: false });
  }

  /** Send now if nothing was sent for so long, or is on its way, else the newest then. @param {Element} element @param {string} kind @param {number} ms @param {Send} send */
  throttle(element, kind, ms, send) {
    const key = this.#key(element, kind);
    const waiting = this.#waiting.get(key);
    if (waiting) waiting.send = send;
    else this.#begin(key, ms, send);
  }

  /** Send all that waits. */
  flush() {
    if (!this.#waiting.size) return;
    for (const [key, waiting] of [...this.#waiting]) {
      const { send, cancel, again } = waiting;
      if (!send) continue;
      waiting.send = null;
      if (!again) {
        cancel();
        this.#waiting.delete(key);
      }
      waiting.busy = send();
    }
  }

  /** @param {string} key */
  #fire(key) {
    const send = this.#waiting.get(key)?.send;
    this.#waiting.delete(key);
    send?.();
  }

  /** Nothing is sent for a while; what comes meanwhile begins another while. @param {string} key @param {number} ms @param {Send} send */
  #begin(key, ms, send) {
    /** @type {Waiting} */
    const waiting = { send: null, cancel() {}, again: true };
    this.#waiting.set(key, waiting);
    this.#rest(key, ms, waiting);
    waiting.busy = send();
  }

  /** @param {string} key @param {number} ms @param {Waiting} waiting */
  #rest(key, ms, waiting) {
    waiting.cancel = this.after(ms, () => {
      if (waiting.busy?.()) return this.#rest(key, ms, waiting);
      this.#waiting.delete(key);
      if (waiting.send) this.#begin(key, ms, waiting.send);
    });
  }

  /** @param {Element} element @param {string} kind */
  #key(element, kind) {
    const number = this.#numbers.get(element) ?? this.#next++;
    this.#numbers.set(element, number);
    return `${number} ${kind}`;
  }
}
