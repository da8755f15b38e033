// What a burst asks for beside the document, done once it stands (PROTOCOL 1.5).

/** How an address is taken: as a new entry of the history, instead of the present one, or by loading it. */
const PUSH = 0;
const REPLACE = 1;

/**
 * @param {Iterable<import('./nodes.js').Effect>} effects
 * @param {import('./live.js').Live} live
 */
export function perform(effects, live) {
  for (const effect of effects) {
    try {
      act(effect, live);
    } catch (error) {
      reportError(error);
    }
  }
}

/** @param {import('./nodes.js').Effect} effect @param {import('./live.js').Live} live */
function act({ op, mode, path = '', name = '', json, hid = 0, x = 0, y = 0 }, live) {
  const node = live.nodes.get(hid)?.node;
  if (op === 0x20) navigate(mode, path);
  else if (op === 0x21) dispatchEvent(new CustomEvent(name, { detail: JSON.parse(json || 'null') }));
  else if (op === 0x22) node?.focus?.();
  else (hid ? node : window)?.scrollTo?.(x, y);
}

/** @param {number | undefined} mode @param {string} path */
function navigate(mode, path) {
  const url = new URL(path, location.href);
  if (mode === PUSH) history.pushState(null, '', url);
  else if (mode === REPLACE) history.replaceState(null, '', url);
  else if (/^https?:$/.test(url.protocol)) location.assign(url);
}
