// A recording, given to the client once more: what its document was in the end.

import { inflate } from './inflate.js';
import { later } from './later.js';
import { Machine } from './machine.js';
import { MAX_BURST_BYTES } from './messages.js';
import { readFrames } from './tap-words.js';
import { View } from './view.js';

/**
 * `complaints`: what the client said was wrong.
 * @typedef {{document: Document, epoch: number, rev: number, count: number, complaints: object[]}} Outcome
 */

/** Apply a recording to a document of its own, by the code that applied it in the page. @param {string} recording @returns {Promise<Outcome>} */
export async function replay(recording) {
  const lines = recording.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  if (lines[0]?.vango !== 1) throw new TypeError('this is no recording: it begins with {"vango": 1, ...}');
  const page = document.implementation.createHTMLDocument();
  const view = new View(page, 0);
  const forms = view.complete(later);
  /** @type {object[]} */
  const complaints = [];
  /** @type {Promise<void> | null} */
  let inflating = null;
  let now = 0;
  /** @type {import('./line.js').Host} */
  const host = {
    random: () => 0,
    open: () => ({ send() {}, close() {} }),
    inflates: true,
    inflate: (payload, ticket) => {
      inflating = inflate(payload, MAX_BURST_BYTES).then((bytes) => machine.inflated(ticket, bytes, now));
    },
    page: () => ['/', 0, 0, ''],
    apply: view.apply,
    settled: () => forms.release(),
    state() {},
    emit: (name, detail) => complaints.push({ name, ...detail }),
    reload: () => false,
    hidden: () => false,
  };
  const machine = new Machine({ session: sessionOf(lines), token: '', csrf: '', epoch: 0, rev: 0 }, '', host);
  machine.complete(new later.Rescue(machine), now);
  for (const line of lines) {
    now = line.ms ?? now;
    if ('vango' in line) {
      machine.halt('disconnected');
      machine.connect();
      machine.opened(/** @type {any} */ (machine.link), now);
    } else if ('document' in line) {
      view.apply(bytesOf(line.document), { snapshot: true, sameEpoch: false });
      Object.assign(machine, { epoch: line.epoch, rev: line.rev });
    } else if (line.by === 'server') {
      machine.received(/** @type {any} */ (machine.link), bytesOf(line.hex), now);
      await inflating;
    }
  }
  const { epoch, rev } = machine;
  return { document: page, epoch, rev, count: view.live.nodes.size, complaints };
}

/** @param {string} text */
const bytesOf = (text) => Uint8Array.from(text.match(/../g) ?? [], (byte) => parseInt(byte, 16));

/** The session that the recording is of, as the first HELLO_OK names it. @param {any[]} lines @returns {string} */
function sessionOf(lines) {
  for (const { by, hex } of lines) {
    if (by !== 'server') continue;
    for (const { name, fields } of readFrames(bytesOf(hex))) if (name === 'HELLO_OK') return fields.session;
  }
  return '';
}
