// Starts a page that was served with a session.

import { VangoLiveSocket, applyPatch } from './runtime-dom.js';
import { readMeta } from './socket.js';

const { url } = readMeta();
if (url) new VangoLiveSocket(url).onPatch = applyPatch;
