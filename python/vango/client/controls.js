// Form controls: what they are, whether they were changed, and how they are written.

import { values } from './fields.js';
import { parseInto } from './trusted.js';

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

/** @param {any} control @param {string} property @param {string | null} value */
export function assign(control, property, value) {
  if (property !== 'value') {
    if (control[property] !== (value !== null)) control[property] = value !== null;
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
