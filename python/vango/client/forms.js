// What people type and choose, against what the server writes; and what an EVENT tells of it.
//
// An edit is pending until the event that told the server of it has finished.
// Until then the server's writes to that control are older than the edit: they are held, the newest of each.

import { SET, assign, concerned, differs, group, says } from './controls.js';
import { encodeFields, gather } from './fields.js';
import { KINDS } from './kinds.js';
import { Marks } from './marks.js';
import { note } from './patch.js';

/** @typedef {import('./patch.js').Writes} Writes */
/** @typedef {{version: number, unsent: boolean, cseq: number}} Edit */

const CONTROLS = 'input, select, textarea, [contenteditable]';
const SCROLL = KINDS.indexOf('scroll');

export class Forms {
  /** Whether an event has not finished yet; the connection knows. @type {(cseq: number) => boolean} */
  pending = () => false;
  marks = new Marks((cseq) => this.pending(cseq));
  /** @type {WeakMap<Element, Edit>} */ #edits = new WeakMap();
  /** @type {Writes} */ #held = new Map();
  /** Properties that the server has set. @type {WeakMap<Element, Set<string>>} */ #told = new WeakMap();
  // An adopted page does not say whether it was said of the list or of the option.
  /** What the server has chosen in a list, whether or not there is an option for it yet. @type {Map<HTMLSelectElement, {value: string, adopted: boolean}>} */
  #choices = new Map();
  /** Controls of which somebody has said something since the page was served. @type {WeakSet<Element>} */
  #known = new WeakSet();
  /** Controls that say what people have said last. @type {WeakSet<Element>} */
  #typed = new WeakSet();
  /** @type {EventTarget | null} */ #composing = null;

