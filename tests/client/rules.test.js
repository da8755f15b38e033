// Rules of the protocol that the scenarios of connection.test.js do not reach, on the same fake clock.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Writer } from '../../python/vango/client/codec.js';
import { Bench, bytes, diff, snapshot } from './support.js';
import { CANCEL, MORE } from './wire.js';

/** A bench that is connected. @param {ConstructorParameters<typeof Bench>[0]} [page] @param {any} [terms] */
function connected(page, terms) {
  const bench = new Bench(page);
  bench.welcome(terms);
  bench.take();
  return bench;
}

/** An ERROR. @param {string} kind @param {any} [values] @returns {[string, any]} */
function error(kind, values = {}) {
  const rest = { origin: 0, scope: 2, message: '', retry_after_ms: 0, max_ms: 0, parameters: [], supported: [], details: '' };
  return ['ERROR', { kind, ...rest, ...values }];
}

test('3: an old snapshot is dropped, one of a higher epoch is adopted whatever its rev', () => {
  const bench = connected({ epoch: 2, rev: 5 }, { epoch: 2, rev: 5 });
  bench.receive(snapshot(5, { epoch: 2 }), snapshot(4, { epoch: 2 }), snapshot(9, { epoch: 1 }));
  assert.deepEqual(bench.applied, []);
  bench.receive(snapshot(1, { epoch: 3 }));
  assert.deepEqual(bench.applied.map(({ sameEpoch }) => sameEpoch), [false]);
  assert.deepEqual([bench.machine.epoch, bench.machine.rev], [3, 1]);
});

test('3: an event of the document that a snapshot is making belongs to its epoch', () => {
  const bench = new Bench({ epoch: 0 });
  bench.welcome({ epoch: 2, rev: 3, mode: 1 });
  bench.onApply = () => {
    bench.event();
    return [];
  };
  bench.receive(snapshot(3, { epoch: 2 }));
  assert.deepEqual(bench.take().slice(1).map(({ epoch, rev }) => [epoch, rev]), [[2, 3]]);
});

test('3: a diff of another epoch is not applied', () => {
  const bench = connected();
  bench.receive(diff(0, 1, { epoch: 2 }));
  assert.deepEqual(bench.applied, []);
  assert.deepEqual(bench.take().map(({ type, hid, epoch }) => [type, hid, epoch]), [['REFETCH', 0, 1]]);
});

test('3: the snapshot that was asked for counts, also with the rev that is here already', () => {
  const bench = connected({ rev: 3 }, { rev: 3 });
  bench.receive(diff(4, 5));
  bench.receive(snapshot(3), diff(3, 4));
  assert.deepEqual(bench.applied.map(({ snapshot }) => snapshot), [true, false]);
});

test('3: while a snapshot is awaited a diff settles nothing; what was held for its events stays held', () => {
  const bench = connected();
  bench.event();
  bench.event();
  bench.receive(diff(3, 4));
  const { settled } = bench;
  bench.receive(diff(0, 1, { ack: 1 }), ['RESULT', { cseq: 2, error: '', data: '' }]);
  assert.equal(bench.settled, settled);
  assert.deepEqual([...bench.machine.outbox.unsettled.keys()], [1]);
  bench.receive(snapshot(5, { ack: 2 }));
  assert.equal(bench.settled, settled + 1);
  assert.equal(bench.machine.outbox.unsettled.size, 0);
});

test('4: a snapshot whose bytes are bad is asked for again once, then it is an error', () => {
  const bench = connected();
  const bad = () => bench.bytes(bytes('064101010001'));
  bad();
  assert.deepEqual(bench.take().map(({ type, reason }) => [type, reason]), [['REFETCH', 'InvalidFrame']]);
  bad();
  assert.equal(bench.machine.state, 'error');
});

