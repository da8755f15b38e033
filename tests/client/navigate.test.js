// Links and the history (PROTOCOL 3.22): what is asked for, what becomes of the answer, and when a page is loaded.

import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Navigation } from '../../python/vango/client/navigate.js';
import { Window } from './window.js';

const HERE = 'https://example.org';

/** A page that navigates: its window, and what it asked for. */
class Bench {
  /** @type {any[]} */ sent = [];

  constructor(path = '/') {
    this.window = new Window(HERE + path);
    this.navigation = new Navigation(/** @type {any} */ ({ flush() {}, send: (/** @type {any} */ event) => this.#send(event) }), () => {});
  }

  /** @param {any} event */
  #send(event) {
    const [mode, , ...path] = event.payload;
    this.sent.push({ ...event, mode, path: new TextDecoder().decode(Uint8Array.from(path)) });
    event.numbered(this.sent.length);
  }

  /** What was asked for since the last look. */
  asked() {
    return this.sent.splice(0).map(({ hid, kind, mode, path }) => [hid, kind, mode, path]);
  }

  /** A burst says these addresses. @param {...[number, string]} says */
  async told(...says) {
    for (const [mode, path] of says) this.navigation.arrive(mode, path);
    await null;
  }

  get state() {
    const { loads, addresses, at } = this.window;
    return { loads, addresses, at };
  }

  get isBusy() {
    return 'navigating' in this.window.dataset;
  }
}

test('links that are the application\'s are asked for, all others are the browser\'s', () => {
  const bench = new Bench('/list?page=1');
  const own = [['/a?b=c#d', '/a?b=c'], ['c', '/c'], ['?page=2', '/list?page=2'], [`${HERE}/x`, '/x'], ['/list?page=1', '/list?page=1']];
  for (const [href, path] of own) {
    assert.equal(bench.window.click(href).defaultPrevented, true, href);
    assert.deepEqual(bench.asked(), [[0, 33, href === own[4][0] ? 1 : 0, path]]);
  }
  /** @type {[string, any?, any?][]} */
  const others = [
    ['#part'], ['/list?page=1#part'], ['https://other.example/'], ['mailto:a@b.c'], ['https://['], ['/a', { target: '_blank' }], ['/a', { download: '' }],
    ['/a', { 'data-reload': '' }], ['/a', {}, { button: 1 }], ['/a', {}, { ctrlKey: true }], ['/a', {}, { metaKey: true }], ['/a', {}, { shiftKey: true }],
    ['/a', {}, { altKey: true }],
  ];
  for (const other of others) assert.equal(bench.window.click(...other).defaultPrevented, false, JSON.stringify(other));
  bench.window.click('/a', {}, { defaultPrevented: true });
  bench.window.dataset.vango = 'disconnected';
  assert.equal(bench.window.click('/a').defaultPrevented, false);
  assert.deepEqual(bench.asked(), []);
});

test('the address changes with the answer, and HELLO names the page that is shown', async () => {
  const bench = new Bench();
  bench.window.click('/a#part');
  assert.deepEqual([bench.isBusy, bench.navigation.path, bench.state.addresses], [true, '/', ['/']]);
  await bench.told([0, '/a']);
  assert.deepEqual([bench.isBusy, bench.navigation.path, bench.state.addresses], [false, '/a', ['/', '/a#part']]);
  bench.window.click('/old#part');
  await bench.told([0, '/old'], [1, '/new']);
  assert.deepEqual(bench.state, { loads: [], addresses: ['/', '/a#part', '/new#part'], at: 2 });
  await bench.told([1, '/new?x=1'], [0, '/code']);
  assert.deepEqual(bench.state.addresses, ['/', '/a#part', '/new?x=1', '/code']);
});

test('what is told of a navigation that was superseded takes no place in the history', async () => {
  const bench = new Bench();
  bench.window.click('/a');
  bench.window.click('/b');
  await bench.told([0, '/a']);
  assert.deepEqual([bench.state.addresses, bench.isBusy], [['/'], true]);
  await bench.told([0, '/b']);
  assert.deepEqual([bench.state.addresses, bench.isBusy], [['/', '/b'], false]);
  bench.window.click('/c');
  bench.window.go(-1);
  assert.deepEqual(bench.asked().slice(-1), [[0, 33, 2, '/']]);
  await bench.told([0, '/c']);
  assert.deepEqual(bench.state, { loads: [], addresses: ['/', '/b'], at: 0 });
  await bench.told([1, '/'], [1, '/login']);
  assert.deepEqual(bench.state, { loads: [], addresses: ['/login', '/b'], at: 0 });
});

test('a step within the page asks nobody, and one to another page does', async () => {
  const bench = new Bench();
  bench.window.click('/a');
  await bench.told([0, '/a']);
  bench.asked();
  bench.window.entries.splice(2, 0, { url: `${HERE}/a#part`, state: null });
  bench.window.go(1);
  bench.window.go(-1);
  assert.deepEqual(bench.asked(), []);
  bench.window.go(-1);
  assert.deepEqual(bench.asked(), [[0, 33, 2, '/']]);
});

test('scrolling is kept for each entry, and given back with its page', async () => {
  const bench = new Bench();
  const scroll = (/** @type {number} */ y) => {
    Object.assign(globalThis, { scrollY: y });
    bench.window.fire('scroll', {});
  };
  scroll(500);
  bench.window.click('/a');
  await bench.told([0, '/a']);
  assert.deepEqual(bench.window.scrolled.splice(0), [[0, 0]]);
  scroll(70);
  bench.window.go(-1);
  assert.deepEqual(bench.window.scrolled, []);
  await bench.told([1, '/']);
  assert.deepEqual(bench.window.scrolled.splice(0), [[0, 500]]);
  await bench.told([4, '/?q=1']);
  assert.deepEqual(bench.window.scrolled, []);
});

test('what cannot be answered is loaded, as it was asked for', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    /** @type {[(bench: Bench) => void, string][]} */
    const ways = [
      [(bench) => bench.sent[0].numbered(0), `assign ${HERE}/a#part`],
      [(bench) => bench.navigation.arrive(2, '/a'), `assign ${HERE}/a#part`],
      [(bench) => bench.window.fire('vango-error', { detail: { cseq: 1, kind: 'Validation' } }), `assign ${HERE}/a#part`],
      [(bench) => bench.window.fire('vango-error', { detail: { cseq: 2, kind: 'Validation' } }), ''],
      [(bench) => bench.window.fire('vango-error', { detail: { cseq: 1, kind: 'HandlerFailed' } }), ''],
      [(bench) => bench.window.fire('vango-state', { detail: { state: 'needs-auth' } }), `assign ${HERE}/a#part`],
      [() => mock.timers.tick(9_999), ''],
      [() => mock.timers.tick(10_000), `assign ${HERE}/a#part`],
      [
        (bench) => {
          bench.window.fire('vango-state', { detail: { state: 'disconnected' } });
          mock.timers.tick(3_000);
        },
        `assign ${HERE}/a#part`,
      ],
      [
        (bench) => {
          bench.window.fire('vango-state', { detail: { state: 'disconnected' } });
          bench.window.fire('vango-state', { detail: { state: 'connected' } });
          mock.timers.tick(3_000);
        },
        '',
      ],
    ];
    for (const [happens, load] of ways) {
      const bench = new Bench();
      bench.window.click('/a#part');
      happens(bench);
      assert.deepEqual(bench.state.loads, load ? [load] : [], String(happens));
      if (!load) bench.navigation.arrive(0, '/a');
    }
  } finally {
    mock.timers.reset();
  }
});