  /** @param {Document} page @param {import('./live.js').Live} live */
  constructor(page, live) {
    this.page = page;
    this.live = live;
    /** @param {string} type @param {(target: any) => void} act */
    const on = (type, act) => page.addEventListener(type, ({ target }) => act(target), true);
    on('input', (control) => this.#edited(control));
    on('compositionstart', (target) => (this.#composing = target));
    on('compositionend', () => {
      this.#composing = null;
      this.release();
    });
    on('focusout', () => this.release());
    // By then a browser has put back what had been typed when the page was left.
    addEventListener('pageshow', ({ persisted }) => persisted || this.tell());
    for (const name of ['checked', 'indeterminate', 'muted', 'open', 'selected', 'value']) {
      for (const element of page.querySelectorAll(`[${name}]`)) if (live.entryOf(element)) this.#adopt(element, name);
    }
    for (const area of page.querySelectorAll('textarea')) if (area.defaultValue) this.#adopt(area, 'value');
  }

  /** The page was served with what the server had set. @param {any} element @param {string} name */
  #adopt(element, name) {
    const list = name === 'selected' && element.closest('select');
    if (list && !list.multiple) {
      this.#choices.set(list, { value: element.value, adopted: true });
      this.told(list).add('.value');
    } else this.told(element).add(`.${name}`);
    if (name === 'value' && element.isContentEditable && !element.textContent) assign(element, name, element.getAttribute(name));
    if (name === 'indeterminate') element.indeterminate = true;
  }

  /** @param {Element} element */
  told(element) {
    const names = this.#told.get(element) ?? new Set();
    this.#told.set(element, names);
    return names;
  }

  /** @param {Element} control */
  #edited(control) {
    const whole = group(control);
    const { version = 0, cseq = 0 } = this.#edits.get(whole) ?? {};
    this.#edits.set(whole, { version: version + 1, unsent: true, cseq });
    this.#known.add(control);
    this.#typed.add(control);
  }

  /** Who comes next knows nothing of what people have said; a secret is for the one it was told to. */
  renew() {
    for (const control of this.page.querySelectorAll(CONTROLS)) if (this.#typed.has(control) && !/password|file/.test(/** @type {any} */ (control).type)) this.#edited(control);
  }

  /**
   * What was typed or scrolled before this was here, or was put back by the browser, is told as if it were now;
   * with `again` also what a server was told that is gone.
   */
  tell(again = false) {
    for (const control of this.page.querySelectorAll(CONTROLS)) this.#tell(control, again);
    const { listening, nodes } = this.live;
    if (!((listening >> SCROLL) & 1)) return;
    for (const { node, bits } of nodes.values()) {
      if ((bits >> SCROLL) & 1 && (node.scrollTop || node.scrollLeft)) node.dispatchEvent(new Event('scroll'));
    }
  }

  /** @param {any} control */
  #tell(control, again = false) {
    const edit = this.#edits.get(group(control));
    if (edit ? again && edit.unsent : !this.#known.has(control) && differs(control)) this.#say(control);
  }

  /** @param {any} control @param {string[]} [past] what it said once */
  #say(control, past) {
    this.#edited(control);
    if (!this.live.entryOf(control)) return;
    for (const type of ['input', 'change']) control.dispatchEvent(Object.assign(new Event(type, { bubbles: true }), { past }));
  }

  /**
   * Hear events that came before this was here, each after what the controls said by then, whatever they say now.
   * @param {import('./events.js').Early[]} early
   * @param {(kind: number, event: any) => void} hear
   */
  catchUp(early, hear) {
    /** @type {Map<any, string>} */
    const told = new Map();
    for (const [kind, event, said] of early) {
      for (const [control, value] of said) {
        const past = told.get(control);
        // What is chosen is told as it is now: its value does not tell all.
        if (/^(checkbox|radio|file|select)/.test(control.type) || (past === undefined && value === control.value)) this.#tell(control);
        else if (value !== (past ?? control.defaultValue)) {
          this.#say(control, [value]);
          told.set(control, value);
        }
      }
      hear(kind, Object.assign(event, { said }));
    }
    for (const [control, value] of told) if (control.value !== value) this.#say(control);
    this.tell();
  }

  /** What an EVENT says. @param {string} name @param {any} event @param {boolean} wanted whether its fields are @param {import('./fields.js').Fields} [fields] */
  describe(name, event, wanted, fields) {
    const payload = wanted ? encodeFields(fields ?? gather(name, event)) : new Uint8Array(0);
    const told = concerned(name, event);
    if (SET[name]) this.#edited(event.target);
    return { payload, numbered: told ? this.#ticket(told) : undefined };
  }

  /**
   * An event tells of these controls: call what is returned with its number, or with 0 if it was rejected.
   * @param {Iterable<Element>} controls
   */
  #ticket(controls) {
    const wholes = new Set(Array.from(controls, group));
    const versions = Array.from(wholes, (control) => /** @type {const} */ ([control, this.#edits.get(control)?.version]));
    return (/** @type {number} */ cseq) => {
      for (const [control, version] of versions) {
        const edit = this.#edits.get(control);
        if (edit) this.#edits.set(control, { ...edit, cseq, unsent: !cseq || edit.version !== version });
      }
    };
  }

  /**
   * Set what a burst says of properties, each now or when the edit before it is settled.
   * A snapshot leaves alone what was typed and not told yet.
   * @param {Writes} writes
   */
  write(writes, snapshot = false) {
    for (const [element, properties] of writes) {
      for (const [name, value] of properties) this.#write(element, name, value, snapshot);
    }
    // Options come and go; what the server has chosen stays chosen, unless somebody has chosen since.
    for (const [list, { value }] of this.#choices) {
      if (!list.isConnected) this.#choices.delete(list);
      else if (list.value !== value && !this.#edits.has(list)) list.value = value;
    }
  }

  /** @param {any} element @param {string} name @param {string | null} value @param {boolean} snapshot */
  #write(element, name, value, snapshot) {
    this.told(element)[value === null ? 'delete' : 'add'](name);
    this.#held.get(element)?.delete(name);
    const list = element.closest('select');
    if (name !== '.indeterminate') {
      const control = group(list ?? element);
      const edit = this.#edits.get(control);
      this.#known.add(list ?? element);
      const busy = edit && (this.pending(edit.cseq) || (edit.unsent && control === document.activeElement));
      if (busy || control === this.#composing) return note(this.#held, element, name, value);
      if (edit?.unsent && snapshot && !/open|muted/.test(name)) return;
      this.#edits.delete(control);
      if (says(element, name) !== value) this.#typed.delete(list ?? element);
    }
    if (list !== element) {
      if (list && (value !== null || this.#choices.get(list)?.adopted)) this.#choices.delete(list);
      assign(element, name.slice(1), value);
    } else if (value !== null) {
      this.#choices.set(list, { value, adopted: false });
    } else {
      this.#choices.delete(list);
      for (const option of list.options) option.selected = this.told(option).has('.selected');
    }
  }

  /** Some event has finished: what was held for it may be due. */
  release() {
    this.marks.release();
    // What is no number yet is newer than what was held, and nobody can write it back.
    const held = [...this.#held].filter(([element]) => element.isConnected && !element.validity?.badInput);
    this.#held.clear();
    if (held.length) this.write(new Map(held));
  }
}
