// The tap without a page: frames in words, and a network that is slow.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Delay } from '../../python/vango/client/tap-latency.js';
import { patchesOf, readFrames, told } from '../../python/vango/client/tap-words.js';
import { bytes, hex, vectors, writeOps } from './support.js';

const NOBODY = /** @type {any} */ ({ nodes: new Map() });
const SECRETS = ['token', 'csrf'];

test('every message of the protocol is told by its name and its fields', () => {
  for (const { message, fields, payload, hex: frame } of vectors('messages')) {
    const [read, ...more] = readFrames(bytes(frame));
    assert.deepEqual(more, []);
    assert.equal(read.name, message);
    assert.equal(read.size, frame.length / 2);
    for (const [name, value] of Object.entries(fields)) {
      if (SECRETS.includes(name) || (name === 'kind' && message === 'EVENT')) continue;
      assert.deepEqual(read.fields[name] ?? '', value, `${message} ${name}`);
    }
    assert.equal(read.fields.bytes ?? 0, payload.length / 2);
    assert.match(told('server', read.name, read.fields, read.size, NOBODY), new RegExp(`^← ${message}`));
    if (!SECRETS.some((name) => name in fields)) assert.equal(hex(read.bytes), frame);
  }
});

test('what attaches a browser to its session is neither in the fields nor in the bytes', () => {
  for (const { message, fields, hex: frame } of vectors('messages')) {
    if (!fields.token) continue;
    const [read] = readFrames(bytes(frame));
    assert.equal('token' in read.fields || 'csrf' in read.fields, false, message);
    const [again] = readFrames(read.bytes);
    assert.deepEqual({ ...again.fields }, { ...read.fields });
    for (const name of SECRETS) if (fields[name]) assert.equal(hex(read.bytes).includes(hex(Buffer.from(fields[name]))), false);
  }
});

test('flags have names, a payload only its length', () => {
  const [diff] = readFrames(bytes('0e42030101020002010400fbff0102'));
  assert.equal(
    told('server', diff.name, diff.fields, diff.size, NOBODY),
    '← DIFF epoch=1 base=1 rev=2 ack=0 count=2 bytes=7 flags=["DEFLATE","MORE"] (15 B)',
  );
});

test('the frames of one message are told one by one, what is none as such', () => {
  const read = [...readFrames(bytes('00024e0003ff0000'))];
  assert.deepEqual(
    read.map(({ name, size }) => [name, size]),
    [
      ['LIVENESS', 1],
      ['PING', 3],
      ['UNREADABLE', 4],
    ],
  );
  assert.equal(hex(read[2].bytes), '');
});

test('every patch of the vectors has its name and its fields', () => {
  for (const { patch, hex: ops } of vectors('ops')) {
    const told = patchesOf(bytes(ops), {}, NOBODY);
    if (!patch) continue;
    const [{ op, hid, ...fields }] = told;
    assert.equal(op, patch.op);
    assert.equal(hid, patch.op === 'insert' ? patch.node.hid : patch.hid);
    for (const name of ['name', 'value', 'text', 'parent', 'before']) assert.equal(fields[name], patch[name], ops);
  }
});

test('a burst that cannot be read is told as far as it can', () => {
  const ops = [...writeOps([{ op: 'remove', hid: 3 }]), 9];
  const [first, second] = patchesOf(Uint8Array.from(ops), {}, NOBODY);
  assert.deepEqual([first.op, first.node], ['remove', '#3']);
  assert.deepEqual([second.op, second.reason], ['unreadable', 'Error: unknown op at byte 3']);
});

test('what is late keeps its order, also when the network gets faster meanwhile', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  let ms = 0;
  const delay = new Delay(() => ms);
  /** @type {[string, boolean][]} */
  const done = [];
  const say = (/** @type {string} */ word) => delay.pass((late) => void done.push([word, late]));
  say('a');
  assert.deepEqual(done.splice(0), [['a', false]]);
  ms = 100;
  say('b');
  now = 50;
  ms = 10;
  say('c');
  ms = 0;
  say('d');
  assert.deepEqual(done, []);
  now = 100;
  t.mock.timers.tick(100);
  assert.deepEqual(done.splice(0), [['b', true], ['c', true], ['d', true]]);
  say('e');
  assert.deepEqual(done.splice(0), [['e', false]]);
  ms = 1_000;
  say('f');
  delay.flush();
  assert.deepEqual(done.splice(0), [['f', true]]);
  now = 5_000;
  t.mock.timers.tick(5_000);
  assert.deepEqual(done, []);
});
