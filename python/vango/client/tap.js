// What a page that is being worked on loads in place of boot.js: the client, and `window.__VangoLiveTap` around it.
//
// The tap stands around the machine and changes nothing of what passes but its time: with or without it the same
// bytes are sent and the same bursts applied. No page of a production server can load it.

import { VangoLiveSocket, applyPatch, meta, view } from './runtime-dom.js';
import { showError } from './tap-errors.js';
import { flash, touched } from './tap-flash.js';
import { Delay } from './tap-latency.js';
import { Log, harmless } from './tap-log.js';
import { recorded } from './tap-recording.js';
import { replay } from './tap-replay.js';
import { patchesOf, readFrames } from './tap-words.js';

/** @typedef {import('./line.js').Link} Link */

const SETTINGS = 'vango-tap';
/** @type {{console: boolean, flash: boolean, latency: number}} */
const settings = { console: false, flash: false, latency: 0, ...JSON.parse(sessionStorage.getItem(SETTINGS) ?? '{}') };
const log = new Log(view);
/** What is listened to. @type {import('./machine.js').Machine | undefined} */
let current;

/** @param {Partial<typeof settings>} change */
function set(change) {
  Object.assign(settings, change);
  sessionStorage.setItem(SETTINGS, JSON.stringify(settings));
}

/** Listen to a socket. @param {VangoLiveSocket} socket */
function attach(socket) {
  const { machine } = socket;
  log.begin((current = machine));
  const { host, opened, received, closed } = machine;
  const { apply } = host;
  /** How frames travel, each direction of each link. @type {WeakMap<Link, {name: import('./line.js').Way, up: Delay, down: Delay}>} */
  const ways = new WeakMap();
  const latency = () => settings.latency;

  /** @param {Link} link */
  const wayOf = (link) => {
    // A second link beside one over HTTP is a socket that may take over.
    const name = link === machine.link ? machine.way : 'websocket';
    const way = ways.get(link) ?? { name, up: new Delay(latency), down: new Delay(latency) };
    ways.set(link, way);
    return way;
  };

  /** What is done late may have moved a deadline. @param {Link} link @param {(now: number) => void} act */
  const arrive = (link, act) =>
    wayOf(link).down.pass((late) => {
      act(performance.now());
      if (late) socket.tick();
    });

  machine.opened = (link, now) => {
    const { send, close } = link;
    const { up, name } = wayOf(link);
    log.note('OPENED', {}, name);
    link.send = (bytes) => {
      for (const frame of readFrames(bytes)) log.add('client', frame, name);
      up.pass(() => send(bytes));
    };
    link.close = () => {
      up.flush();
      close();
    };
    opened.call(machine, link, now);
  };
  machine.received = (link, bytes) => {
    const frames = [...readFrames(bytes)];
    // A transport that waits for its name asks on with it, however late the machine hears of it.
    for (const { name, fields } of frames) if (name === 'HELLO_OK') link.attachment = fields.attachment;
    arrive(link, (now) => {
      if (link === machine.link) for (const frame of frames) log.add('server', frame, machine.way);
      received.call(machine, link, bytes, now);
    });
  };
  machine.closed = (link, _, code) =>
    arrive(link, (now) => {
      if (link === machine.link) log.note('CLOSED', { code: code ?? 0 }, machine.way);
      closed.call(machine, link, now, code);
    });
  host.apply = (burst, info) => {
    const patches = patchesOf(burst, info, view.live);
    const before = settings.flash ? touched(patches, view.live) : [];
    const start = performance.now();
    const strays = apply(burst, info);
    log.applied(machine, patches, start);
    if (settings.flash) harmless(() => flash([...before, ...touched(patches, view.live)]));
    return strays;
  };
}

/** The socket as every page knows it, listened to from its first frame. */
class Tapped extends VangoLiveSocket {
  /** @param {string} url @param {Partial<import('./runtime-dom.js').Meta>} [page] */
  constructor(url, page) {
    super(url, page);
    attach(this);
  }
}

const tap = {
  /** What was said, the newest last. */
  entries: log.entries,
  /** Call `hear` with every entry, when it comes and when more is known of it. @param {(entry: import('./tap-log.js').Entry) => void} hear @returns a function that ends it */
  subscribe: (hear) => log.subscribe(hear),
  /** Forget what was said. */
  clear: () => current && log.begin(current),
  /** Print every entry. */
  console: (on = true) => set({ console: on }),
  /** Show on the page what a burst changes. */
  flash: (on = true) => set({ flash: on }),
  /** Let frames of both directions be on their way for so long, in order; returns what holds. @param {number} [ms] */
  latency(ms = settings.latency) {
    if (!(ms >= 0)) throw new TypeError(`a latency of ${ms}: write milliseconds, tap.latency(200)`);
    set({ latency: ms });
    return ms;
  },
  /** The log as a file that `vango tap` reads. */
  recording: () => recorded(log),
  /** Save the log as a file. */
  download(name = 'vango-tap.jsonl') {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([recorded(log)], { type: 'application/jsonl' }));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  },
  replay,
};

log.subscribe((entry) => {
  if (settings.console && !entry.updated) console.log(`${entry.at.toFixed(1)} ms ${entry.text}`);
});
addEventListener('vango-error', (/** @type {any} */ { detail }) => showError(detail));
addEventListener('vango-state', (/** @type {any} */ { detail }) => {
  // A page that was loaded again and is not taken either waits for the next save, and may be loaded then.
  if (detail.state === 'disconnected') sessionStorage.removeItem('vango-reloaded');
});
Object.assign(globalThis, { __VangoLiveTap: tap, VangoLiveSocket: Tapped });
if (meta.url) new Tapped(meta.url).onPatch = applyPatch;
