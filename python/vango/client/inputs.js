// What people type, against what the server writes.
//
// An edit is pending until the event that told the server of it has finished.
// Until then the server's writes to that control are older than the edit: they are held, the newest of each.

/**
 * @typedef {import('./live.js').Write} Write
 * @typedef {{version: number, unsent: boolean, cseq: number}} Edit
 */

export class Inputs {
  /** Whether an event has not finished yet; the connection knows. @type {(cseq: number) => boolean} */
  pending = () => false;
  /** @type {WeakMap<Element, Edit>} */
  #edits = new WeakMap();
  /** @type {Write[]} */
  #held = [];
  /** Properties that the server has set. @type {WeakMap<Element, Set<string>>} */
  #told = new WeakMap();
  /** @type {EventTarget | null} */
  #composing = null;

  /** @param {Document} page */
  constructor(page) {
    /** @param {string} type @param {(target: any) => void} act */
    const on = (type, act) => page.addEventListener(type, ({ target }) => act(target), true);
    on('input', (control) => {
      const { version = 0, cseq = 0 } = this.#edits.get(control) ?? {};
      this.#edits.set(control, { version: version + 1, unsent: true, cseq });
    });
    on('compositionstart', (target) => (this.#composing = target));
    on('compositionend', () => {
      this.#composing = null;
      this.release();
    });
    on('focusout', () => this.release());
  }

  /** The page was served with what the server had set. @param {ParentNode} root */
  adopt(root) {
    for (const name of ['checked', 'selected', 'open', 'muted', 'value']) {
      for (const element of root.querySelectorAll(`[${name}]`)) this.told(element).add(`.${name}`);
    }
    for (const area of root.querySelectorAll('textarea')) if (area.defaultValue) this.told(area).add('.value');
  }

  /** @param {Element} element */
  told(element) {
    const names = this.#told.get(element) ?? new Set();
    this.#told.set(element, names);
    return names;
  }

  /**
   * An event tells of these controls: call what is returned with its number, or with 0 if it was rejected.
   * @param {Iterable<Element>} controls
   */
  ticket(controls) {
    const versions = Array.from(controls, (control) => /** @type {const} */ ([control, this.#edits.get(control)?.version]));
    return (/** @type {number} */ cseq) => {
      for (const [control, version] of versions) {
        const edit = this.#edits.get(control);
        if (edit) this.#edits.set(control, { ...edit, cseq, unsent: !cseq || edit.version !== version });
      }
    };
  }

  /**
   * Set a property, now or when the edit before it is settled.
   * A snapshot leaves alone what was typed and not told yet.
   * @param {Write} write
   */
  write(write, snapshot = false) {
    const { element, name, value } = write;
    this.told(element)[value === null ? 'delete' : 'add'](name);
    this.#held = this.#held.filter((held) => held.element !== element || held.name !== name);
    if (/value|checked|selected/.test(name)) {
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
    assign(element, name.slice(1), value);
  }

  /** Some event has finished: what was held for it may be due. */
  release() {
    for (const write of this.#held.splice(0)) if (write.element.isConnected) this.write(write);
  }
}

/** @param {any} control @param {string} property @param {string | null} value */
function assign(control, property, value) {
  if (property !== 'value') {
    if (control[property] !== (value !== null)) control[property] = value !== null;
    return;
  }
  const text = value ?? '';
  const { value: old, selectionStart: start, selectionEnd: end, selectionDirection: direction } = control;
  if (old !== text && control.type !== 'file') {
    control.value = text;
    if (control === document.activeElement && typeof start === 'number') {
      // The caret stays where it was, or at the end if it was there.
      const keep = (/** @type {number} */ at) => (at === old.length ? text.length : Math.min(at, text.length));
      control.setSelectionRange(keep(start), keep(end), direction);
    }
  }
  if (value === null) control.removeAttribute('value');
}
