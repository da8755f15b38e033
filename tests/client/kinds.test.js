// Each kind of message of PROTOCOL section 2 is known to the client and to its tap: a kind that is added to the table
// of the text fails here until they know it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readFrames } from '../../python/vango/client/tap-words.js';
import { Bench, bytes, vectors } from './support.js';
import { TABLE } from './wire.js';

const TEXT = readFileSync(new URL('../../docs/PROTOCOL.md', import.meta.url), 'utf8');
const [, BLOCK] = /```\n(server to client\n[^]*?)```/.exec(TEXT) ?? assert.fail('there is no table');
const LISTED = Object.fromEntries([...BLOCK.matchAll(/^([0-9a-f]{2}) ([A-Z_]+) /gm)].map(([, kind, name]) => [name, parseInt(kind, 16)]));

/** What a client does with each kind when it is ready: what it sends, its state. @type {Record<string, [string[], string]>} */
const DONE = {
  HELLO_OK: [['REFETCH'], 'connected'],
  SNAPSHOT: [[], 'connected'],
  DIFF: [[], 'connected'],
  CONT: [['REFETCH'], 'connected'],
  RESULT: [[], 'connected'],
  ERROR: [[], 'disconnected'],
  GOAWAY: [['BYE'], 'connected'],
  PING: [[''], 'connected'],
  CHANNEL: [['REFETCH'], 'connected'],
  HELLO: [['REFETCH'], 'connected'],
  EVENT: [['REFETCH'], 'connected'],
  ACK: [['REFETCH'], 'connected'],
  REFETCH: [['REFETCH'], 'connected'],
  AUTH: [['REFETCH'], 'connected'],
  BYE: [['REFETCH'], 'connected'],
};

/** The first vector of a kind, of an error that sends away. @param {string} name */
const vector = (name) => vectors('messages').find((/** @type {any} */ one) => one.message === name && (name !== 'ERROR' || one.fields.scope === 2));

test('client and tests list the kinds of the text', () => {
  assert.deepEqual(Object.keys(DONE).sort(), Object.keys(LISTED).sort());
  assert.deepEqual(Object.fromEntries(Object.entries(TABLE).map(([name, [kind]]) => [name, kind])), LISTED);
});

for (const name of Object.keys(LISTED)) {
  test(`${name}: the client does what is to be done with it`, () => {
    const bench = new Bench();
    bench.welcome();
    bench.take();
    bench.bytes(bytes(vector(name).hex));
    assert.deepEqual([bench.types(), bench.machine.state], DONE[name]);
  });

  test(`${name}: the tap tells it with the names of its fields`, () => {
    const { hex, fields } = vector(name);
    const [frame, ...rest] = readFrames(bytes(hex));
    assert.deepEqual([frame.name, frame.size, rest], [name, hex.length / 2, []]);
    for (const [field, value] of Object.entries(fields)) {
      if (value === '' || value === null || /token|csrf/.test(field)) continue;
      assert.ok(field in frame.fields, `${field} is not told`);
    }
  });
}