test('a step through the history that cannot be answered is loaded where it leads', async () => {
  const bench = new Bench();
  bench.window.click('/a');
  await bench.told([0, '/a']);
  bench.window.go(-1);
  bench.window.fire('vango-error', { detail: { cseq: 2, kind: 'HandlerFailed' } });
  assert.deepEqual(bench.state, { loads: ['reload'], addresses: ['/', '/a'], at: 0 });
});

test('other origins are loaded, and no other schemes', () => {
  const bench = new Bench();
  bench.navigation.arrive(2, 'https://pay.example/');
  bench.navigation.arrive(2, 'javascript:alert(1)');
  assert.deepEqual(bench.state.loads, ['assign https://pay.example/']);
});

test('a page that asks before it is left keeps links and steps, and what the server decides passes', async () => {
  const bench = new Bench();
  bench.window.click('/a');
  await bench.told([0, '/a']);
  Object.assign(bench.window, { guard: 'Really?', answer: false });
  bench.asked();
  assert.equal(bench.window.click('/b').defaultPrevented, true);
  bench.window.go(-1);
  assert.deepEqual([bench.window.asked, bench.asked(), bench.state], [['Really?', 'Really?'], [], { loads: [], addresses: ['/', '/a'], at: 1 }]);
  const closing = { prevented: false, preventDefault: () => (closing.prevented = true) };
  assert.equal(bench.window.fire('beforeunload', closing).prevented, true);
  await bench.told([0, '/code']);
  assert.deepEqual(bench.state.addresses, ['/', '/a', '/code']);
  bench.window.answer = true;
  bench.window.click('/b');
  assert.deepEqual(bench.asked(), [[0, 33, 0, '/b']]);
  await bench.told([0, '/b']);
  bench.window.guard = '';
  addEventListener('vango-leave', (event) => event.preventDefault());
  bench.window.click('/c');
  assert.deepEqual(bench.asked(), []);
});
