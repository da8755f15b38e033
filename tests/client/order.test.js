// Frames take effect in their order, also where a part of one has to be inflated first (PROTOCOL 1.11, 3.5).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { inflate } from '../../python/vango/client/inflate.js';
import { Bench, bytes, diff, hex, snapshot } from './support.js';
import { DEFLATE, MORE, encode } from './wire.js';

/** A bench that is connected. @param {any} [options] */
function connected(options) {
  const bench = new Bench({ inflates: true, ...options });
  bench.welcome();
  bench.take();
  return bench;
}

/** A DIFF whose payload is said to be deflated. @param {number} base @param {string} payload @returns {[string, any, number]} */
const deflated = (base, payload, flags = DEFLATE) => ['DIFF', diff(base, base + 1, { payload: bytes(payload) })[1], flags];

test('deflate is a capability only where the browser can inflate', () => {
  for (const [inflates, wanted] of /** @type {[boolean, string[]][]} */ ([[true, ['deflate']], [false, []]])) {
    const bench = new Bench({ inflates });
    bench.opened();
    assert.deepEqual(bench.take()[0].capabilities, ['remove_attr', 'move', 'templates', 'texts', 'listen', 'websocket', ...wanted]);
  }
});

test('what comes behind a deflated burst waits for it', () => {
  const bench = connected();
  bench.event();
  bench.receive(deflated(0, 'aa'), diff(1, 2, { ack: 1 }), ['RESULT', { cseq: 9, error: '', data: '' }], ['PING']);
  bench.receive(deflated(2, 'bb'));
  assert.deepEqual([bench.applied, bench.inflating.map(({ payload }) => payload)], [[], ['aa']]);
  bench.inflated('01');
  assert.deepEqual(bench.applied.map(({ burst }) => burst), ['01', '']);
  assert.deepEqual(bench.inflating.map(({ payload }) => payload), ['bb']);
  bench.inflated('02');
  assert.deepEqual(bench.applied.map(({ burst }) => burst), ['01', '', '02']);
  assert.deepEqual([bench.machine.rev, bench.machine.outbox.settled], [3, 1]);
});

test('the parts of a burst are inflated together', () => {
  const bench = connected();
  bench.receive(deflated(0, 'aa', DEFLATE | MORE), ['CONT', { payload: bytes('bb') }, MORE], ['CONT', { payload: bytes('cc') }]);
  assert.deepEqual(bench.inflating.map(({ payload }) => payload), ['aabbcc']);
});

test('a deflated snapshot is adopted', () => {
  const bench = connected();
  bench.receive(['SNAPSHOT', snapshot(1)[1], DEFLATE]);
  bench.inflated('030100');
  assert.deepEqual(bench.applied.map(({ snapshot }) => snapshot), [true]);
});

test('what cannot be inflated is fetched again once, then it is an error', () => {
  const bench = connected();
  bench.receive(deflated(0, 'aa'), ['PING']);
  bench.inflated(null);
  assert.deepEqual(bench.types(), ['REFETCH', '']);
  bench.receive(deflated(0, 'aa'));
  bench.inflated(null);
  assert.equal(bench.machine.state, 'error');
});

test('what has come counts, though it is inflated after the end of its connection', () => {
  const bench = connected();
  bench.receive(deflated(0, 'aa'), diff(1, 2));
  bench.drop();
  bench.inflated('01');
  assert.deepEqual([bench.applied.length, bench.machine.rev, bench.machine.state], [2, 2, 'disconnected']);
  bench.pass(1_000);
  bench.opened();
  assert.equal(bench.take().find(({ type }) => type === 'HELLO')?.rev, 2);
});

test('a message with a bad frame has no effect at all', () => {
  const bench = connected();
  bench.bytes(Uint8Array.from([...bytes('0742000100010001'), ...bytes('02c100')]));
  assert.deepEqual([bench.applied, bench.types()], [[], ['REFETCH']]);
});

test('of a message with a bad frame nothing counts that stands in front of it', () => {
  const bench = connected();
  bench.event();
  bench.take();
  bench.bytes(Uint8Array.from([...encode('RESULT', { cseq: 1, error: 'HandlerFailed', data: '' }), ...bytes('02c100')]));
  assert.deepEqual([bench.told, bench.machine.outbox.unsettled.size], [[], 1]);
});

test('a short burst that comes alone waits for one that is inflated', () => {
  const bench = connected();
  bench.receive(deflated(0, 'aa'));
  bench.receive(diff(1, 2));
  assert.deepEqual([bench.applied, bench.machine.rev], [[], 0]);
  bench.inflated('01');
  assert.deepEqual(bench.applied.map(({ burst }) => burst), ['01', '']);
  assert.deepEqual(bench.types(), []);
});

test('a short burst that comes alone between the parts of another drops both', () => {
  const bench = connected();
  bench.receive(['DIFF', diff(0, 1)[1], MORE]);
  bench.receive(diff(0, 1));
  bench.receive(['CONT', { payload: bytes('') }]);
  assert.deepEqual([bench.applied, bench.machine.rev, bench.types()], [[], 0, ['REFETCH']]);
});

test('inflating: one whole stream, and not more than is allowed', async () => {
  const text = new Uint8Array(5_000).fill(65);
  const packed = new Uint8Array(deflateRawSync(text));
  assert.equal(hex((await inflate(packed, 5_000)) ?? []), hex(text));
  assert.equal(await inflate(packed, 4_999), null);
  assert.equal(await inflate(packed.subarray(0, -1), 5_000), null);
  assert.equal(await inflate(bytes('ffff'), 5_000), null);
});

test('a bomb of deflated bytes is given up at its limit', async () => {
  const packed = new Uint8Array(deflateRawSync(new Uint8Array(2 ** 26)));
  assert.equal(await inflate(packed, 2 ** 24), null);
});
