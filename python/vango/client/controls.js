// Form controls: what they are, whether they were changed, and how they are written.

import { values } from './fields.js';
import { parseInto } from './trusted.js';

/** Events by which people set properties that are none of a control. */
export const BY_PEOPLE = /^(toggle|volumechange)$/;

/** What was set here that a document tells of as if people had done it. @type {WeakMap<Element, boolean>} */
const written = new WeakMap();

/** The buttons of a group are one control: what one says, all say. @param {any} control */
export function group(control) {
  if (control.type !== 'radio') return control;
  const { form, name, ownerDocument } = control;
  const buttons = (form ?? ownerDocument).querySelectorAll('input[type=radio]');
  return [...buttons].find((other) => other.name === name && other.form === form) ?? control;
}

/** Whether a control says something else than it was served with. @param {any} control */
export function differs(control) {
  const template = document.createElement('template');
  parseInto(template, control.outerHTML);
  const served = /** @type {any} */ (template.content.firstChild);
  // The parser eats the first newline of a textarea.
  if (control.defaultValue) served.defaultValue = control.defaultValue;
  return `${values(control)}` !== `${values(served)}` && (control.type !== 'radio' || control.checked);
}

/** What an event tells of. @param {string} name @param {any} event @returns {Iterable<Element> | null} */
export const concerned = (name, { target }) => (name === 'submit' ? target.elements : /^(input|change|toggle|volumechange)$/.test(name) ? [target] : null);

/** Whether an event tells of what was set here only: the server knows it. @param {string} kind @param {any} event */
export function echoes(kind, { target }) {
  if (!BY_PEOPLE.test(kind)) return false;
  const known = written.get(target);
  written.delete(target);
  return known !== undefined && known === target[kind === 'toggle' ? 'open' : 'muted'];
}

/** @param {any} control @param {string} property @param {string | null} value */
export function assign(control, property, value) {
  if (property !== 'value') {
    if (control[property] !== (value !== null)) written.set(control, (control[property] = value !== null));
    return;
  }
  const text = value ?? '';
  const { selectionStart: start, selectionEnd: end, selectionDirection: direction } = control;
  // What is editable without being a control has its text as value.
  const where = 'value' in control ? 'value' : 'textContent';
  const old = control[where];
  if (old !== text && control.type !== 'file') {
    control[where] = text;
    if (control === document.activeElement && typeof start === 'number') {
      // The caret stays where it was, or at the end if it was there.
      const keep = (/** @type {number} */ at) => (at === old.length ? text.length : Math.min(at, text.length));
      control.setSelectionRange(keep(start), keep(end), direction);
    }
  }
  if (value === null) control.removeAttribute('value');
}
