// What an EVENT carries of its DOM event (PROTOCOL 1.8, 1.10).

import { Writer } from './codec.js';

/** Kinds of events by their number. */
export const KINDS = [
  'click', 'dblclick', 'input', 'change', 'submit', 'reset', 'focus', 'blur', 'keydown', 'keyup', 'pointerdown',
  'pointerup', 'pointermove', 'pointerenter', 'pointerleave', 'contextmenu', 'wheel', 'scroll', 'resize', 'dragstart',
  'dragover', 'drop', 'dragend', 'copy', 'cut', 'paste', 'toggle', 'load', 'error', 'in-view', 'out-of-view',
];

/**
 * The fields of one event; which ones there are follows from its kind.
 * @typedef {{values?: string[], pairs?: [string, string][], mods?: number, key?: string, code?: string,
 *   button?: number, x?: number, y?: number, json?: string}} Fields
 */

/** @param {Fields} fields */
export function encodeFields({ values, pairs, mods, key, code, button, x, y, json }) {
  const out = new Writer();
  if (values) {
    out.uv(values.length);
    values.forEach((value) => out.str(value));
  } else if (pairs) {
    out.uv(pairs.length);
    pairs.flat().forEach((text) => out.str(text));
  } else {
    if (mods !== undefined) out.uv(mods);
    if (key !== undefined) out.str(key);
    if (code !== undefined) out.str(code);
    if (button !== undefined) out.uv(button);
    if (x !== undefined) out.sv(x);
    if (y !== undefined) out.sv(y);
    if (json !== undefined) out.str(json);
  }
  return out.bytes();
}

/** The fields of a DOM event. @param {string} kind @param {any} event @returns {Fields} */
export function gather(kind, event) {
  const { target } = event;
  switch (kind) {
    case 'input':
    case 'change':
      return { values: values(target) };
    case 'submit':
      return { pairs: pairs(target, event.submitter) };
    case 'keydown':
    case 'keyup':
      return { mods: mods(event), key: event.key, code: event.code };
    case 'wheel':
      return { mods: mods(event), button: 0, x: Math.round(event.deltaX), y: Math.round(event.deltaY) };
    case 'scroll': {
      const { scrollLeft, scrollTop } = target.scrollingElement ?? target;
      return { x: Math.round(scrollLeft), y: Math.round(scrollTop) };
    }
    case 'copy':
    case 'cut':
      return { json: JSON.stringify({ text: String(getSelection()) }) };
    case 'paste':
      return { json: JSON.stringify({ text: event.clipboardData?.getData('text/plain') ?? '' }) };
    case 'toggle':
      return { json: JSON.stringify(target.open ?? event.newState === 'open') };
  }
  if (!('clientX' in event)) return { json: '' };
  return {
    mods: mods(event),
    button: Math.max(event.button, 0), // a move has -1
    x: Math.round(event.clientX),
    y: Math.round(event.clientY),
  };
}

/** @param {any} event */
function mods({ shiftKey, ctrlKey, altKey, metaKey, repeat }) {
  return (shiftKey && 1) | (ctrlKey && 2) | (altKey && 4) | (metaKey && 8) | (repeat ? 16 : 0);
}

/** @param {any} control @returns {string[]} */
function values({ type, checked, value, files, selectedOptions, textContent }) {
  if (selectedOptions) return Array.from(selectedOptions, (option) => option.value);
  if (type === 'checkbox' || type === 'radio') return checked ? [value] : [];
  if (type === 'file') return Array.from(files, (file) => file.name);
  return [value ?? textContent]; // without a value: contenteditable
}

/** In tree order, the pressed button last. @param {HTMLFormElement} form @param {any} submitter @returns {[string, string][]} */
function pairs(form, submitter) {
  /** @type {[string, string][]} */
  const found = Array.from(new FormData(form), ([name, value]) => [name, typeof value === 'string' ? value : value.name]);
  if (submitter?.name) found.push([submitter.name, submitter.value]);
  return found;
}
