// Which way the client takes to the server, on a fake clock with fake links: WebSocket, HTTP, and back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FOREIGN } from '../../python/vango/client/ways.js';
import { Bench, diff } from './support.js';

/** The ways that were tried, in order. @param {Bench} bench */
const ways = (bench) => bench.links.map(({ way }) => way);

/** A bench that HTTP carries, since no socket answered. */
function onHttp() {
  const bench = new Bench();
  bench.opened();
  bench.pass(3_000);
  bench.welcome();
  bench.take();
  return bench;
}

test('16: without HELLO_OK within 3 s the client says HELLO over HTTP, and the socket is closed', () => {
  const bench = new Bench();
  bench.opened();
  bench.pass(2_999);
  assert.deepEqual(ways(bench), ['websocket']);
  bench.pass(1);
  assert.deepEqual(ways(bench), ['websocket', 'http']);
  assert.ok(bench.links[0].closed);
  bench.welcome();
  assert.equal(bench.machine.state, 'connected');
  assert.deepEqual(bench.types(), ['HELLO', 'HELLO']);
});

test('C29 three sockets that die young lead to HTTP; a committed frame makes the count begin anew', () => {
  const bench = new Bench();
  for (let n = 0; n < 2; n++) {
    bench.welcome();
    bench.drop();
    bench.again();
  }
  bench.welcome();
  bench.receive(diff(0, 1));
  bench.drop();
  for (let n = 0; n < 3; n++) {
    bench.again();
    assert.equal(bench.link.way, 'websocket');
    bench.welcome({ rev: 1 });
    bench.drop();
  }
  bench.again();
  assert.equal(bench.link.way, 'http');
});

test('C29 a server that is away, for however long, never leads to HTTP for good', () => {
  const bench = new Bench();
  bench.welcome();
  bench.receive(diff(0, 1));
  bench.drop(1012);
  for (let n = 0; n < 20; n++) {
    bench.again();
    assert.equal(bench.link.way, 'websocket');
    bench.fail();
  }
  bench.again();
  assert.equal(bench.link.way, 'websocket');
  bench.welcome({ rev: 1 });
  assert.equal(bench.machine.state, 'connected');
});

test('17: after a socket that never reached HELLO_OK the client asks once over HTTP', () => {
  const bench = new Bench();
  bench.drop();
  assert.deepEqual(ways(bench), ['websocket', 'http']);
  bench.drop();
  assert.equal(bench.machine.state, 'disconnected');
  assert.equal(bench.connects, 2);
});

test('17: the answer over HTTP says why: an error of its own, or somebody else who wants to be satisfied', () => {
  const refused = new Bench();
  refused.drop();
  refused.opened();
  refused.receive(['ERROR', { kind: 'Unauthorized', origin: 0, scope: 2, message: '', retry_after_ms: 0, max_ms: 0, parameters: [], supported: [], details: '' }]);
  assert.equal(refused.machine.state, 'needs-auth');
  assert.ok(refused.link.closed);
  const strange = new Bench();
  strange.drop();
  strange.drop(FOREIGN);
  assert.deepEqual([strange.reloads, strange.machine.state], [['Unauthorized'], 'closed']);
  const again = new Bench();
  again.reloadable = false;
  again.drop();
  again.drop(FOREIGN);
  assert.equal(again.machine.state, 'needs-auth');
  again.pass(600_000);
  assert.equal(again.connects, 2);
});

test('16: a WebSocket is tried again every 60 s, beside the connection; what it brings carries over', () => {
  const bench = onHttp();
  bench.event();
  assert.deepEqual(bench.types(), ['EVENT']);
  bench.live(59_000);
  bench.pass(999);
  assert.deepEqual(ways(bench), ['websocket', 'http']);
  bench.pass(1);
  assert.deepEqual(ways(bench), ['websocket', 'http', 'websocket']);
  const [, http, socket] = bench.links;
  bench.event();
  bench.take();
  assert.equal(http.closed, false);
  bench.opened(socket);
  assert.ok(http.closed);
  assert.deepEqual(bench.take().map(({ type, settled }) => [type, settled]), [['HELLO', 0]]);
  assert.equal(bench.machine.state, 'connected');
  bench.event();
  bench.bytes(Uint8Array.of(1, 0x4e), http);
  assert.deepEqual(bench.types(), []);
  bench.receive(['HELLO_OK', { ...bench.machine.terms, last: 1, limits: [] }]);
  assert.deepEqual(bench.take().map(({ cseq }) => cseq), [2, 3]);
  assert.deepEqual(bench.states.map(([state]) => state), ['connected']);
});

