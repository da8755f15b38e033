// The codec against the golden vectors that Rust and Python read too.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecodeError, Reader, Writer } from '../../python/vango/client/codec.js';
import { COMMON, decode, frame, frames } from '../../python/vango/client/messages.js';
import { encodeFields } from '../../python/vango/client/fields.js';
import { readMore } from '../../python/vango/client/ops.js';
import { readNode, readSnapshot } from '../../python/vango/client/nodes.js';
import { RARE } from '../../python/vango/client/rare.js';
import { readOps } from '../../python/vango/client/patch.js';
import { bytes, hex, vectors, writeNode, writeOps } from './support.js';
import { TABLE, encode, fieldsOf } from './wire.js';

/** @typedef {import('../../python/vango/client/nodes.js').WireNode} WireNode */

/** A wire node in the words of the vectors. @param {WireNode} node @returns {any} */
function plain({ kind, hid, tag, bits, attrs, children, text }) {
  if (kind === 3) return { hid, text };
  if (kind === 4) return { hid, raw: text };
  const pairs = attrs.flatMap((name, n) => (n % 2 ? [] : [[name, attrs[n + 1]]]));
  return { hid, tag, events: bits, attrs: pairs, children: children.map(plain) };
}

/** The patches of a burst in the words of the vectors. @param {Uint8Array} data */
function patches(data) {
  /** @type {any[]} */ const out = [];
  const sink = {
    effects: [],
    setText: (/** @type {number} */ hid, /** @type {string} */ text) => out.push({ op: 'set_text', hid, text }),
    setAttr: (/** @type {number} */ hid, /** @type {string} */ name, /** @type {string | null} */ value) =>
      out.push(value === null ? { op: 'remove_attr', hid, name } : { op: 'set_attr', hid, name, value }),
    setEvents: (/** @type {number} */ hid, /** @type {number} */ events) => out.push({ op: 'set_events', hid, events }),
    more: (/** @type {number} */ op, /** @type {Reader} */ r) => readMore(op, r, sink),
    remove: (/** @type {number} */ hid) => out.push({ op: 'remove', hid }),
    insert: (/** @type {number} */ parent, /** @type {number} */ before, /** @type {WireNode} */ node) =>
      out.push({ op: 'insert', parent, before, node: plain(node) }),
    move: (/** @type {number} */ hid, /** @type {number} */ parent, /** @type {number} */ before) =>
      out.push({ op: 'move', hid, parent, before }),
  };
  readOps(new Reader(data), sink);
  return out;
}

/** Read all of it. @template T @param {string} data @param {(r: Reader) => T} read */
function whole(data, read) {
  const reader = new Reader(bytes(data));
  const value = read(reader);
  if (reader.left) reader.fail('bytes left over');
  return value;
}

/** @param {string} data @param {(data: string) => any} read */
function everyTruncation(data, read) {
  for (let end = 0; end < data.length; end += 2) {
    try {
      read(data.slice(0, end));
    } catch (error) {
      assert.ok(error instanceof DecodeError, String(error));
    }
  }
}

/** @param {(w: Writer) => void} write */
function written(write) {
  const w = new Writer();
  write(w);
  return hex(w.bytes());
}

test('integers', () => {
  const { uv, sv } = vectors('varint');
  for (const { value, hex: data } of uv) {
    assert.equal(whole(data, (r) => r.uv()), value);
    assert.equal(written((w) => w.uv(value)), data);
  }
  for (const { value, hex: data } of sv) assert.equal(written((w) => w.sv(value)), data);
});

test('strings', () => {
  const { good, bad } = vectors('strings');
  for (const { text, hex: data } of good) {
    assert.equal(whole(data, (r) => r.str()), text);
    assert.equal(written((w) => w.str(text)), data);
  }
  for (const { name, hex: data } of bad) assert.throws(() => whole(data, (r) => r.str()), DecodeError, name);
});

