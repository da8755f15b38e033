// What a burst asks for: errands come before the page that is loaded for them.

import assert from 'node:assert/strict';
import { test } from 'node:test';

const NAV = 0x20;
const EMIT = 0x21;
const LOADED = 2;
const global = /** @type {any} */ (globalThis);

/** Answers that the test gives. @type {(() => void)[]} */
const answers = [];
global.fetch = () => new Promise((resolve) => answers.push(() => resolve({ ok: true, json: async () => ({}) })));
global.reportError = (/** @type {unknown} */ error) => assert.fail(String(error));

const { perform } = await import('../../python/vango/client/effects.js');

/** @type {[number, string][]} */
const arrived = [];
const events = /** @type {any} */ ({
  live: { nodes: new Map() },
  navigation: { arrive: (/** @type {number} */ mode, /** @type {string} */ path) => arrived.push([mode, path]) },
});
/** @param {string} path @param {number} mode */
const nav = (path, mode) => perform([/** @type {any} */ ({ op: NAV, mode, path })], events);
const errand = () =>
  perform([/** @type {any} */ ({ op: EMIT, name: 'vango:errand', json: '{"url": "/errand"}' })], events);
const turn = () => new Promise((resolve) => setImmediate(resolve));
/** The page asks for what it was told to. */
const asked = async () => {
  while (!answers.length) await turn();
  return /** @type {() => void} */ (answers.shift());
};

test('a page is loaded when the errands before are done', async () => {
  nav('/first', LOADED);
  assert.deepEqual(arrived.splice(0), [[LOADED, '/first']]);
  errand();
  nav('/file', LOADED);
  const answer = await asked();
  assert.deepEqual(arrived, []);
  answer();
  while (!arrived.length) await turn();
  assert.deepEqual(arrived.splice(0), [[LOADED, '/file']]);
});

test('what is shown meanwhile comes at once, and no page is loaded for what is over', async () => {
  errand();
  nav('/file', LOADED);
  nav('/newer', 0);
  assert.deepEqual(arrived.splice(0), [[0, '/newer']]);
  (await asked())();
  errand();
  (await asked())();
  nav('/last', LOADED);
  while (!arrived.length) await turn();
  assert.deepEqual(arrived, [[LOADED, '/last']]);
});
