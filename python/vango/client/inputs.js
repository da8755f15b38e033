// What people type, against what the server writes.
//
// An edit is pending until the event that told the server of it has finished.
// Until then the server's writes to that control are older than the edit: they are held, the newest of each.

/**
 * @typedef {import('./build.js').Write} Write
 * @typedef {{version: number, unsent: boolean, cseq: number}} Edit
 */

const TYPED = /^(value|checked|selected)$/;

export class Inputs {
  /** Whether an event has not finished yet; the connection knows. @type {(cseq: number) => boolean} */
  pending = () => false;
  /** @type {WeakMap<Element, Edit>} */ #edits = new WeakMap();
  /** @type {Write[]} */ #held = [];
  /** Boolean properties that the server has set. @type {WeakMap<Element, Set<string>>} */ #told = new WeakMap();
  /** @type {EventTarget | null} */ #composing = null;

  /** @param {Document} page */
  constructor(page) {
    page.addEventListener('input', ({ target }) => target instanceof Element && this.#edited(target), true);
    page.addEventListener('compositionstart', ({ target }) => (this.#composing = target), true);
    page.addEventListener('compositionend', () => ((this.#composing = null), this.release()), true);
    page.addEventListener('focusout', () => this.release(), true);
  }

  /** The page was served with what the server had set. @param {ParentNode} root */
  adopt(root) {
    for (const name of ['checked', 'selected', 'open', 'muted']) {
      for (const element of root.querySelectorAll(`[${name}]`)) this.told(element).add(`.${name}`);
    }
  }

  /** @param {Element} element */
  told(element) {
    let names = this.#told.get(element);
    if (!names) this.#told.set(element, (names = new Set()));
    return names;
  }

  /**
   * An event tells of these controls: call what is returned with its number, or with 0 if it was rejected.
   * @param {Iterable<Element>} controls
   */
  ticket(controls) {
    const edits = [...controls].flatMap((control) => this.#edits.get(control) ?? []);
    const versions = edits.map((edit) => edit.version);
    return (/** @type {number} */ cseq) =>
      edits.forEach((edit, n) => {
        edit.cseq = cseq;
        edit.unsent = !cseq || edit.version !== versions[n];
      });
  }

  /**
   * Set a property, now or when the edit before it is settled.
   * A snapshot leaves alone what was typed and not told yet.
   * @param {Write} write
   */
  write(write, snapshot = false) {
    const { element, name, value } = write;
    const told = this.told(element);
    if (value === null) told.delete(name);
    else if (name !== '.value') told.add(name);
    this.#held = this.#held.filter((held) => held.element !== element || held.name !== name);
    if (TYPED.test(name.slice(1))) {
      const control = (element instanceof HTMLOptionElement && element.closest('select')) || element;
      const edit = this.#edits.get(control);
      const busy = edit && (this.pending(edit.cseq) || (edit.unsent && control === document.activeElement));
      if (busy || control === this.#composing) {
        this.#held.push(write);
        return;
      }
      if (edit?.unsent && snapshot) return;
      this.#edits.delete(control);
    }
    assign(/** @type {any} */ (element), name.slice(1), value);
  }

  /** Some event has finished: what was held for it may be due. */
  release() {
    const held = this.#held;
    this.#held = [];
    for (const write of held) if (write.element.isConnected) this.write(write);
  }

  /** @param {Element} control */
  #edited(control) {
    const edit = this.#edits.get(control) ?? { version: 0, unsent: true, cseq: 0 };
    edit.version++;
    edit.unsent = true;
    this.#edits.set(control, edit);
  }
}

/** @param {any} control @param {string} property @param {string | null} value */
function assign(control, property, value) {
  if (property !== 'value') {
    if (control[property] !== (value !== null)) control[property] = value !== null;
    return;
  }
  const text = value ?? '';
  const old = control.value;
  if (old === text || control.type === 'file') return;
  const { selectionStart: start, selectionEnd: end, selectionDirection: direction } = control;
  control.value = text;
  if (control !== document.activeElement || start === null || start === undefined) return;
  // The caret stays where it was, or at the end if it was there.
  const keep = (/** @type {number} */ at) => (at === old.length ? text.length : Math.min(at, text.length));
  control.setSelectionRange(keep(start), keep(end), direction);
}
