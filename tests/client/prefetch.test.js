// What is asked for before a person goes there (PROTOCOL 3.22, mode 3; B34).

import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { Navigation } from '../../python/vango/client/navigate.js';
import { Window, linkTo } from './window.js';

/** @type {Window} */ let page;
/** @type {string[]} */ let asked;
/** @type {any[]} */ let sent;
let now = 0;

beforeEach(() => {
  now = 0;
  asked = [];
  sent = [];
  mock.timers.enable({ apis: ['setTimeout'] });
  mock.method(performance, 'now', () => now);
  Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true, writable: true });
  page = new Window('https://example.org/list?page=1');
  navigation = new Navigation(/** @type {any} */ ({ flush() {}, send }), () => {});
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

/** @type {Navigation} */ let navigation;

/** @param {any} event */
function send(event) {
  const [mode, , ...path] = event.payload;
  sent.push(event);
  if (mode === 3) asked.push(new TextDecoder().decode(Uint8Array.from(path)));
  else event.numbered(sent.length);
}

/** @param {number} ms */
function pass(ms) {
  now += ms;
  mock.timers.tick(ms);
}

test('a link is asked for when the pointer has rested on it, the focus has come, or a finger', () => {
  page.touch('pointerover', linkTo('/a'));
  pass(99);
  assert.deepEqual(asked, []);
  pass(1);
  page.touch('focusin', linkTo('/b?c=d#e'));
  page.touch('touchstart', linkTo('sub'));
  assert.deepEqual(asked, ['/a', '/b?c=d', '/sub']);
  const { hid, kind, policy, numbered } = sent[0];
  assert.deepEqual([hid, kind, policy, numbered], [0, 33, 'drop', undefined]);
});

test('a pointer that goes on asks for nothing', () => {
  const link = linkTo('/a');
  page.touch('pointerover', link);
  pass(60);
  page.touch('pointerover', link); // what is in it
  pass(39);
  page.touch('pointerover');
  pass(1_000);
  page.touch('pointerover', link);
  page.touch('pointerout', link, { relatedTarget: null }); // out of the window
  pass(1_000);
  page.touch('pointerover', link, { pointerType: 'touch' });
  pass(1_000);
  assert.deepEqual(asked, []);
});

test('what is no page of this application, what is here, and what is not to be asked for, is not', () => {
  /** @type {[string, any?][]} */
  const others = [
    ['#part'], ['/list?page=1'], ['/list?page=1#part'], ['https://other.example/'], ['mailto:a@b.c'], ['/a', { target: '_blank' }],
    ['/a', { download: '' }], ['/a', { 'data-reload': '' }], ['/a', { 'data-no-prefetch': '' }],
  ];
  for (const other of others) page.touch('focusin', linkTo(...other));
  page.touch('focusin');
  assert.deepEqual(asked, []);
  page.dataset.vango = 'disconnected';
  page.touch('focusin', linkTo('/a'));
  page.dataset.vango = 'connected';
  /** @type {any} */ (globalThis).navigator.connection = { saveData: true };
  page.touch('focusin', linkTo('/b'));
  assert.deepEqual(asked, []);
});

test('each is asked for once in half a minute, and five in a second', () => {
  for (const name of ['a', 'b', 'a', 'c', 'd', 'e', 'f']) page.touch('focusin', linkTo(`/${name}`));
  assert.deepEqual(asked.splice(0), ['/a', '/b', '/c', '/d', '/e']);
  pass(29_999);
  page.touch('focusin', linkTo('/a'));
  assert.deepEqual(asked, []);
  pass(1);
  page.touch('focusin', linkTo('/a'));
  assert.deepEqual(asked, ['/a']);
});

test('another page, and another connection, begin anew', async () => {
  page.touch('focusin', linkTo('/a'));
  page.touch('pointerover', linkTo('/c'));
  page.click('/b');
  navigation.arrive(0, '/b');
  pass(1_000);
  page.touch('focusin', linkTo('/a'));
  page.fire('vango-state', { detail: { state: 'connected' } });
  page.touch('focusin', linkTo('/a'));
  await null;
  assert.deepEqual(asked, ['/a', '/a', '/a']);
});
