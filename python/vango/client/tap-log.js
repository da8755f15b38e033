// The log of the tap: every frame of both directions, in the order in which the page met them.

import { snapshotOf } from './tap-recording.js';
import { told } from './tap-words.js';

/**
 * `at`, `applied`: ms since the page began to load. `took_ms`: what applying a burst took. `shown_ms`: from an
 * event to its effect in the document, or to its result. `patches`: of a burst, once it is applied. `updated`:
 * more has become known of it since it was told first.
 * @typedef {object} Entry
 * @property {number} at
 * @property {'client' | 'server' | 'page'} by
 * @property {import('./line.js').Way} way
 * @property {string} name
 * @property {number} size bytes, with the length in front
 * @property {Record<string, any>} fields
 * @property {string} text
 * @property {import('./tap-words.js').Patch[]} [patches]
 * @property {number} [applied]
 * @property {number} [took_ms]
 * @property {number} [shown_ms]
 * @property {boolean} [updated]
 */

const MAX_ENTRIES = 5_000;
const MAX_BYTES = 2 ** 25;
const MAX_WORDS = 10;

export class Log {
  /** @type {Entry[]} */
  entries = [];
  /** The bytes of each frame. @type {WeakMap<Entry, Uint8Array>} */
  bytes = new WeakMap();
  /** The document before the first entry, as `node`; null where that is not known. @type {{epoch: number, rev: number, node: Uint8Array} | null} */
  document = null;
  /** @type {Set<(entry: Entry) => void>} */
  #hearers = new Set();
  /** Events whose effect is not shown yet, by their number. @type {Map<number, Entry>} */
  #events = new Map();
  /** Bursts that are not applied yet. @type {Entry[]} */
  #bursts = [];
  #size = 0;

  /** @param {import('./view.js').View} view */
  constructor(view) {
    this.view = view;
  }

  /** From here on what is said leads on from the document as it is. @param {{epoch: number, rev: number}} at */
  begin({ epoch, rev }) {
    this.entries.length = this.#size = 0;
    this.document = epoch ? { epoch, rev, node: snapshotOf(this.view.live) } : null;
  }

  /** @param {(entry: Entry) => void} hear @returns {() => void} */
  subscribe(hear) {
    this.#hearers.add(hear);
    return () => void this.#hearers.delete(hear);
  }

  /** @param {Entry['by']} by @param {import('./tap-words.js').Frame} frame @param {import('./line.js').Way} way */
  add(by, { name, fields, size, bytes }, way) {
    /** @type {Entry} */
    const entry = { at: performance.now(), by, way, name, size, fields, text: told(by, name, fields, size, this.view.live) };
    this.entries.push(entry);
    this.bytes.set(entry, bytes);
    this.#size += size;
    if (name === 'EVENT') this.#events.set(fields.cseq, entry);
    if (/^(DIFF|SNAPSHOT)$/.test(name)) this.#bursts.push(entry);
    if (this.entries.length > MAX_ENTRIES || this.#size > MAX_BYTES) this.#forget();
    this.#tell(entry);
    if (name === 'RESULT') this.#shown((cseq) => cseq === fields.cseq);
  }

  /** Something that is no frame. @param {string} name @param {Record<string, any>} fields @param {import('./line.js').Way} way */
  note(name, fields, way) {
    this.add('page', { name, fields, size: 0, bytes: new Uint8Array(0) }, way);
  }

  /** A burst is in the document. @param {{epoch: number, rev: number}} to @param {import('./tap-words.js').Patch[]} patches @param {number} start */
  applied({ epoch, rev }, patches, start) {
    const at = this.#bursts.findIndex(({ fields }) => fields.epoch === epoch && fields.rev === rev);
    const [entry] = at < 0 ? [] : this.#bursts.splice(0, at + 1).slice(at);
    if (!entry) return;
    const applied = performance.now();
    const words = patches.slice(0, MAX_WORDS).map(({ op, node }) => (node ? `${op} ${node}` : op));
    if (patches.length > MAX_WORDS) words.push(`and ${patches.length - MAX_WORDS} more`);
    const text = [entry.text, ...words].join('\n    ');
    this.#update(entry, { applied, took_ms: applied - start, patches, text });
    this.#shown((cseq) => cseq <= entry.fields.ack);
  }

  /** The effect of events is there to be seen. @param {(cseq: number) => boolean} which */
  #shown(which) {
    for (const [cseq, entry] of this.#events) {
      if (!which(cseq)) continue;
      this.#events.delete(cseq);
      const shown_ms = performance.now() - entry.at;
      this.#update(entry, { shown_ms, text: `${entry.text}, shown after ${shown_ms.toFixed(1)} ms` });
    }
  }

  /** What was said first is let go; without it nobody can tell what the document was. */
  #forget() {
    for (const entry of this.entries.splice(0, this.entries.length >> 1)) this.#size -= entry.size;
    this.document = null;
  }

  /** @param {Entry} entry @param {Partial<Entry>} more */
  #update(entry, more) {
    this.#tell(Object.assign(entry, more, { updated: true }));
  }

  /** @param {Entry} entry */
  #tell(entry) {
    for (const hear of this.#hearers) harmless(() => hear(entry));
  }
}

/** Do what must not disturb the client. @param {() => void} act */
export function harmless(act) {
  try {
    act();
  } catch (error) {
    reportError(error);
  }
}
