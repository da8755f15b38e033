// Starts a page that was served with a session.

import { VangoLiveSocket, applyPatch, meta } from './runtime-dom.js';

if (meta.url) new VangoLiveSocket(meta.url).onPatch = applyPatch;
