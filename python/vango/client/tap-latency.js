// A network that is slow, in one direction.

/** @typedef {(late: boolean) => void} Act */

/** Does things late, and in their order. */
export class Delay {
  /** @type {{at: number, act: Act}[]} */
  #waiting = [];
  #timer = 0;

  /** @param {() => number} ms how late, asked each time */
  constructor(ms) {
    this.ms = ms;
  }

  /** Do it when its time comes and all before it is done: at once where nothing is late. @param {Act} act */
  pass(act) {
    const waiting = this.#waiting;
    const ms = this.ms();
    if (!ms && !waiting.length) return act(false);
    const at = Math.max(performance.now() + ms, waiting[waiting.length - 1]?.at ?? 0);
    waiting.push({ at, act });
    this.#wait();
  }

  /** Do at once what still waits. */
  flush() {
    this.#run(Infinity);
  }

  #wait() {
    const [first] = this.#waiting;
    if (!first || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      this.#run(performance.now());
      this.#wait();
    }, first.at - performance.now());
  }

  /** @param {number} until */
  #run(until) {
    while (this.#waiting[0]?.at <= until) /** @type {any} */ (this.#waiting.shift()).act(true);
  }
}
