// Channels (PROTOCOL 3.20) as a page has them: the machine without I/O, and a server that is written here.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Channels } from '../../python/vango/client/channels.js';
import { Reader, Writer } from '../../python/vango/client/codec.js';
import { Bench, TERMS, bytes, hex } from './support.js';
import { CANCEL, DEFLATE } from './wire.js';

const LIMITS = [['frame_bytes', 1_000], ['channels', 2], ['channel_bytes', 100], ['channel_messages', 3]];
const text = (/** @type {Uint8Array} */ data) => new TextDecoder().decode(data);
const data = (/** @type {string} */ words) => new TextEncoder().encode(words);

/** A bench with channels, connected unless told otherwise. @param {any} [terms] @param {any} [page] */
function bench(terms = {}, page = {}) {
  const made = new Bench(page);
  made.machine.channels = new Channels(made.machine);
  if (terms) made.welcome({ limits: LIMITS, ...terms });
  made.take();
  return made;
}

/** @param {Bench} made @param {string} [name] @param {any} [params] */
async function opened(made, name = 'feed', params = undefined) {
  const channel = await /** @type {any} */ (made.machine.channels).open(name, params);
  made.take();
  /** @type {any[]} */ const seen = [];
  channel.onmessage = (/** @type {Uint8Array} */ message) => void seen.push(text(message));
  channel.onclose = (/** @type {any} */ end) => void seen.push(end);
  return { channel, seen };
}

/** What was said through channels: the id, the payload as text, the flags. @param {Bench} made */
const said = (made) => made.take().map(({ type, id, payload, flags }) => (type === 'CHANNEL' ? [id, text(payload), flags] : type));

/** @param {string} error @param {string} [json] */
function end(error, json = '') {
  const w = new Writer();
  w.str(error);
  w.str(json);
  return w.bytes();
}

const rest = () => new Promise((resolve) => setImmediate(resolve));

test('a channel is opened by its name and what is said beside it, numbers are odd and rise', async () => {
  const made = bench();
  const channels = /** @type {Channels} */ (made.machine.channels);
  await channels.open('feed');
  await channels.open('chat', { room: 'ä' });
  const [first, second] = made.take();
  assert.deepEqual([first.type, first.id, first.flags, hex(first.payload)], ['CHANNEL', 1, 0, '046665656400']);
  const r = new Reader(second.payload);
  assert.deepEqual([second.id, r.str(), r.str(), r.left], [3, 'chat', '{"room":"ä"}', 0]);
});

test('messages go and come in their order, each one that was given makes room', async () => {
  const made = bench();
  const { channel, seen } = await opened(made);
  channel.send('one');
  channel.send(data('two').buffer);
  assert.deepEqual(said(made), [[1, 'one', 0], [1, 'two', 0]]);
  made.receive(['CHANNEL', { id: 1, payload: data('a') }], ['CHANNEL', { id: 1, payload: data('b') }]);
  await rest();
  assert.deepEqual(seen, ['a', 'b']);
  assert.deepEqual(said(made), [[1, '', 0], [1, '', 0]]);
});

test('what a page sends is what it was then', async () => {
  const made = bench();
  const { channel } = await opened(made);
  const block = data('wait');
  for (const _ of Array(3)) channel.send('x');
  channel.send(block);
  block.fill(0);
  made.receive(['CHANNEL', { id: 1, payload: bytes('') }]);
  assert.deepEqual(said(made).pop(), [1, 'wait', 0]);
});

test('a page that is busy with a message gets no other one, and the server no more room', async () => {
  const made = bench();
  const { channel } = await opened(made);
  /** @type {string[]} */ const seen = [];
  let go = () => {};
  channel.onmessage = (/** @type {Uint8Array} */ message) => {
    seen.push(text(message));
    return new Promise((resolve) => (go = () => resolve(null)));
  };
  made.receive(['CHANNEL', { id: 1, payload: data('a') }], ['CHANNEL', { id: 1, payload: data('b') }]);
  await rest();
  assert.deepEqual([seen, said(made)], [['a'], []]);
  go();
  await rest();
  assert.deepEqual([seen, said(made)], [['a', 'b'], [[1, '', 0]]]);
});

test('messages wait for somebody to take them', async () => {
  const made = bench();
  const { channel, seen } = await opened(made);
  const { onmessage } = channel;
  channel.onmessage = null;
  made.receive(['CHANNEL', { id: 1, payload: data('a') }]);
  await rest();
  assert.deepEqual([seen, said(made)], [[], []]);
  channel.onmessage = onmessage;
  await rest();
  assert.deepEqual([seen, said(made)], [['a'], [[1, '', 0]]]);
});

test('what the server has no room for waits here, and ready says when there is room', async () => {
  for (const message of ['x', 'x'.repeat(60)]) {
    const made = bench();
    const { channel } = await opened(made);
    const fit = message.length > 1 ? 2 : 3;
    for (let n = 0; n < fit; n++) channel.send(message);
    let ready = false;
    channel.ready.then(() => (ready = true));
    channel.send(message);
    await rest();
    assert.deepEqual([said(made).length, ready], [fit, false]);
    made.receive(['CHANNEL', { id: 1, payload: bytes('') }]);
    await rest();
    assert.deepEqual([said(made).length, ready], [1, false]);
    made.receive(['CHANNEL', { id: 1, payload: bytes('') }]);
    await rest();
    assert.equal(ready, true);
  }
});

