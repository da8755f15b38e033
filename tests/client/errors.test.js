// Every error kind of PROTOCOL section 5, sent by a server over a socket and over HTTP: what the page is told, and
// what the client does then, as the table in the text says.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { http } from '../../python/vango/client/http.js';
import { Machine } from '../../python/vango/client/machine.js';
import { Rescue } from '../../python/vango/client/rescue.js';
import { websocket } from '../../python/vango/client/socket.js';
import { TERMS } from './support.js';
import { decodeAll, encode } from './wire.js';

/** @typedef {{kind: string, duty: string, close: number, status: number, scope: number}} Row */

const TEXT = readFileSync(new URL('../../docs/PROTOCOL.md', import.meta.url), 'utf8');
const SECTION = TEXT.slice(TEXT.indexOf('## 5. Errors'), TEXT.indexOf('## 6. Limits'));

/** The table of the text. @type {Row[]} */
const ROWS = SECTION.split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, , , , status]) => /^\d+$/.test(status))
  .map(([, kind, duty, close, status, scopes]) => ({ kind, duty, close: +close, status: +status, scope: Math.max(...scopes.split(',').map(Number)) }));

/** What the client does, where the text says "as X" too. @param {Row} row @returns {string} */
const duty = (row) => {
  const like = /^as (\w+)/.exec(row.duty);
  return like ? duty(ROWS.find(({ kind }) => kind === like[1]) ?? assert.fail(row.duty)) : row.duty;
};

/** The outcome of one event. @param {Row} row */
const isResult = (row) => row.status === 200;

/** A server at the other end of a socket. */
class Socket {
  /** The newest one. @type {any} */ static now = null;
  OPEN = 1;
  readyState = 1;

  constructor() {
    Socket.now = this;
    queueMicrotask(() => this.onopen());
  }

  onopen = () => {};
  /** @type {(event: {data: ArrayBuffer}) => void} */ onmessage = () => {};
  /** @type {(event: {code: number}) => void} */ onclose = () => {};
  /** @type {(frame: Uint8Array) => void} */ send = () => {};
  close() {}
}

/** @typedef {(said: any[], answer: (frames: Uint8Array[], end?: Row) => void) => void} Script what a server answers to what was said, how it ends */
/** @typedef {(script: Script) => Promise<{open: Function, stop: () => void}>} Way */

