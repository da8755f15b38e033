// The shipped state machine as the conformance kit wants it: lines of JSON, a document that the kit keeps.

import { readSync, writeSync } from 'node:fs';
import { Machine } from '../../python/vango/client/machine.js';
import { Rescue } from '../../python/vango/client/rescue.js';

/** What the kit looks for, by the names of the page's events. @type {Record<string, string>} */
const NAMES = { 'vango-rejected': 'rejected', 'vango-refused': 'refused', 'vango-error': 'error' };

/** @param {string} text */
const bytes = (text) => Uint8Array.from(text.match(/../g) ?? [], (byte) => parseInt(byte, 16));
/** @param {Uint8Array} data */
const hex = (data) => Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('');

let input = '';

/** The next line, waited for: a burst is applied in one task. @returns {any} null at the end */
function read() {
  const chunk = Buffer.alloc(1 << 16);
  for (let end; ; ) {
    if ((end = input.indexOf('\n')) >= 0) {
      const line = input.slice(0, end);
      input = input.slice(end + 1);
      return JSON.parse(line);
    }
    const size = readSync(0, chunk);
    if (!size) return null;
    input += chunk.toString('latin1', 0, size);
  }
}

/** @param {any} value */
function write(value) {
  writeSync(1, JSON.stringify(value) + '\n');
}

/** @type {any[]} */ let actions = [];
/** @type {any[]} */ let links = [];
/** @type {Machine} */ let machine;
/** As a tab remembers it. */
let reloaded = false;

/** @param {string} html @param {string} path @param {boolean} adopted */
function load(html, path, adopted) {
  const content = /name="vango" content="([^"]*)"/.exec(html)?.[1].replaceAll('&quot;', '"') ?? '';
  const { session, token, csrf = '', epoch, rev } = JSON.parse(content);
  links = [null];
  const page = { session, token, csrf, epoch: adopted ? epoch : 0, rev: adopted ? rev : 0 };
  const instance = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('hex');
  machine = new Machine(page, instance, {
    random: () => 0.5,
    open(way, parameters) {
      const number = links.length;
      const link = {
        send: (/** @type {Uint8Array} */ data) => actions.push({ send: number, hex: hex(data) }),
        close: () => actions.push({ close: number }),
      };
      links.push(link);
      actions.push({ connect: number, transport: way, parameters });
      return link;
    },
    inflates: false,
    inflate() {},
    page: () => [path, 1280, 720, 'UTC'],
    apply(burst, { snapshot, count }) {
      write({ apply: hex(burst), snapshot, count });
      if (!read().ok) throw new Error('it does not hold');
      return [];
    },
    settled() {},
    state(state) {
      if (state === 'connected') reloaded = false;
    },
    emit: (name) => actions.push({ tell: NAMES[name] ?? name }),
    reload(reason) {
      if (reloaded) return false;
      actions.push({ reload: reason });
      return (reloaded = true);
    },
    hidden: () => false,
  });
}

/** @param {any} asked */
function act({ do: what, link, hex: data, code, now, html, path, adopted, hid, kind, policy, action }) {
  if (what === 'load') {
    load(html, path, adopted);
    machine.complete(new Rescue(machine), now);
    machine.start(now);
  } else if (what === 'opened') machine.opened(links[link], now);
  else if (what === 'received') machine.received(links[link], bytes(data), now);
  else if (what === 'closed') machine.closed(links[link], now, code ?? undefined);
  else if (what === 'tick') machine.tick(now);
  else if (what === 'event') machine.event({ hid, kind, payload: bytes(data), policy, action: action || undefined }, now);
}

for (let asked; (asked = read()); actions = []) {
  act(asked);
  const { deadline, state } = machine;
  write({ actions, deadline: deadline === Infinity ? null : deadline, state, html: null });
}