test('a message that is empty, too long, or one too many is refused', async () => {
  const made = bench();
  const { channel } = await opened(made);
  assert.throws(() => channel.send(''), /1 to 984 bytes, not 0/);
  assert.throws(() => channel.send('x'.repeat(985)), RangeError);
  for (let n = 0; n < 1_065; n++) channel.send('x'.repeat(984));
  assert.throws(() => {
    for (let n = 0; n < 10; n++) channel.send('x'.repeat(984));
  }, /await ready/);
});

test('in order it ends behind what waits, with an error at once', async () => {
  const made = bench();
  const { channel, seen } = await opened(made);
  for (const word of 'abcd') channel.send(word);
  channel.close();
  assert.throws(() => channel.send('e'), /has ended/);
  assert.deepEqual(said(made), [[1, 'a', 0], [1, 'b', 0], [1, 'c', 0]]);
  made.receive(['CHANNEL', { id: 1, payload: bytes('') }]);
  assert.deepEqual(said(made), [[1, 'd', 0], [1, '', CANCEL]]);
  const other = await opened(made);
  for (const word of 'abcd') other.channel.send(word);
  made.take();
  other.channel.close('aborted', { at: 3 });
  const [frame] = made.take();
  assert.deepEqual([frame.id, frame.flags, hex(frame.payload)], [3, CANCEL, hex(end('aborted', '{"at":3}'))]);
  await rest();
  assert.deepEqual(seen, [{ error: '', data: null }]);
  assert.deepEqual(other.seen, [{ error: 'aborted', data: { at: 3 } }]);
});

test('the server ends it, and the messages before that are given first', async () => {
  const made = bench();
  const { channel, seen } = await opened(made);
  made.receive(
    ['CHANNEL', { id: 1, payload: data('a') }],
    ['CHANNEL', { id: 1, payload: end('HandlerFailed', '{"reference":"r"}') }, CANCEL],
  );
  await rest();
  assert.deepEqual(seen, ['a', { error: 'HandlerFailed', data: { reference: 'r' } }]);
  assert.equal(channel.isOpen, false);
  assert.throws(() => channel.send('x'), /has ended HandlerFailed/);
  assert.deepEqual(said(made), []);
  made.receive(['CHANNEL', { id: 1, payload: data('late') }]);
  assert.deepEqual([seen.length, made.machine.state], [2, 'connected']);
});

test('a channel ends with its connection, and the next one waits for the next', async () => {
  const made = bench();
  const { seen } = await opened(made);
  made.drop();
  await rest();
  assert.deepEqual(seen, [{ error: 'Lost', data: null }]);
  let again = false;
  /** @type {Channels} */ (made.machine.channels).open('feed').then(() => (again = true));
  await rest();
  assert.equal(again, false);
  made.again();
  made.welcome({ limits: LIMITS });
  await rest();
  assert.deepEqual([again, said(made).pop()?.[0]], [true, 1]); // numbers belong to the connection
});

test('a channel is opened when events may go, and not on a connection that is left', async () => {
  const made = bench(null);
  /** @type {Channels} */ (made.machine.channels).open('feed');
  made.opened();
  assert.deepEqual(made.types(), ['HELLO']);
  made.receive(['HELLO_OK', { ...TERMS, limits: LIMITS }]);
  assert.deepEqual(made.types(), ['CHANNEL']);
  made.event();
  made.receive(['GOAWAY', { reason: 'Draining', min_ms: 0, max_ms: 100, parameters: [], deadline_ms: 9_000 }]);
  made.take();
  /** @type {Channels} */ (made.machine.channels).open('feed');
  assert.deepEqual(made.types(), []);
});

test('a server that names no channels has none', async () => {
  const made = bench({ limits: [] });
  const { seen } = await opened(made);
  await rest();
  assert.deepEqual([seen, said(made)], [[{ error: 'HandlerNotFound', data: null }], []]);
});

test('what is compressed is inflated in its turn', async () => {
  const made = bench({}, { inflates: true });
  const { seen } = await opened(made);
  made.receive(
    ['CHANNEL', { id: 1, payload: bytes('010203') }, DEFLATE],
    ['CHANNEL', { id: 1, payload: data('b') }],
  );
  await rest();
  assert.deepEqual(seen, []);
  made.inflated(hex(data('a')));
  await rest();
  assert.deepEqual(seen, ['a', 'b']);
});

test('what a page does not survive to take is told where errors are told', async (t) => {
  const made = bench();
  const { channel } = await opened(made);
  /** @type {any[]} */ const reported = [];
  globalThis.reportError = (error) => void reported.push(error);
  t.after(() => Reflect.deleteProperty(globalThis, 'reportError'));
  channel.onmessage = () => {
    throw new Error('mine');
  };
  made.receive(['CHANNEL', { id: 1, payload: data('a') }]);
  await rest();
  assert.deepEqual([reported.map(String), said(made)], [['Error: mine'], [[1, '', 0]]]);
});

test('the server breaks the rules', async () => {
  const made = bench();
  const { seen } = await opened(made);
  made.receive(['CHANNEL', { id: 1, payload: bytes('') }]); // takes what was never sent
  await rest();
  assert.deepEqual(said(made).map(([id, , flags]) => [id, flags]), [[1, CANCEL]]);
  assert.deepEqual(seen, [{ error: 'InvalidFrame', data: null }]);
  const bad = await opened(made);
  made.receive(['CHANNEL', { id: 3, payload: bytes('05') }, CANCEL]);
  await rest();
  assert.deepEqual(bad.seen, [{ error: 'InvalidFrame', data: null }]);
  made.receive(['CHANNEL', { id: 5, payload: data('x') }]); // was never opened
  assert.deepEqual(made.types(), ['REFETCH']);
});