test('16: a server that serves no sockets is not asked for one, until it says that it does', () => {
  const bench = new Bench({ sockets: false });
  bench.opened();
  bench.welcome({ capabilities: [] });
  bench.live(300_000);
  bench.drop();
  bench.pass(2_400);
  bench.opened();
  bench.welcome({ capabilities: [] });
  assert.deepEqual(ways(bench), ['http', 'http']);
  bench.drop();
  bench.pass(2_400);
  bench.opened();
  bench.welcome({ capabilities: ['websocket'] });
  bench.live(1_000);
  assert.deepEqual(ways(bench).slice(2), ['http', 'websocket']);
});

test('16: a socket that does not open leaves the connection alone and is tried again', () => {
  const bench = onHttp();
  const tries = () => ways(bench).filter((way) => way === 'websocket').length;
  const [, http] = bench.links;
  bench.live(60_000, http);
  assert.equal(tries(), 2);
  bench.drop();
  bench.live(60_000, http);
  assert.equal(tries(), 3);
  bench.live(3_000, http);
  assert.ok(bench.link.closed);
  bench.live(60_000, http);
  assert.equal(tries(), 4);
  assert.equal(bench.machine.state, 'connected');
});

test('16: a socket that takes over and says nothing is given up for HTTP', () => {
  const bench = onHttp();
  bench.live(60_000, bench.link);
  bench.opened();
  bench.pass(3_000);
  assert.equal(bench.link.way, 'http');
  bench.welcome();
  assert.equal(bench.machine.state, 'connected');
});

test('a socket that failed once while HTTP works is tried again soon', () => {
  const bench = new Bench();
  bench.drop();
  bench.welcome();
  bench.pass(1_000);
  assert.equal(bench.link.way, 'websocket');
});

test('14: what an earlier link still says is not heard', () => {
  const bench = new Bench();
  bench.welcome();
  bench.drop();
  bench.pass(1_000);
  bench.welcome();
  const [first] = bench.links;
  bench.bytes(Uint8Array.of(2, 0xc1, 0), first);
  bench.machine.closed(first, bench.now, 3000);
  bench.opened(first);
  assert.equal(bench.machine.state, 'connected');
});

test('several machines in one process know nothing of each other', () => {
  const benches = Array.from({ length: 3 }, () => new Bench());
  benches[0].welcome();
  benches[1].drop();
  assert.deepEqual(benches.map(({ machine }) => machine.phase), ['up', 'opening', 'opening']);
});

test('9: an attempt to go back to a socket is no time offline', () => {
  const bench = onHttp();
  bench.live(60_000);
  bench.opened();
  bench.pass(3_000);
  bench.event();
  assert.deepEqual([bench.machine.state, bench.told], ['connecting', []]);
});

test('a page that was stalled hears what has come meanwhile before it gives up', () => {
  const bench = new Bench();
  bench.now = 60_000;
  bench.machine.tick(bench.now);
  assert.equal(bench.link.way, 'websocket');
  bench.welcome();
  assert.equal(bench.machine.state, 'connected');
  bench.pass(25_000);
  bench.now += 60_000;
  bench.machine.tick(bench.now);
  assert.equal(bench.machine.state, 'connected');
  bench.pass(1_000);
  assert.equal(bench.machine.state, 'disconnected');
});

test('a HELLO that was refused for its rate is said again within the bounds, over a socket', () => {
  const bench = new Bench();
  bench.opened();
  bench.receive(['ERROR', { kind: 'RateLimited', origin: 2, scope: 2, message: '', retry_after_ms: 4_000, max_ms: 0, parameters: [], supported: [], details: '' }]);
  assert.equal(bench.machine.state, 'disconnected');
  bench.pass(3_999);
  assert.equal(bench.connects, 1);
  bench.pass(1);
  assert.deepEqual(ways(bench), ['websocket', 'websocket']);
});
