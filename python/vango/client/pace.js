// Events that are sent later than they happen: debounced and throttled. No clock of its own.

/**
 * @typedef {{send: (() => void) | null, cancel: () => void, again: boolean}} Waiting
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

  /** Send when nothing else came for so long. @param {Element} element @param {string} kind @param {number} ms @param {() => void} send */
  debounce(element, kind, ms, send) {
    const key = this.#key(element, kind);
    this.#waiting.get(key)?.cancel();
    this.#waiting.delete(key);
    const cancel = this.after(ms, () => this.#fire(key));
    this.#waiting.set(key, { send, cancel, again: false });
  }

  /** Send now if nothing was sent for so long, else the newest then. @param {Element} element @param {string} kind @param {number} ms @param {() => void} send */
  throttle(element, kind, ms, send) {
    const key = this.#key(element, kind);
    const waiting = this.#waiting.get(key);
    if (waiting) {
      waiting.send = send;
      return;
    }
    this.#rest(key, ms);
    send();
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
      send();
    }
  }

  /** @param {string} key */
  #fire(key) {
    const send = this.#waiting.get(key)?.send;
    this.#waiting.delete(key);
    send?.();
  }

  /** Nothing is sent for a while; what comes meanwhile begins another while. @param {string} key @param {number} ms */
  #rest(key, ms) {
    const cancel = this.after(ms, () => {
      const send = this.#waiting.get(key)?.send;
      this.#waiting.delete(key);
      if (!send) return;
      this.#rest(key, ms);
      send();
    });
    this.#waiting.set(key, { send: null, cancel, again: true });
  }

  /** @param {Element} element @param {string} kind */
  #key(element, kind) {
    const number = this.#numbers.get(element) ?? this.#next++;
    this.#numbers.set(element, number);
    return `${number} ${kind}`;
  }
}
