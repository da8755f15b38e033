// What a page imports by hand, under the name that never changes: all of the client is there before the page's own
// code runs, so `applyPatch` takes every burst, also without a socket of ours.

import { later } from './later.js';
import { VangoLiveSocket, applyPatch, channel, meta, socket, view } from './runtime-dom.js';

if (!view.forms) view.complete(later);

export { VangoLiveSocket, applyPatch, channel, meta, socket };