test('5: a burst in parts is held up to the limit that HELLO named', () => {
  const bench = connected();
  /** A frame of 6 MiB. @param {string} start the kind, the flags and the header */
  const large = (start) => {
    const length = new Writer();
    length.uv(6 * 2 ** 20);
    const data = new Uint8Array(length.out.length + 6 * 2 ** 20);
    data.set([...length.out, ...bytes(start)]);
    bench.bytes(data);
  };
  large('42020100010001');
  large('4302');
  assert.deepEqual(bench.types(), []);
  large('4302');
  assert.deepEqual(bench.types(), ['REFETCH']);
  large('4300');
  assert.deepEqual([bench.applied, bench.machine.state], [[], 'connected']);
});

test('6: nodes that were moved are not asked for while everything is', () => {
  const bench = connected();
  bench.onApply = () => [0, 7];
  bench.receive(diff(0, 1));
  assert.deepEqual(bench.take().map(({ type, hid }) => [type, hid]), [['REFETCH', 0]]);
});

test('7: AlreadyProcessed settles an event without a word', () => {
  const bench = connected();
  bench.event();
  bench.receive(['RESULT', { cseq: 1, error: 'AlreadyProcessed', data: '' }]);
  assert.deepEqual([bench.told, bench.machine.outbox.settled], [[], 1]);
});

test('7: what went wrong is told once, also when the burst in front has settled the event', () => {
  const bench = connected();
  bench.event();
  bench.receive(diff(0, 1, { ack: 1 }), ['RESULT', { cseq: 1, error: 'HandlerFailed', data: '{}' }]);
  bench.receive(['RESULT', { cseq: 1, error: 'HandlerFailed', data: '{}' }]);
  assert.deepEqual(bench.told, [['vango-error', { kind: 'HandlerFailed', message: '{}', cseq: 1 }]]);
});

test('7: events that were refused for their number a second are sent again, in order, and new ones behind them', () => {
  const bench = connected();
  bench.event();
  bench.event();
  const [, second] = bench.take();
  bench.receive(diff(0, 1, { ack: 1 }), error('RateLimited', { scope: 0, retry_after_ms: 40 }));
  bench.event();
  bench.receive(['RESULT', { cseq: 2, error: 'OutOfOrder', data: '{"expected":2}' }]);
  assert.deepEqual(bench.types(), []);
  bench.pass(1_000);
  const [again, third] = bench.take().filter(({ type }) => type === 'EVENT');
  assert.deepEqual(again, second);
  assert.equal(third.cseq, 3);
});

test('8: nothing is sent between HELLO and HELLO_OK', () => {
  const bench = new Bench();
  bench.opened();
  bench.take();
  bench.event();
  bench.wake();
  bench.bytes(bytes('00'));
  bench.pass(5_000);
  assert.deepEqual(bench.types(), []);
});

test('9: what waits for another epoch is not replaced', () => {
  const bench = connected();
  bench.drop();
  bench.event({ hid: 1, policy: 'latest', action: 'save' });
  bench.pass(1_000);
  bench.welcome({ epoch: 2, rev: 1, mode: 1 });
  bench.event({ hid: 1, policy: 'latest', action: 'save' });
  assert.equal(bench.machine.outbox.waiting.length, 2);
});

test('9: a session in the place of another one gets every number above its last, also those that are settled', () => {
  const bench = connected();
  for (const action of ['a', '', 'b', 'c']) bench.event({ action });
  bench.receive(['RESULT', { cseq: 3, error: '', data: '' }]);
  for (const [session, epoch] of /** @type {[string, number][]} */ ([['s2', 2], ['s3', 3]])) {
    bench.drop();
    bench.again();
    bench.take();
    bench.welcome({ session, epoch, rev: 1, mode: 1 });
    bench.take();
    bench.receive(snapshot(1, { epoch }));
    const sent = bench.take().filter(({ type }) => type === 'EVENT');
    assert.deepEqual(sent.map(({ cseq, flags, action }) => [cseq, flags & CANCEL ? 'dead' : action]), [[1, 'a'], [2, 'dead'], [3, 'dead'], [4, 'c']]);
  }
  assert.deepEqual(bench.told, [['vango-rejected', { events: [{ hid: 5, kind: 0 }] }]]);
});

