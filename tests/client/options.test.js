// What `data-on` says of events, and which keys are met (PROTOCOL 1.9).

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { NOTHING, optionsOf, pressed } from '../../python/vango/client/options.js';

const NONE = {
  fields: false, prevent: false, stop: false, self: false, once: false, capture: false, outside: false,
  window: false, pending: false, offline: false, policy: undefined, keys: undefined, names: undefined, debounce: 0, throttle: 0,
  action: '',
};

/** An element that says this. @param {string | null} said @returns {any} */
const element = (said) => ({ getAttribute: () => said });

test('of what nothing is said, nothing is wanted', () => {
  assert.deepEqual(NOTHING, NONE);
  assert.equal(optionsOf(element(null)).size, 0);
  assert.equal(optionsOf(element('')).size, 0);
});

test('each kind has options of its own', () => {
  const said = optionsOf(element('click:prevent,stop,latest input:fields,debounce=250,action=save%2Cnow keydown'));
  assert.deepEqual([...said.keys()], ['click', 'input', 'keydown']);
  assert.deepEqual(said.get('click'), { ...NONE, prevent: true, stop: true, policy: 'latest' });
  assert.deepEqual(said.get('input'), { ...NONE, fields: true, debounce: 250, action: 'save,now' });
  assert.deepEqual(said.get('keydown'), NONE);
});

test('every option is known by its name', () => {
  const flags = ['fields', 'prevent', 'stop', 'self', 'once', 'capture', 'outside', 'window', 'pending', 'offline'];
  for (const flag of flags) {
    assert.deepEqual(optionsOf(element(`click:${flag}`)).get('click'), { ...NONE, [flag]: true });
  }
  for (const policy of ['queue', 'latest', 'drop']) {
    assert.deepEqual(optionsOf(element(`click:${policy}`)).get('click'), { ...NONE, policy });
  }
  assert.deepEqual(optionsOf(element('wheel:throttle=16')).get('wheel'), { ...NONE, throttle: 16 });
});

test('what a later server says beside is passed over', () => {
  assert.deepEqual(optionsOf(element('click:glow,stop,size=3')).get('click'), { ...NONE, stop: true });
  assert.deepEqual(optionsOf(element('click:debounce=soon')).get('click'), NONE);
});

test('what rows say a thousand times is read once, and what no row says is forgotten', () => {
  const first = optionsOf(element('click:once'));
  assert.equal(optionsOf(element('click:once')), first);
  for (let n = 0; n < 1_000; n++) optionsOf(element(`click:action=row-${n}`));
  assert.notEqual(optionsOf(element('click:once')), first);
  assert.deepEqual(optionsOf(element('click:once')).get('click'), { ...NONE, once: true });
});

test('keys come with what is held, and signs among them', () => {
  assert.deepEqual(optionsOf(element('keydown:keys=ctrl+s|%2B|shift+%2B|%7C')).get('keydown')?.keys, ['ctrl+s', '+', 'shift++', '|']);
});

/** Whether these keys are met. @param {string} keys @param {string} key @param {any} [held] */
const met = (keys, key, held = {}) => pressed(keys.split(' ').map((each) => each.replace('Space', ' ')), {
  key, isComposing: false, keyCode: 0, ctrlKey: false, altKey: false, metaKey: false, shiftKey: false,
  getModifierState: () => false, ...held,
});

const platform = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
afterEach(() => platform && Object.defineProperty(globalThis, 'navigator', platform));

/** @param {string} name */
const on = (name) => Object.defineProperty(globalThis, 'navigator', { value: { platform: name }, configurable: true });

test('a key is met with exactly what is to be held, in letters of any size', () => {
  on('Linux x86_64');
  assert.ok(met('Enter', 'Enter'));
  assert.ok(!met('Enter', 'Enter', { ctrlKey: true }));
  assert.ok(met('ctrl+s', 's', { ctrlKey: true }));
  assert.ok(met('ctrl+s', 'S', { ctrlKey: true }), 'with caps lock');
  assert.ok(!met('ctrl+s', 'S', { ctrlKey: true, shiftKey: true }));
  assert.ok(met('ctrl+shift+s', 'S', { ctrlKey: true, shiftKey: true }));
  assert.ok(!met('s', 's', { metaKey: true }));
  assert.ok(met('Escape Enter', 'Enter'));
});

test('a sign is met however a keyboard writes it, and space is no sign', () => {
  on('Linux x86_64');
  assert.ok(met('?', '?', { shiftKey: true }));
  assert.ok(met('ctrl++', '+', { ctrlKey: true, shiftKey: true }));
  assert.ok(met('@', '@', { ctrlKey: true, altKey: true, getModifierState: (/** @type {string} */ name) => name === 'AltGraph' }));
  assert.ok(!met('Space', ' ', { shiftKey: true }));
  assert.ok(met('shift+Space', ' ', { shiftKey: true }));
});

test('mod is the command key where there is one', () => {
  on('MacIntel');
  assert.ok(met('mod+s', 's', { metaKey: true }));
  assert.ok(!met('mod+s', 's', { ctrlKey: true }));
  on('Win32');
  assert.ok(met('mod+s', 's', { ctrlKey: true }));
  assert.ok(!met('mod+s', 's', { metaKey: true }));
});

test('while a text is composed no key is met', () => {
  on('Linux x86_64');
  assert.ok(!met('Enter', 'Enter', { isComposing: true }));
  assert.ok(!met('Enter', 'Enter', { keyCode: 229 }));
});