test('nodes', () => {
  for (const { name, node, hex: data } of vectors('nodes')) {
    assert.deepEqual(plain(whole(data, readNode)), node, name);
    assert.equal(written((w) => writeNode(w, node)), data, name);
    if (data.length < 1_000) everyTruncation(data, (cut) => whole(cut, readNode));
  }
});

test('examples and instances', () => {
  for (const { name, node, hex: data } of vectors('examples')) {
    assert.deepEqual(plain(whole(data, readNode)), node, name);
    everyTruncation(data, (cut) => whole(cut, readNode));
  }
});

test('ops', () => {
  for (const { name, patch, hex: data } of vectors('ops')) {
    assert.deepEqual(patches(bytes(data)), patch ? [patch] : [], name);
    if (patch) assert.equal(hex(writeOps([patch])), data, name);
    everyTruncation(data, (cut) => patches(bytes(cut)));
  }
});

test('many texts at once', () => {
  for (const { name, texts, hex: data } of vectors('texts')) {
    const expected = texts.map((/** @type {[number, string]} */ [hid, text]) => ({ op: 'set_text', hid, text }));
    assert.deepEqual(patches(bytes(data)), expected, name);
    everyTruncation(data, (cut) => patches(bytes(cut)));
  }
});

const KNOWN = { ...COMMON, ...RARE };

/** All messages; null is a sign of life. @param {string} data */
const readAll = (data) => [...frames(bytes(data))].map((body) => (body.length ? decode(body, KNOWN) : null));

test('messages of the server', () => {
  for (const vector of vectors('messages')) {
    const { name, message, flags, fields, payload, hex: data, from } = vector;
    const values = { ...fields, payload: bytes(payload) };
    assert.equal(hex(encode(message, values, flags)), data, `${name}, by the table of the tests`);
    if (from === 'client') continue;
    const [got] = readAll(data);
    assert.equal(got?.type, message, name);
    assert.equal(got?.flags, flags, name);
    for (const field in fields) assert.deepEqual(got?.[field], fields[field], `${name}: ${field}`);
    assert.equal(hex(got?.payload ?? []), payload, name);
    everyTruncation(data, (cut) => readAll(cut));
  }
});

test('messages of the client', () => {
  let seen = 0;
  for (const vector of vectors('messages')) {
    const { name, message, flags, fields, payload, hex: data, from } = vector;
    if (from === 'server') continue;
    const values = { ...fields, payload: bytes(payload) };
    const order = fieldsOf(message).map(([, field]) => values[field]);
    assert.equal(hex(frame(TABLE[message][0], order.filter((value) => value !== undefined), flags)), data, name);
    seen++;
  }
  assert.ok(seen >= 10);
});

test('a frame without a body is a sign of life', () => {
  assert.deepEqual(readAll('00024e00').map((message) => message?.type), [undefined, 'PING']);
});

test('fields of events', () => {
  for (const { name, kind, fields, hex: data } of vectors('event_fields')) {
    // The client does not navigate yet.
    if (fields && kind !== 33) assert.equal(hex(encodeFields(fields)), data, name);
  }
});

test('what is refused', () => {
  /** @type {Record<string, (data: string, vector: any) => any>} */
  const read = {
    varint: (data) => whole(data, (r) => r.uv()),
    node: (data) => whole(data, readNode),
    ops: (data) => patches(bytes(data)),
    snapshot: (data) => whole(data, readSnapshot),
    frame: (data, { limit }) => [...frames(bytes(data), limit)],
    message: (data) => (data ? readAll(`${written((w) => w.uv(data.length / 2))}${data}`) : decode(bytes(data), KNOWN)),
  };
  let seen = 0;
  for (const vector of vectors('bad')) {
    const { what, name, hex: data, reason } = vector;
    // Fields of events and JSON are read by servers only: here JSON stays text.
    if (what === 'event' || reason === 'JSON') continue;
    assert.throws(() => read[what](data, vector), DecodeError, `${what}: ${name}`);
    seen++;
  }
  assert.ok(seen > 80);
});

test('an error says where', () => {
  assert.throws(() => whole('0300', (r) => [r.uv(), r.hid()]), { name: 'Error', offset: 2 });
});