test('10: an event that names another epoch acknowledges nothing of this one', () => {
  const bench = connected();
  bench.drop();
  bench.event({ action: 'a' });
  bench.again();
  bench.welcome({ session: 's2', epoch: 2, rev: 1, mode: 1 });
  bench.receive(snapshot(1, { epoch: 2 }));
  bench.take();
  bench.pass(250);
  assert.deepEqual(bench.take().map(({ type, rev }) => [type, rev]), [['ACK', 1]]);
});

test('9: what was typed last replaces what waits, at the place of the last', () => {
  const bench = connected();
  bench.drop();
  for (const [hid, policy] of /** @type {[number, string][]} */ ([[1, 'latest'], [2, 'queue'], [1, 'latest']])) bench.event({ hid, policy });
  bench.pass(1_000);
  bench.welcome();
  assert.deepEqual(bench.take().slice(1).map(({ hid }) => hid), [2, 1]);
});

test('11: a question that is answered late is not asked twice', () => {
  const bench = connected();
  bench.pass(25_000);
  bench.wake();
  assert.deepEqual(bench.types(), ['PING', 'PING']);
  bench.pass(5_000);
  assert.equal(bench.machine.state, 'disconnected');
});

test('12: a clean close reconnects too', () => {
  const bench = connected();
  bench.drop(1000);
  bench.pass(1_000);
  assert.equal(bench.connects, 2);
});

test('12: the ladder and the heartbeat are those of HELLO_OK', () => {
  const bench = connected({}, { ladder_ms: [100], heartbeat_ms: 7_000 });
  bench.pass(7_000);
  assert.deepEqual(bench.types(), ['PING']);
  bench.drop();
  bench.pass(100);
  assert.equal(bench.connects, 2);
});

test('14: HELLO names the same instance each time, and where the client stands', () => {
  const bench = connected();
  bench.receive(diff(0, 1));
  bench.event();
  bench.take();
  bench.drop();
  bench.pass(1_000);
  bench.opened();
  const [hello] = bench.take();
  assert.deepEqual([hello.instance, hello.epoch, hello.rev, hello.settled], ['i', 1, 1, 0]);
  assert.deepEqual([hello.capabilities, hello.limits], [['remove_attr', 'move', 'templates', 'texts', 'listen', 'websocket'], [['burst_bytes', 2 ** 24]]]);
});

test('15: after GOAWAY its bounds count, also when the server ends the session itself', () => {
  const bench = connected();
  bench.event();
  bench.receive(['GOAWAY', { reason: 'Draining', min_ms: 3_000, max_ms: 5_000, parameters: [], deadline_ms: 9_000 }]);
  bench.receive(error('Draining'));
  bench.pass(3_999);
  assert.equal(bench.connects, 1);
  bench.pass(1);
  assert.equal(bench.connects, 2);
});

test('17: what the client gives up, it says with its kind before it closes', () => {
  const bench = connected();
  bench.onApply = () => {
    throw new Error('2 nodes, not 3');
  };
  bench.receive(snapshot(1));
  assert.deepEqual(bench.take().map(({ type, reason }) => [type, reason]), [['BYE', 'Internal']]);
  assert.ok(bench.link.closed);
});

test('section 4: a session that is gone is made again on the next connection, above the epoch that was here', () => {
  const bench = connected();
  bench.receive(error('SessionExpired', { scope: 1 }));
  bench.drop(3410);
  bench.pass(1_000);
  bench.opened();
  assert.equal(bench.take().pop().epoch, 1);
  assert.deepEqual(bench.told[0][1].kind, 'SessionExpired');
});

test('section 4: a kind that is not known is treated by its scope', () => {
  for (const [scope, state, epoch] of /** @type {[number, string, number][]} */ ([[0, 'connected', 1], [1, 'connected', 1], [2, 'disconnected', 1]])) {
    const bench = connected();
    bench.receive(error('Unheard', { scope }));
    assert.deepEqual([bench.machine.state, bench.machine.epoch], [state, epoch]);
  }
});

