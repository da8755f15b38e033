// `data-pending`: on elements whose event the server has not finished with.

const NAME = 'data-pending';

export class Marks {
  /** By element and kind, the number of the newest event; -1 before it has one. @type {Map<Element, Map<string, {cseq: number}>>} */
  #marks = new Map();

  /** @param {(cseq: number) => boolean} pending whether an event has not finished yet */
  constructor(pending) {
    this.pending = pending;
  }

  /** Mark an element until this event is over. @param {Element} element @param {string} kind @param {import('./outbox.js').Outgoing} event */
  watch(element, kind, event) {
    const kinds = this.#marks.get(element) ?? new Map();
    const mark = { cseq: -1 };
    this.#marks.set(element, kinds.set(kind, mark));
    this.#show(element, kinds);
    const { numbered } = event;
    event.numbered = (cseq) => {
      numbered?.(cseq);
      mark.cseq = cseq;
      if (!cseq) this.release();
    };
  }

  /** Some event has finished. */
  release() {
    if (!this.#marks.size) return;
    for (const [element, kinds] of this.#marks) {
      for (const [kind, { cseq }] of kinds) if (cseq >= 0 && !this.pending(cseq)) kinds.delete(kind);
      if (!kinds.size) this.#marks.delete(element);
      this.#show(element, kinds);
    }
  }

  /** @param {Element} element @param {Map<string, unknown>} kinds */
  #show(element, kinds) {
    if (kinds.size) element.setAttribute(NAME, [...kinds.keys()].join(' '));
    else element.removeAttribute(NAME);
  }
}