/** @type {Record<string, Way>} */
const WAYS = {
  async websocket(script) {
    /** @type {any} */ (globalThis).WebSocket = Socket;
    const open = (/** @type {any} */ link, /** @type {any} */ on) => {
      websocket(link, new URL('http://127.0.0.1/live/s'), on);
      const socket = Socket.now;
      socket.send = (/** @type {Uint8Array} */ frame) => script(decodeAll(frame), (frames, end) => {
        for (const data of frames) socket.onmessage({ data: data.slice().buffer });
        if (end) socket.onclose({ code: end.close });
      });
    };
    return { open, stop: () => delete /** @type {any} */ (globalThis).WebSocket };
  },

  async http(script) {
    const server = createServer(async (request, response) => {
      const parts = [];
      for await (const part of request) parts.push(part);
      const said = decodeAll(new Uint8Array(Buffer.concat(parts)));
      script(said, (frames, end) => {
        const close = end ? { 'Vango-Close': `${end.close}` } : {};
        response.writeHead(end?.status ?? 200, { 'Content-Type': 'application/vnd.vango', ...close });
        response.end(Buffer.concat(frames));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = /** @type {any} */ (server.address());
    return {
      open: (/** @type {any} */ link, /** @type {any} */ on) => http(link, new URL(`http://127.0.0.1:${port}/live/s`), on),
      stop() {
        server.closeAllConnections();
        server.close();
      },
    };
  },
};

/** What the server says of each error; where it names no time, the ladder counts. @param {Row} row */
const error = (row) => ({
  kind: row.kind, origin: 1, scope: row.scope, message: 'why', ...(/ladder/.test(row.duty) ? { retry_after_ms: 0, max_ms: 0 } : BOUNDS),
  parameters: [['node', 'b']], supported: [1], details: '{"n":1}',
});
const BOUNDS = { retry_after_ms: 1_500, max_ms: 3_000 };

/** A client clicks and is told of one error: what its page heard, and where that left it. @param {Way} way @param {Row} row */
async function told(way, row) {
  /** @type {any[]} */ const heard = [];
  /** @type {string[]} */ const said = [];
  /** @type {string[]} */ const reloads = [];
  /** @type {(value?: unknown) => void} */ let over = () => {};
  const ended = new Promise((resolve) => (over = resolve));
  const frame = isResult(row) ? encode('RESULT', { cseq: 1, error: row.kind, data: '{"n":1}' }) : encode('ERROR', error(row));
  let release = () => {};
  const { open, stop } = await way((messages, answer) => {
    const types = messages.map(({ type }) => type);
    said.push(...types);
    if (types.includes('HELLO')) answer([encode('HELLO_OK', TERMS)]);
    else if (!types.length) release = () => answer([]);
    else if (types.includes('EVENT') && said.indexOf('EVENT') === said.lastIndexOf('EVENT')) {
      release();
      answer([frame], row.close ? row : undefined);
    } else if (types.includes('EVENT')) over();
  });
  /** @type {any} */
  const host = {
    random: () => 0.5, inflates: false, page: () => ['/', 1, 1, 'UTC'], apply: () => [], settled() {}, hidden: () => false, state() {},
    emit: (/** @type {string} */ name, /** @type {any} */ detail) => heard.push([name, detail]),
    reload: (/** @type {string} */ reason) => Boolean(reloads.push(reason)),
    open: () => {
      /** @type {any} */ const link = { closed: false, send() {}, close: () => (link.closed = true) };
      queueMicrotask(() => open(link, {
        opened: () => machine.opened(link, 0),
        received(/** @type {Uint8Array} */ bytes) {
          machine.received(link, bytes, 0);
          if (machine.ready && !machine.outbox.unsettled.size && machine.outbox.next === 1) click();
          else if (machine.phase === 'down' || (!row.close && (heard.length || !machine.outbox.unsettled.size))) over();
        },
        closed(/** @type {number} */ code) {
          machine.closed(link, 0, code);
          over();
        },
      }));
      return link;
    },
  };
  const machine = new Machine({ session: 's', token: 't', csrf: 'c', epoch: 1, rev: 0 }, 'i', host);
  const click = () => machine.event({ hid: 5, kind: 0, payload: new Uint8Array(0), policy: 'queue' }, 0);
  machine.complete(new Rescue(machine), 0);
  machine.start(0);
  await ended;
  const outcome = { heard, reloads, state: machine.state, retry: machine.timers.get('retry'), unsettled: machine.outbox.unsettled.size };
  machine.leave('over', 'closed', 0);
  stop();
  return outcome;
}

/** What a duty of the text leads to. @type {[RegExp, (row: Row) => any][]} */
const OUTCOMES = [
  [/state `needs-auth`/, () => ({ state: 'needs-auth' })],
  [/one guarded reload/, ({ kind }) => ({ state: 'closed', reloads: [kind] })],
  [/retry within/, () => ({ state: 'disconnected', retry: (BOUNDS.retry_after_ms + BOUNDS.max_ms) / 2 })],
  [/connect again|ladder|dead-lettered|resync once/, () => ({ state: 'disconnected', retry: 1_000 })],
  [/slow down, stay/, () => ({ state: 'connected' })],
  [/send again/, () => ({ state: 'connected' })],
  [/settles that event/, () => ({ state: 'connected', unsettled: 0 })],
];

test('the text lists every kind once', () => {
  assert.equal(new Set(ROWS.map(({ kind }) => kind)).size, ROWS.length);
  assert.ok(ROWS.length > 20);
});

for (const row of ROWS) {
  test(`${row.kind}: over a socket and over HTTP the page is told the same, and the client does what the text says`, async () => {
    const silent = /silently|send again from/.test(duty(row));
    const detail = isResult(row) ? { kind: row.kind, message: '{"n":1}', cseq: 1 } : { ...error(row), cseq: 0 };
    const [, outcome] = OUTCOMES.find(([words]) => words.test(duty(row))) ?? assert.fail(`nothing is expected of "${row.duty}"`);
    const expected = { heard: silent ? [] : [['vango-error', detail]], reloads: [], retry: undefined, unsettled: 1, ...outcome(row) };
    for (const way of Object.values(WAYS)) assert.deepEqual(await told(way, row), expected);
  });
}