test('before all code is there, common frames take effect; the first rare one waits, and all behind it', () => {
  const bench = new Bench({ complete: false });
  bench.welcome();
  bench.event();
  bench.receive(diff(0, 1), ['RESULT', { cseq: 1, error: '', data: '' }]);
  assert.deepEqual([bench.applied.length, bench.machine.outbox.settled], [1, 1]);
  bench.receive(snapshot(2), diff(2, 3), error('RateLimited'), diff(3, 4));
  assert.equal(bench.applied.length, 1);
  bench.complete();
  assert.deepEqual(bench.applied.map(({ snapshot }) => snapshot), [false, true, false, false]);
  assert.deepEqual([bench.machine.rev, bench.told.length], [4, 1]);
});

test('before all code is there, a burst that cannot be applied is tried again with it, and not asked for', () => {
  const bench = new Bench({ complete: false });
  bench.welcome();
  bench.take();
  bench.onApply = () => {
    throw new Error('op 4 comes too early');
  };
  bench.receive(diff(0, 1), diff(1, 2));
  bench.onApply = () => [];
  assert.deepEqual([bench.types(), bench.applied], [[], []]);
  bench.complete();
  assert.deepEqual([bench.types(), bench.applied.length, bench.machine.rev], [[], 2, 2]);
});

test('what waits for the code counts though its connection has ended meanwhile, and then the end does', () => {
  const bench = new Bench({ complete: false, epoch: 0 });
  bench.welcome({ mode: 1, rev: 1 });
  bench.receive(snapshot(1));
  assert.equal(bench.machine.state, 'connecting');
  bench.drop(1006);
  assert.equal(bench.connects, 1);
  bench.complete();
  assert.deepEqual([bench.applied.length, bench.machine.rev, bench.machine.state], [1, 1, 'disconnected']);
  bench.pass(1_000);
  bench.welcome({ rev: 1 });
  assert.equal(bench.machine.state, 'connected');
});

test('an error that ends the session is heard though the code for it comes after the end of the connection', () => {
  const bench = new Bench({ complete: false });
  bench.opened();
  bench.receive(error('InvalidFrame', { scope: 2 }));
  bench.drop(1002);
  bench.complete();
  assert.deepEqual([bench.connects, bench.machine.state, bench.told[0][1].kind], [1, 'error', 'InvalidFrame']);
});

test('a connection that has ended is not waited for beyond its time, though the code never comes', () => {
  const bench = new Bench({ complete: false, epoch: 0 });
  bench.welcome({ mode: 1, rev: 1 });
  bench.drop(1006);
  bench.pass(60_000);
  assert.ok(bench.connects > 1, `${bench.connects}`);
});

test('a page that leaves when it hears of an error is not brought back', () => {
  const bench = connected();
  bench.onTold = () => bench.machine.leave('close', 'closed', bench.now);
  bench.receive(error('Internal'));
  assert.equal(bench.machine.state, 'closed');
  bench.pass(60_000);
  assert.equal(bench.connects, 1);
});

test('who has signed in says so: over a connection by AUTH, without one by HELLO, with the new token', () => {
  const bench = connected();
  bench.machine.rescue?.refresh('new', bench.now);
  assert.deepEqual(bench.take().map(({ type, token }) => [type, token]), [['AUTH', 'new']]);
  bench.receive(error('AuthExpired'));
  assert.equal(bench.machine.state, 'needs-auth');
  bench.machine.rescue?.refresh('newer', bench.now);
  bench.opened();
  assert.deepEqual(bench.take().map(({ type, token }) => [type, token]), [['HELLO', 'newer']]);
});

test('what needs a person is not waked by the page, nor paused by it', () => {
  const bench = connected();
  bench.receive(error('Unauthorized'));
  bench.machine.pause(bench.now);
  bench.wake();
  assert.deepEqual([bench.machine.state, bench.connects], ['needs-auth', 1]);
});
