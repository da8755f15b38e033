// The public face of the client: `applyPatch` and `VangoLiveSocket`, for the document that loads it.

import { LiveSocket, readMeta } from './socket.js';
import { View } from './view.js';

const view = new View(document, readMeta().count);

/** Apply the ops of one burst to the document, all or none. */
export const applyPatch = view.apply;

/** Keeps the page's session connected: `new VangoLiveSocket(url).onPatch = applyPatch`. */
export class VangoLiveSocket extends LiveSocket {
  /** @param {string} url @param {Partial<import('./socket.js').Meta>} [meta] what the page's `<meta name="vango">` says */
  constructor(url, meta) {
    super(url, view, meta);
  }
}

Object.assign(globalThis, { VangoLiveSocket });
