// What `data-on` says of each kind of event (PROTOCOL 1.9).

/**
 * @typedef {{fields: boolean, prevent: boolean, stop: boolean, self: boolean, once: boolean, capture: boolean, outside: boolean,
 *   window: boolean, pending: boolean, offline: boolean, keys?: string[], names?: string[], debounce: number, throttle: number,
 *   policy?: 'queue' | 'latest' | 'drop', action: string}} Options
 */

const FLAGS = /** @type {const} */ (['fields', 'prevent', 'stop', 'self', 'once', 'capture', 'outside', 'window', 'pending', 'offline']);
const MAX_KNOWN = 1_000;

/** What is said of a kind of which nothing is said. */
export const NOTHING = options('');

/** Rows say the same a thousand times. @type {Map<string, Map<string, Options>>} */
const parsed = new Map();
/** @type {Map<string, Options>} */
const NONE = new Map();

/** By the names of the kinds. @param {Element} element @returns {Map<string, Options>} */
export function optionsOf(element) {
  const text = element.getAttribute('data-on');
  if (!text) return NONE;
  let found = parsed.get(text);
  if (!found) {
    found = new Map(text.split(' ').map((entry) => {
      const [, name = '', said = ''] = /^([^:]*):?(.*)$/.exec(entry) ?? [];
      return [name, options(said)];
    }));
    if (parsed.size >= MAX_KNOWN) parsed.clear();
    parsed.set(text, found);
  }
  return found;
}

/** @param {string} text @returns {Options} */
function options(text) {
  const said = new Map(text.split(',').map((option) => /** @type {[string, string]} */ (option.split('='))));
  const [policy] = /** @type {const} */ (['queue', 'latest', 'drop']).filter((name) => said.has(name));
  const list = (/** @type {string} */ name) => said.get(name)?.split('|').map(decodeURIComponent);
  return /** @type {any} */ ({
    ...Object.fromEntries(FLAGS.map((name) => [name, said.has(name)])),
    policy,
    keys: list('keys'),
    names: list('names'),
    debounce: Number(said.get('debounce')) || 0,
    throttle: Number(said.get('throttle')) || 0,
    action: decodeURIComponent(said.get('action') ?? ''),
  });
}

/** Whether a key went down with what is to be held meanwhile; while a text is composed, keys mean other things. @param {string[]} keys @param {any} event */
export function pressed(keys, event) {
  if (event.isComposing || event.keyCode === 229) return false;
  return keys.some((combination) => {
    const held = combination.split(/\+(?=.)/s);
    const key = held.pop() ?? '';
    if (event.key.toLowerCase() !== key.toLowerCase()) return false;
    // Shift, or AltGr, is how some keyboards write what is no letter.
    const sign = key.length === 1 && key.toLowerCase() === key.toUpperCase();
    if (sign && event.getModifierState('AltGraph')) return true;
    const mod = /^(Mac|iP)/.test(navigator.platform) ? 'meta' : 'ctrl';
    const wanted = held.map((name) => (name === 'mod' ? mod : name));
    return ['ctrl', 'alt', 'meta', 'shift'].every(
      (name) => event[`${name}Key`] === wanted.includes(name) || (name === 'shift' && sign && key !== ' ' && !wanted.includes(name)),
    );
  });
}
