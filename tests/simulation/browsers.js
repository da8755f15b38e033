// The browsers of the simulation, driven in lock-step over lines of JSON: a command in, everything that came of it
// out. Nothing happens between two commands, so the same commands give the same answers.

import { readSync, writeSync } from 'node:fs';
import { forget } from './dom.js';
import { enter } from './outside.js';
import { Page } from './page.js';

/** @type {Map<number, Page>} */
let pages = new Map();
/** What should not have happened. @type {any[]} */
const broken = [];
const settle = () => new Promise((resolve) => setImmediate(resolve));

process.on('uncaughtException', (error) => broken.push(['broken', error.stack]));
process.on('unhandledRejection', (error) => broken.push(['broken', /** @type {any} */ (error)?.stack]));

/** @param {any} command @returns {Promise<any[]>} */
async function obey({ page: id, at, does, ...rest }) {
  if (does === 'begin') {
    pages = new Map();
    forget();
    return [];
  }
  if (does === 'load') pages.set(id, new Page(rest));
  const page = pages.get(id);
  if (!page) throw new Error(`no page ${id}`);
  page.now = at;
  globalThis.document = page.document;
  enter(page);
  if (does !== 'load') page[does](rest);
  // What waits for nothing but the processor.
  await settle();
  page.look();
  const { deadline } = page;
  return [...page.news.splice(0), ['deadline', deadline === Infinity ? null : deadline]];
}

const buffer = Buffer.alloc(1 << 16);
let rest = '';
for (let size; (size = readSync(0, buffer, 0, buffer.length, null)); ) {
  rest += buffer.toString('latin1', 0, size);
  for (let end; (end = rest.indexOf('\n')) >= 0; ) {
    const line = rest.slice(0, end);
    rest = rest.slice(end + 1);
    const news = await obey(JSON.parse(line)).catch((error) => [['broken', error.stack]]);
    const answer = Buffer.from(`${JSON.stringify([...news, ...broken.splice(0)])}\n`);
    for (let written = 0; written < answer.length; ) written += writeSync(1, answer, written);
  }
}
