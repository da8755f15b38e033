// The HTTP transport against a small server of its own: order, numbers, repetition, and why a request failed.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, beforeEach, test } from 'node:test';
import { http } from '../../python/vango/client/http.js';
import { FOREIGN, UNAUTHORIZED } from '../../python/vango/client/ways.js';
import { hex } from './support.js';

const TYPE = 'application/vnd.vango';

/** A server that leaves every answer to the test. */
class Stub {
  /** Requests that nobody has taken yet. @type {any[]} */ #arrived = [];
  /** @type {((request: any) => void)[]} */ #waiting = [];
  server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const { method, headers } = request;
    const arrived = { method, type: headers['content-type'], number: headers['vango-request'], body: hex(Buffer.concat(parts)), response };
    const taker = this.#waiting.shift();
    if (taker) taker(arrived);
    else this.#arrived.push(arrived);
  });

  /** The next request, in the order of their arrival. @returns {Promise<any>} */
  next() {
    const request = this.#arrived.shift();
    return request ? Promise.resolve(request) : new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** How many requests nobody has taken. */
  get untaken() {
    return this.#arrived.length;
  }
}

/** @param {any} request @param {number[]} bytes @param {number} [status] @param {Record<string, string>} [headers] */
function answer(request, bytes, status = 200, headers = { 'Content-Type': TYPE }) {
  request.response.writeHead(status, headers).end(Buffer.from(bytes));
}

/** A link, and what was told of it. */
class Teller {
  /** @type {any} */ link = { send() {}, close: () => (this.link.closed = true) };
  opened = 0;
  /** @type {string[]} */ received = [];
  /** @type {(number | undefined)[]} */ closed = [];
  /** @type {(() => void)[]} */ #waiting = [];

  /** @param {number} port */
  constructor(port) {
    this.address = new URL(`http://127.0.0.1:${port}/live/s`);
  }

  start() {
    http(this.link, this.address, {
      opened: () => this.opened++,
      received: (bytes) => {
        this.received.push(hex(bytes));
        this.#tell();
      },
      closed: (code) => {
        this.closed.push(code);
        this.#tell();
      },
    });
    return this;
  }

