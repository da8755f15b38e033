// What the browser has to load, and that packaging may cut the comments out of it.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

const CLIENT = fileURLToPath(new URL('../../python/vango/client/', import.meta.url));
/**
 * Comments cut, each module compressed by itself. What a page loads first is weighed in tests/unit/test_join.py.
 * Navigation takes 4,000 of these: links, history, scrolling, focus, transitions;
 * the parts of somebody else's page 150; errands 500, the head 400; copies of rows, known when asked for, 1,700;
 * what is asked for ahead 700; many texts at once 200; short ways for what is short 300, and for what sets one text 550;
 * what is edited without a control, and its caret, 450; echoes of what the server opens and mutes 150; moves of which the
 * newest counts 150; what outlives its session, or is heard once, 100.
 */
const MAX_BYTES = 49_400;
const MAX_BYTES_TAP = 8_300;
const MAX_LINES = 210;

const modules = readdirSync(CLIENT).filter((name) => name.endsWith('.js'));
/** Nobody loads it but a developer. @param {string} name */
const isTap = (name) => name.startsWith('tap');

/** @param {string} name */
const source = (name) => readFileSync(join(CLIENT, name), 'utf8');

/** What is served of it. @param {string} text */
const stripped = (text) => text.replace(/\/\*.*?\*\//gs, '').replace(/^\s*\/\/.*\n/gm, '').replace(/^\s+/gm, '');

/** Their bytes as they are served. @param {string[]} names */
const weight = (names) => names.reduce((sum, name) => sum + gzipSync(stripped(source(name)), { level: 9 }).length, 0);

test('each module is short, all of them together small', () => {
  for (const name of modules) assert.ok(source(name).split('\n').length <= MAX_LINES + 1, `${name} is too long`);
  const bytes = weight(modules.filter((name) => !isTap(name)));
  assert.ok(bytes <= MAX_BYTES, `${bytes} bytes, compressed`);
  const tapped = weight(modules.filter(isTap));
  assert.ok(tapped <= MAX_BYTES_TAP, `${tapped} bytes of the tap, compressed`);
});

test('nothing that a page of production loads knows the tap', () => {
  for (const name of modules) if (!isTap(name)) assert.doesNotMatch(source(name), /VangoLiveTap|tap[\w-]*\.js/, name);
});

test('without their comments the modules are the same program', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vango-client-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
    for (const name of modules) writeFileSync(join(folder, name), stripped(source(name)));
    // These two import all others but the ones that need a document to be loaded.
    for (const name of ['view.js', 'machine.js']) {
      const bare = await import(pathToFileURL(join(folder, name)).href);
      const full = await import(pathToFileURL(join(CLIENT, name)).href);
      assert.deepEqual(Object.keys(bare), Object.keys(full));
    }
    for (const name of modules) assert.doesNotMatch(stripped(source(name)), /^\s*(\/\/|\*)/m, name);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('nothing in the client needs what a strict content security policy forbids', () => {
  for (const name of modules) assert.doesNotMatch(stripped(source(name)), /\beval\(|new Function|\.onclick|javascript:/, name);
});
