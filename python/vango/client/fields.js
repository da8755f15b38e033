// What an EVENT carries of its DOM event (PROTOCOL 1.10).

import { Writer } from './codec.js';

/**
 * The fields of one event; which ones there are follows from its kind.
 * @typedef {{values?: string[], pairs?: [string, string][], mode?: number, mods?: number, name?: string, key?: string, code?: string,
 *   button?: number, x?: number, y?: number, json?: string}} Fields
 */

const BLOCK = /^(DIV|P|LI|[UO]L|PRE|H\d)$/;

/** @param {Fields} fields */
export function encodeFields({ values, pairs, mode, mods, name, key, code, button, x, y, json }) {
  const out = new Writer();
  for (const field of [values, pairs, mode, mods, name, key, code, button]) if (field !== undefined) out.put(field);
  for (const place of [x, y]) if (place !== undefined) out.sv(place);
  if (json !== undefined) out.str(json);
  return out.bytes();
}

/** The fields of a DOM event. @param {string} kind @param {any} event @returns {Fields} */
export function gather(kind, event) {
  if (kind === 'hook') return { name: event.type, json: JSON.stringify(event.detail ?? null) };
  const { target, shiftKey, ctrlKey, altKey, metaKey, repeat, key, code, clientX, clientY } = event;
  const mods = +shiftKey | (ctrlKey << 1) | (altKey << 2) | (metaKey << 3) | (repeat << 4);
  /** @param {number} x @param {number} y */
  const at = (x, y) => ({ x: Math.round(x), y: Math.round(y) });
  if (kind === 'input' || kind === 'change') return { values: event.past ?? values(target) };
  if (kind === 'submit') return { pairs: pairs(target, event.submitter, event.said) };
  if (key !== undefined) return { mods, key, code };
  if (kind === 'wheel') return { mods, button: 0, ...at(event.deltaX, event.deltaY) };
  // A move has the button -1.
  if (clientX !== undefined) return { mods, button: Math.max(event.button, 0), ...at(clientX, clientY) };
  if (kind === 'resize') return at(innerWidth, innerHeight);
  if (/^scroll/.test(kind)) {
    const { scrollLeft, scrollTop } = target.scrollingElement ?? target;
    return at(scrollLeft, scrollTop);
  }
  const told = tell(kind, event, mods);
  return { json: told === undefined ? '' : JSON.stringify(told) };
}

/** What is told in JSON. @param {string} kind @param {any} event @param {number} mods */
function tell(kind, event, mods) {
  const { target, animationName, propertyName, elapsedTime: elapsed, pseudoElement: pseudo, changedTouches } = event;
  if (/toggle/.test(kind)) return (event.newState ?? (target.open && 'open')) === 'open';
  if (kind === 'paste') return { text: event.clipboardData.getData('text/plain') };
  if (/copy|cut/.test(kind)) return { text: selected(target) };
  if (kind === 'invalid') return { name: target.name, message: target.validationMessage };
  if (/^cl|^canc/.test(kind)) return { value: target.returnValue ?? '' };
  if (animationName ?? propertyName) return { name: animationName ?? propertyName, elapsed, pseudo };
  if (changedTouches) return { mods, points: fingers(event.touches), changed: fingers(changedTouches) };
  if (target.playbackRate) {
    const { currentTime: time, duration, paused, ended, muted, volume, playbackRate: rate } = target;
    return { time, duration: isFinite(duration) ? duration : 0, paused, ended, muted, volume, rate };
  }
}

/** @param {any} control */
function selected({ value, selectionStart, selectionEnd }) {
  return typeof selectionStart === 'number' ? value.slice(selectionStart, selectionEnd) : String(getSelection());
}

/** @param {Iterable<Touch>} touches */
function fingers(touches) {
  return Array.from(touches, ({ identifier, clientX, clientY }) => [identifier, Math.round(clientX), Math.round(clientY)]);
}

/** What a control says. @param {any} control @returns {string[]} */
export function values(control) {
  const { type, checked, value, files, selectedOptions, validity } = control;
  if (selectedOptions) return Array.from(selectedOptions, (option) => option.value);
  if (type === 'checkbox' || type === 'radio') return checked ? [value] : [];
  if (type === 'file') return Array.from(files, (file) => file.name);
  // A number or a date that is none yet.
  if (validity?.badInput) return [];
  return [value ?? written(control)];
}

/**
 * The text of what is editable, as it is seen: a block has lines of its own.
 * A line that ends the whole only makes room for the caret.
 * @param {Node} node @returns {string}
 */
export function written({ childNodes, lastChild }, whole = true) {
  let text = '';
  for (const child of childNodes) {
    const { nodeName, nodeValue, previousSibling } = child;
    const block = BLOCK.test(nodeName);
    if (previousSibling && (block || BLOCK.test(previousSibling.nodeName))) text += '\n';
    text += nodeName === 'BR' ? '\n' : (nodeValue ?? written(child, block));
  }
  return whole && !BLOCK.test(`${lastChild?.nodeName}`) ? text.replace(/\n$/, '') : text;
}

/**
 * In tree order, the pressed button last.
 * @param {HTMLFormElement} form @param {any} submitter
 * @param {[control: any, value: string][]} [said] by controls when the form was sent, if that was some time ago
 * @returns {[string, string][]}
 */
function pairs(form, submitter, said = []) {
  /** @type {[string, any][]} */
  const found = [...new FormData(form)];
  for (const [control, value] of said) {
    const pair = control.form === form && found.find(([name, now]) => name === control.name && now === control.value);
    if (pair) pair[1] = value;
  }
  if (submitter?.name) found.push([submitter.name, submitter.value]);
  return found.map(([name, value]) => [name, value.name ?? value]);
}
