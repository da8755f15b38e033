// What a burst asks for beside the document, done once it stands (PROTOCOL 1.5).

import { encodeFields } from './fields.js';
import { showHead } from './head.js';

/** EMITs of these names are not for scripts of the page: they ask something of an element. */
const ASK = 'vango:';
const HOOK = 34;
const HEAD = 'vango:head';
const LOADED = 2;

/** Pending while the browser fetches what it was asked to, nothing where it never was. @type {Promise<void> | undefined} */
let errands;
/** How often the server has said where the page is. */
let going = 0;

/**
 * @typedef {import('./events.js').Events} Events
 * @typedef {import('./nodes.js').Effect} Effect
 */

/** @param {Iterable<Effect>} effects @param {Events} events */
export function perform(effects, events) {
  for (const effect of effects) {
    try {
      act(effect, events);
    } catch (error) {
      reportError(error);
    }
  }
}

/** @param {Effect} effect @param {Events} events */
function act({ op, mode, path = '', name = '', json, hid = 0, x = 0, y = 0 }, events) {
  const node = events.live.nodes.get(hid)?.node;
  if (op === 0x20) go(events, path, mode);
  else if (op === 0x21 && name === HEAD) showHead(JSON.parse(json || '{}'));
  else if (op === 0x21 && name.startsWith(ASK)) ask(name.slice(ASK.length), JSON.parse(json || '{}'), events);
  else if (op === 0x21) dispatchEvent(new CustomEvent(name, { detail: JSON.parse(json || 'null') }));
  else if (op === 0x22) node?.focus?.();
  else (hid ? node : window)?.scrollTo?.(x, y);
}

/** @param {Events} events @param {string} path @param {number} [mode] */
function go(events, path, mode = 0) {
  const mine = ++going;
  // What a page is loaded for may be in a cookie that is not there yet; meanwhile a newer one counts.
  if (errands && (mode === LOADED || !events.navigation)) errands.then(() => mine === going && arrive(events, path, mode));
  else arrive(events, path, mode);
}

/** @param {Events} events @param {string} path @param {number} mode */
function arrive({ navigation }, path, mode) {
  if (navigation) navigation.arrive(mode, path);
  // The page is its host's, with links and a history of its own.
  else if (/^(https?:|\/)/.test(path)) location.assign(path);
}

/** @param {string} what @param {any} detail @param {Events} events */
function ask(what, { hid, id, ...how }, { live, send }) {
  const node = live.nodes.get(hid)?.node;
  if (what === 'errand') errands = import('./errand.js').then(({ run }) => run(how)).catch(reportError);
  if (!node) return;
  if (what === 'select') node.select?.();
  else if (what === 'scroll-into-view') node.scrollIntoView?.(how);
  else if (what === 'measure') {
    const { x, y, width, height } = node.getBoundingClientRect();
    const payload = encodeFields({ name: id, json: JSON.stringify({ x, y, width, height }) });
    send({ hid, kind: HOOK, policy: 'queue', payload });
  }
}
