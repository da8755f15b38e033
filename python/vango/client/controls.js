// Form controls: what they are, whether they were changed, and how they are written.

import { values, written } from './fields.js';
import { parseInto } from './trusted.js';

/** By the events that tell of it, what people set without a control. @type {Record<string, string>} */
export const SET = { toggle: 'open', volumechange: 'muted' };

/** What was set here that a document tells of as if people had done it. @type {WeakMap<Element, boolean>} */
const echoed = new WeakMap();

/** The buttons of a group are one control: what one says, all say. @param {any} control */
export function group(control) {
  if (control.type !== 'radio') return control;
  const { form, name, ownerDocument } = control;
  const buttons = (form ?? ownerDocument).querySelectorAll('input[type=radio]');
  return [...buttons].find((other) => other.name === name && other.form === form) ?? control;
}

/** Whether a control says something else than it was served with. @param {any} control */
export function differs(control) {
  if (!('value' in control)) return ![null, control.textContent, written(control)].includes(control.getAttribute('value'));
  const template = document.createElement('template');
  parseInto(template, control.outerHTML);
  const served = /** @type {any} */ (template.content.firstChild);
  // The parser eats the first newline of a textarea.
  if (control.defaultValue) served.defaultValue = control.defaultValue;
  return `${values(control)}` !== `${values(served)}` && (control.type !== 'radio' || control.checked);
}

/** What an event tells of. @param {string} name @param {any} event @returns {Iterable<Element> | null} */
export const concerned = (name, { target }) => (name === 'submit' ? target.elements : SET[name] || name === 'input' || name === 'change' ? [target] : null);

/** Whether an event tells of what was set here only: the server knows it. @param {string} name @param {any} event */
export function echoes(name, { target }) {
  if (!SET[name]) return false;
  const known = echoed.get(target);
  echoed.delete(target);
  return known === !!target[SET[name]];
}

/** What a server would have to write of a property for all to stay as it is. @param {any} control @param {string} name */
export const says = (control, name) => (name !== '.value' ? (control[name.slice(1)] ? '' : null) : (control.value ?? written(control)));

/** @param {any} control @param {string} property @param {string | null} value */
export function assign(control, property, value) {
  if (property !== 'value') {
    if (control[property] !== (value !== null)) echoed.set(control, (control[property] = value !== null));
    return;
  }
  const text = value ?? '';
  const { selectionStart: start, selectionEnd: end, selectionDirection: direction } = control;
  // No text where what stands there is no number yet.
  const [old] = values(control);
  if (!('value' in control)) rewrite(control, text);
  else if (old !== text && control.type !== 'file') {
    control.value = text;
    if (control === document.activeElement && typeof start === 'number') {
      control.setSelectionRange(kept(start, old, text), kept(end, old, text), direction);
    }
  }
  if (value === null) control.removeAttribute('value');
}

/** What is editable without being a control has its text as value. @param {any} editable @param {string} text */
function rewrite(editable, text) {
  const old = written(editable);
  if (old === text) return;
  const selection = /** @type {any} */ (getSelection());
  let at = NaN;
  if (editable === document.activeElement && editable.contains(selection.focusNode)) {
    const range = selection.getRangeAt(0);
    range.setStart(editable, 0);
    at = kept(written(range.cloneContents(), false).length, old, text);
  }
  // The last line is seen only if something stands in it.
  editable.innerText = text.replace(/\n$/, '\n\n');
  for (const node of editable.childNodes) {
    const { length = 0 } = node;
    if (at <= length) return selection.collapse(node, at);
    at -= length || 1;
  }
}

/** The caret stays where it was, or at the end if it was there. @param {number} at @param {string} old @param {string} text */
const kept = (at, old, text) => (at < old.length && at < text.length ? at : text.length);