  #tell() {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Wait until something was told. @param {() => boolean} until */
  async until(until) {
    while (!until()) await new Promise((resolve) => this.#waiting.push(() => resolve(undefined)));
  }
}

/** @type {Stub} */ let stub;
/** @type {Teller} */ let teller;

beforeEach(async () => {
  stub = new Stub();
  stub.server.listen(0, '127.0.0.1');
  await once(stub.server, 'listening');
  teller = new Teller(/** @type {any} */ (stub.server.address()).port).start();
});

afterEach(() => {
  teller.link.close();
  stub.server.closeAllConnections();
  stub.server.close();
});

/** HELLO was answered, and the server calls the attachment `a`. */
async function greeted() {
  teller.link.send(Uint8Array.of(1, 0x60));
  const hello = await stub.next();
  assert.deepEqual([hello.method, hello.type, hello.number, hello.body], ['POST', TYPE, undefined, '0160']);
  teller.link.attachment = 'a';
  answer(hello, [1, 0x40]);
  return stub.next();
}

test('HELLO goes alone and without a number; then one request is kept waiting', async () => {
  assert.equal(teller.opened, 1);
  const first = await greeted();
  assert.deepEqual([first.number, first.body, teller.received], ['a 1', '', ['0140']]);
  answer(first, [0]);
  const second = await stub.next();
  assert.deepEqual([second.number, second.body, teller.received], ['a 2', '', ['0140', '00']]);
});

test('what is to be said goes in a second request at once, what comes after that in the next', async () => {
  const first = await greeted();
  teller.link.send(Uint8Array.of(1, 2));
  teller.link.send(Uint8Array.of(1, 3));
  const second = await stub.next();
  assert.deepEqual([second.number, second.body], ['a 2', '01020103']);
  teller.link.send(Uint8Array.of(1, 4));
  teller.link.send(Uint8Array.of(1, 5));
  assert.equal(stub.untaken, 0);
  answer(first, []);
  const third = await stub.next();
  assert.deepEqual([third.number, third.body], ['a 3', '01040105']);
});

test('answers are told in the order of their numbers', async () => {
  const first = await greeted();
  teller.link.send(Uint8Array.of(1, 2));
  const second = await stub.next();
  answer(second, [1, 0x42]);
  teller.link.send(Uint8Array.of(1, 3));
  answer(first, [1, 0x41]);
  await teller.until(() => teller.received.length === 3);
  assert.deepEqual(teller.received, ['0140', '0141', '0142']);
});

test('a request that failed is made again with the same number and the same body', async () => {
  const first = await greeted();
  teller.link.send(Uint8Array.of(1, 2));
  const second = await stub.next();
  second.response.destroy();
  const again = await stub.next();
  assert.deepEqual([again.number, again.body], ['a 2', '0102']);
  answer(first, []);
  answer(again, [1, 0x42]);
  const third = await stub.next();
  assert.deepEqual([third.number, teller.received], ['a 3', ['0140', '', '0142']]);
});

test('a HELLO that failed is not made again: that is for the ladder', async () => {
  teller.link.send(Uint8Array.of(1, 0x60));
  (await stub.next()).response.destroy();
  await teller.until(() => teller.closed.length > 0);
  assert.deepEqual([teller.closed, stub.untaken], [[undefined], 0]);
});

test('an error is told with its frames, then the link has ended', async () => {
  teller.link.send(Uint8Array.of(1, 0x60));
  answer(await stub.next(), [1, 0x45], 401);
  await teller.until(() => teller.closed.length > 0);
  assert.deepEqual([teller.received, teller.closed], [['0145'], [undefined]]);
});

test('the answer that ends the attachment says with what code, in its turn', async () => {
  const first = await greeted();
  teller.link.send(Uint8Array.of(1, 0x65));
  const second = await stub.next();
  answer(second, [1, 0x45], 401, { 'Content-Type': TYPE, 'Vango-Close': '3000' });
  answer(first, [1, 0x42]);
  await teller.until(() => teller.closed.length > 0);
  assert.deepEqual([teller.received, teller.closed], [['0140', '0142', '0145'], [UNAUTHORIZED]]);
});

test('a request that is refused while the one before it is held ends the link soon', async () => {
  await greeted();
  teller.link.send(Uint8Array.of(1, 0x61));
  answer(await stub.next(), [1, 0x45], 401, { 'Content-Type': TYPE, 'Vango-Close': '3000' });
  await teller.until(() => teller.closed.length > 0);
  assert.deepEqual([teller.received, teller.closed], [['0140', '0145'], [UNAUTHORIZED]]);
});

test('what somebody else answers says why', async () => {
  /** @type {[number, Record<string, string>, number | undefined][]} */
  const cases = [
    [302, { Location: 'https://sign.in/' }, FOREIGN],
    [200, { 'Content-Type': 'text/html' }, FOREIGN],
    [401, { 'Content-Type': 'text/html' }, UNAUTHORIZED],
    [403, {}, UNAUTHORIZED],
    [404, {}, undefined],
    [405, {}, undefined],
    [502, { 'Content-Type': 'text/html' }, undefined],
  ];
  for (const [status, headers, code] of cases) {
    const each = new Teller(Number(teller.address.port)).start();
    each.link.send(Uint8Array.of(1, 0x60));
    answer(await stub.next(), [], status, headers);
    await each.until(() => each.closed.length > 0);
    assert.deepEqual([status, each.received, each.closed], [status, [], [code]]);
  }
});

test('a body that is too large goes in several, whole frames each', async () => {
  const first = await greeted();
  for (let n = 0; n < 3; n++) teller.link.send(new Uint8Array(30_000).fill(n));
  const second = await stub.next();
  assert.equal(second.body.length / 2, 60_000);
  answer(first, []);
  const third = await stub.next();
  assert.deepEqual([third.number, third.body.length / 2], ['a 3', 30_000]);
});

test('what was said before closing still goes, and nothing is told any more', async () => {
  const first = await greeted();
  teller.link.send(Uint8Array.of(1, 0x65));
  teller.link.close();
  const last = await stub.next();
  assert.deepEqual([last.number, last.body], ['a 2', '0165']);
  answer(last, [1, 0x42]);
  first.response.destroy();
  await once(last.response, 'close');
  assert.deepEqual([teller.received, teller.closed], [['0140'], []]);
});

test('a link that was closed before the code was there stays closed', () => {
  const late = new Teller(Number(teller.address.port));
  late.link.close();
  late.start();
  late.link.send(Uint8Array.of(1, 0x60));
  assert.deepEqual([late.opened, stub.untaken], [0, 0]);
});
