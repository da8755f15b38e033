// The state machine on a fake clock and a fake socket; names of scenarios are those of the protocol's table.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bench, TERMS, bytes, diff, hex, snapshot } from './support.js';
import { CANCEL, MORE } from './wire.js';

const INPUT = 2;

/** A bench that is connected at rev 0. @param {ConstructorParameters<typeof Bench>[0]} [page] @param {any} [terms] */
function connected(page, terms) {
  const bench = new Bench(page);
  bench.welcome(terms);
  bench.take();
  return bench;
}

test('C01 the served page is adopted: HELLO names it, nothing follows, events may go', () => {
  const bench = new Bench();
  bench.event();
  assert.deepEqual(bench.types(), []);
  bench.opened();
  const [hello] = bench.take();
  assert.deepEqual([hello.epoch, hello.rev, hello.settled, hello.versions], [1, 0, 0, [1]]);
  assert.deepEqual([hello.token, hello.csrf, hello.instance, hello.path], ['t', 'c', 'i', '/p?q']);
  bench.welcome();
  assert.deepEqual(bench.take().map(({ type, cseq }) => [type, cseq]), [['HELLO', undefined], ['EVENT', 1]]);
  assert.equal(bench.machine.state, 'connected');
  bench.receive(diff(0, 1));
  assert.equal(bench.applied.length, 1);
});

test('a page that could not be adopted says epoch 0 and waits for its snapshot before it sends events', () => {
  const bench = new Bench({ epoch: 0 });
  bench.welcome({ epoch: 2, rev: 3, mode: 1 });
  bench.take();
  assert.equal(bench.machine.state, 'connecting');
  bench.receive(snapshot(3, { epoch: 2 }));
  bench.event();
  assert.deepEqual(bench.applied, [{ burst: '030100', snapshot: true, sameEpoch: false, count: 1 }]);
  const [event] = bench.take();
  assert.deepEqual([event.type, event.epoch, event.cseq, event.rev], ['EVENT', 2, 1, 3]);
});

test('events are numbered without gaps and carry the rev that they saw', () => {
  const bench = connected();
  bench.event();
  bench.receive(diff(0, 1));
  bench.event({ hid: 7, kind: 3 });
  assert.deepEqual(bench.take().map(({ cseq, rev, hid, kind }) => [cseq, rev, hid, kind]), [[1, 0, 5, 0], [2, 1, 7, 3]]);
});

test('C07 a burst that comes twice is applied once', () => {
  const bench = connected();
  bench.receive(diff(0, 1), diff(0, 1));
  assert.equal(bench.applied.length, 1);
  bench.receive(snapshot(2), snapshot(2));
  assert.equal(bench.applied.length, 2);
});

test('C08 a lost diff leads to one REFETCH, repeated after 5 s, and to no other diff', () => {
  const bench = connected();
  bench.receive(diff(1, 2), diff(2, 3), diff(0, 4));
  assert.deepEqual(bench.take().map(({ type, hid }) => [type, hid]), [['REFETCH', 0]]);
  bench.pass(5_000);
  assert.deepEqual(bench.types(), ['REFETCH']);
  bench.receive(snapshot(5));
  bench.receive(diff(5, 6));
  assert.equal(bench.applied.length, 2);
  bench.pass(6_000);
  assert.deepEqual(bench.types(), ['ACK']);
});

test('C08 who still waits asks again after 5 s, 10, 20 and so on up to 60, and anew after the next loss', () => {
  const bench = connected();
  /** When, in seconds after a loss, a snapshot is asked for; diffs keep coming, and count for nothing. */
  const asked = () => {
    const times = [];
    for (let second = 0; second <= 200; second++) {
      bench.receive(diff(8, 9));
      if (bench.types().includes('REFETCH')) times.push(second);
      bench.pass(1_000);
    }
    return times;
  };
  assert.deepEqual(asked(), [0, 5, 15, 35, 75, 135, 195]);
  bench.receive(snapshot(1));
  assert.deepEqual(asked(), [0, 5, 15, 35, 75, 135, 195]);
});

test('C08 a snapshot that comes in parts is not asked for again while they come', () => {
  const bench = connected();
  bench.receive(diff(1, 2));
  bench.take();
  bench.pass(4_900);
  bench.receive(['SNAPSHOT', snapshot(5)[1], MORE]);
  bench.pass(4_900);
  bench.receive(['CONT', { payload: bytes('') }, MORE]);
  bench.pass(4_900);
  assert.deepEqual(bench.types(), []);
  bench.pass(100);
  assert.deepEqual(bench.types(), ['REFETCH']);
  bench.receive(['CONT', { payload: bytes('') }]);
  assert.equal(bench.applied.length, 1);
});

test('C09 a diff that cannot be applied leads to a snapshot; the rev stays', () => {
  const bench = connected();
  bench.onApply = () => {
    throw new Error('2 nodes, not 3');
  };
  bench.receive(diff(0, 1));
  assert.deepEqual(bench.take().map(({ type, reason }) => [type, reason]), [['REFETCH', 'Error: 2 nodes, not 3']]);
  bench.onApply = () => [];
  bench.receive(snapshot(2));
  assert.equal(bench.machine.state, 'connected');
});

test('a snapshot that cannot be applied is an error state', () => {
  const bench = connected();
  bench.onApply = () => {
    throw new Error('2 nodes, not 3');
  };
  bench.receive(snapshot(1));
  assert.deepEqual(bench.types(), ['BYE']);
  assert.equal(bench.machine.state, 'error');
  assert.equal(bench.machine.timers.size, 0);
  assert.equal(bench.told[0][0], 'vango-error');
});

test('C11 RateLimited puts the next REFETCH off', () => {
  const bench = connected();
  bench.receive(diff(1, 2));
  bench.take();
  bench.receive(['ERROR', error('RateLimited', { retry_after_ms: 9_000 })]);
  bench.pass(8_900);
  assert.deepEqual(bench.types(), []);
  bench.pass(100);
  assert.deepEqual(bench.types(), ['REFETCH']);
});

test('C12 a burst in parts is applied at its end, whole', () => {
  const bench = connected();
  const [, first] = diff(0, 1, { payload: bytes('01') });
  bench.receive(['DIFF', first, MORE], ['CONT', { payload: bytes('05') }, MORE], ['RESULT', { cseq: 9, error: '', data: '' }]);
  assert.deepEqual(bench.applied, []);
  bench.receive(['CONT', { payload: bytes('00') }]);
  assert.deepEqual(bench.applied.map(({ burst }) => burst), ['010500']);
});

test('C13 a cancelled burst changes nothing and its rev is used again', () => {
  const bench = connected();
  bench.receive(['DIFF', diff(0, 1)[1], MORE], ['CONT', { payload: bytes('') }, CANCEL], diff(0, 1));
  assert.equal(bench.applied.length, 1);
  bench.receive(['DIFF', diff(1, 2)[1], MORE]);
  bench.drop();
  bench.pass(1_000);
  bench.opened();
  assert.equal(bench.take().pop().rev, 1);
});

test('C14 bursts that interleave are both dropped, once; then it is an error', () => {
  const bench = connected();
  const part = /** @type {[string, any, number]} */ (['DIFF', diff(0, 1)[1], MORE]);
  bench.receive(part, diff(0, 1));
  bench.receive(['CONT', { payload: bytes('') }]);
  assert.deepEqual(bench.types(), ['REFETCH']);
  bench.receive(snapshot(2));
  assert.equal(bench.machine.state, 'connected');
  bench.receive(part);
  bench.receive(part);
  assert.equal(bench.machine.state, 'error');
});

test('bad frames: one snapshot, then an error', () => {
  const bench = connected();
  bench.bytes(bytes('02c100'));
  assert.deepEqual(bench.take().map(({ type, reason }) => [type, reason]), [['REFETCH', 'InvalidFrame']]);
  bench.bytes(bytes('05'));
  assert.equal(bench.machine.state, 'error');
});

test('C15 what was not settled is sent again byte for byte, above what the server has', () => {
  const bench = connected();
  for (const hid of [1, 2, 3]) bench.event({ hid });
  const before = bench.take();
  bench.drop();
  bench.pass(1_000);
  bench.welcome({ last: 1 });
  assert.deepEqual(bench.take().slice(1), before.slice(1));
  bench.receive(diff(0, 1, { ack: 3 }));
  bench.drop();
  bench.pass(1_000);
  bench.opened();
  assert.equal(bench.take().pop().settled, 3);
});

test('C16 OutOfOrder settles nothing: the events are sent again, in order', () => {
  const bench = connected();
  bench.event();
  bench.event();
  bench.take();
  bench.receive(['RESULT', { cseq: 2, error: 'OutOfOrder', data: '{"expected":1}' }]);
  assert.deepEqual(bench.take().map(({ cseq }) => cseq), [1, 2]);
  assert.deepEqual(bench.told, []);
});

test('C17 an error of a handler is shown, settled, and acknowledged', () => {
  const bench = connected();
  bench.event();
  bench.take();
  bench.receive(['RESULT', { cseq: 1, error: 'HandlerFailed', data: '{}' }]);
  assert.deepEqual(bench.told, [['vango-error', { kind: 'HandlerFailed', message: '{}', cseq: 1 }]]);
  bench.pass(250);
  assert.deepEqual(bench.take().map(({ type, settled }) => [type, settled]), [['ACK', 1]]);
});

test('C18 what waits while offline is decided by policy', () => {
  const bench = connected();
  bench.drop();
  for (const n of [1, 2, 3, 4, 5]) {
    if (n < 4) bench.event({ hid: n });
    bench.event({ hid: 9, kind: INPUT, policy: 'latest', payload: bytes(`0${n}`) });
    bench.event({ hid: 8, kind: 12, policy: 'drop' });
  }
  bench.pass(1_000);
  bench.welcome();
  const events = bench.take().slice(1).map(({ hid, cseq, payload }) => [hid, cseq, payload[0]]);
  assert.deepEqual(events, [[1, 1, undefined], [2, 2, undefined], [3, 3, undefined], [9, 4, 5]]);
});

test('beyond 30 s offline, and beyond 256, an event is refused and the page is told, unless it is made for that', () => {
  const bench = connected();
  bench.drop();
  for (let n = 0; n < 257; n++) bench.event();
  assert.deepEqual(bench.told, [['vango-refused', { hid: 5, kind: 0, reason: 'QueueFull' }]]);
  bench.pass(30_001);
  bench.event();
  assert.equal(bench.told[1][1].reason, 'offline');
  const patient = connected();
  patient.drop();
  patient.hidden = true;
  patient.pass(600_000);
  patient.event({ offline: true });
  assert.deepEqual(patient.told, []);
  patient.hidden = false;
  patient.wake();
  patient.welcome();
  assert.deepEqual(patient.types(), ['HELLO', 'EVENT']);
});

test('at most 256 events are unsettled; the others follow as they settle', () => {
  const bench = connected();
  for (let n = 0; n < 258; n++) bench.event();
  assert.equal(bench.take().length, 256);
  bench.receive(['RESULT', { cseq: 1, error: '', data: '' }]);
  assert.deepEqual(bench.take().map(({ cseq }) => cseq), [257]);
});

test('an event above the limit of a frame is refused', () => {
  const bench = connected({}, { limits: [['frame_bytes', 1_000]] });
  bench.event({ payload: new Uint8Array(1_000) });
  assert.deepEqual([bench.types(), bench.told[0][1].reason], [[], 'TooBig']);
});

test('C20 in another session events are offered by action under their numbers, the others are rejected, visibly', () => {
  const bench = connected();
  /** @type {number[]} */ const numbered = [];
  bench.event({ numbered: (/** @type {number} */ cseq) => numbered.push(cseq) });
  bench.event({ hid: 7, action: 'save', payload: bytes('01') });
  const [, save] = bench.take();
  bench.drop();
  bench.event({ hid: 6 });
  bench.event({ hid: 8, action: 'send' });
  bench.pass(1_000);
  bench.welcome({ session: 'new', epoch: 2, rev: 1, mode: 1 });
  assert.deepEqual(bench.told, [['vango-rejected', { events: [{ hid: 5, kind: 0 }, { hid: 6, kind: 0 }] }]]);
  assert.deepEqual(numbered, [1, 0]);
  bench.take();
  bench.receive(snapshot(1, { epoch: 2 }));
  bench.event();
  const [dead, again, ...rest] = bench.take();
  assert.deepEqual([dead.cseq, dead.flags, again], [1, CANCEL, save]);
  assert.deepEqual(rest.map(({ epoch, cseq, action }) => [epoch, cseq, action]), [[0, 3, 'send'], [2, 4, undefined]]);
});

test('C20 what was sent before names no hid of another session, whatever epoch that one has', () => {
  const bench = connected({ epoch: 3 }, { epoch: 3 });
  bench.event({ hid: 7, action: 'save', payload: bytes('01') });
  bench.event({ hid: 6 });
  bench.take();
  bench.drop();
  bench.pass(1_000);
  bench.welcome({ session: 'lost', epoch: 4, rev: 1, mode: 1 });
  // Its snapshot never comes: the page has nothing now, so the next session begins anew.
  bench.drop();
  bench.pass(2_000);
  bench.take();
  bench.welcome({ session: 'new', epoch: 1, rev: 1, mode: 1 });
  bench.take();
  bench.receive(snapshot(1));
  const sent = bench.take().map(({ epoch, cseq, rev, action, flags }) => [epoch, cseq, rev, action, flags]);
  assert.deepEqual(sent, [[0, 1, 0, 'save', 8], [3, 2, 0, undefined, CANCEL]]);
});

test('C20 a session that does not go on with the numbers of the client gets new ones', () => {
  const bench = connected();
  bench.event();
  bench.receive(diff(0, 1, { ack: 1 }));
  bench.event();
  bench.event({ hid: 7, action: 'save', payload: bytes('01') });
  bench.drop();
  bench.pass(1_000);
  bench.welcome({ session: 'new', epoch: 1, rev: 1, mode: 1 });
  assert.deepEqual(bench.told, [['vango-rejected', { events: [{ hid: 5, kind: 0 }] }]]);
  bench.take();
  bench.receive(snapshot(1));
  assert.deepEqual(bench.take().map(({ epoch, cseq, action, payload }) => [epoch, cseq, action, hex(payload)]), [[0, 1, 'save', '01']]);
});

test('C20 under another epoch of its session what was taken is still settled', () => {
  const bench = connected();
  bench.event();
  bench.event({ action: 'save' });
  bench.event({ hid: 6 });
  const [, save] = bench.take();
  bench.drop();
  bench.event({ hid: 7, action: 'send' });
  bench.pass(1_000);
  bench.welcome({ epoch: 2, rev: 1, mode: 1, last: 1 });
  assert.deepEqual(bench.told, [['vango-rejected', { events: [{ hid: 6, kind: 0 }] }]]);
  bench.take();
  bench.receive(snapshot(1, { epoch: 2 }));
  const [again, dead, next] = bench.take();
  assert.deepEqual([again, dead.cseq, dead.flags], [save, 3, CANCEL]);
  assert.deepEqual([next.epoch, next.cseq, next.action], [1, 4, 'send']);
  bench.receive(['RESULT', { cseq: 1, error: 'Interrupted', data: '' }]);
  assert.deepEqual(bench.told[1], ['vango-error', { kind: 'Interrupted', message: '', cseq: 1 }]);
});

test('C21 an event that the server finds too big is buried: its number is consumed, the page is told, the session goes on', () => {
  const bench = connected();
  bench.event({ payload: bytes('0102') });
  bench.take();
  bench.receive(['RESULT', { cseq: 1, error: 'TooBig', data: '' }]);
  assert.deepEqual(bench.take().map(({ type, flags, cseq, payload }) => [type, flags, cseq, payload.length]), [['EVENT', CANCEL, 1, 0]]);
  assert.equal(bench.told[0][1].kind, 'TooBig');
  bench.receive(['RESULT', { cseq: 1, error: '', data: '' }]);
  assert.equal(bench.machine.outbox.settled, 1);
});

test('C21 an event that a server with a lower limit refuses is buried before it is sent a third time', () => {
  const bench = connected({}, { limits: [['frame_bytes', 1_000]] });
  bench.event();
  bench.event({ payload: new Uint8Array(500) });
  const [small] = bench.take();
  bench.drop();
  bench.pass(1_000);
  bench.welcome({ limits: [['frame_bytes', 100]] });
  bench.receive(['ERROR', { kind: 'TooBig', origin: 2, scope: 2, message: '', retry_after_ms: 0, max_ms: 0, parameters: [], supported: [], details: '' }]);
  assert.deepEqual(bench.told.at(-1), ['vango-refused', { hid: small.hid, kind: small.kind, reason: 'TooBig' }]);
  bench.drop();
  bench.pass(2_000);
  bench.take();
  bench.welcome({ limits: [['frame_bytes', 100]] });
  const [same, letter] = bench.take().filter(({ type }) => type === 'EVENT');
  assert.deepEqual(same, small);
  assert.deepEqual([letter.cseq, letter.flags, letter.payload.length], [2, CANCEL, 0]);
});

test('C06 another session takes the place of the old one, also at a lower epoch', () => {
  const bench = connected({ epoch: 3, rev: 7 }, { epoch: 3, rev: 7 });
  bench.drop();
  bench.pass(1_000);
  bench.welcome({ session: 'new', epoch: 1, rev: 1, mode: 1 });
  bench.receive(snapshot(1));
  assert.equal(bench.applied[0].sameEpoch, false);
  assert.equal(bench.machine.state, 'connected');
});

test('C22 another version: one reload, then an error state', () => {
  const bench = connected();
  bench.receive(['ERROR', error('VersionNotSupported')]);
  assert.deepEqual(bench.reloads, ['VersionNotSupported']);
  assert.equal(bench.machine.state, 'closed');
  const again = connected();
  again.reloadable = false;
  again.receive(['ERROR', error('SchemaMismatch')]);
  assert.equal(again.machine.state, 'error');
  const worked = connected({ dev: true });
  worked.reloadable = false;
  worked.receive(['ERROR', error('SchemaMismatch')]);
  assert.equal(worked.machine.state, 'disconnected');
  worked.reloadable = true;
  worked.pass(2_000);
  worked.opened();
  worked.receive(['ERROR', error('SchemaMismatch')]);
  assert.deepEqual([worked.reloads, worked.machine.state], [['SchemaMismatch', 'SchemaMismatch'], 'closed']);
});

test('C25 who is not signed in is not asked again', () => {
  for (const end of [(/** @type {Bench} */ b) => b.receive(['ERROR', error('AuthExpired')]), (/** @type {Bench} */ b) => b.drop(3000)]) {
    const bench = connected();
    end(bench);
    assert.equal(bench.machine.state, 'needs-auth');
    bench.pass(600_000);
    bench.wake();
    assert.equal(bench.connects, 1);
    bench.event();
    assert.equal(bench.told.pop()?.[1].reason, 'needs-auth');
  }
});

test('C27 GOAWAY: nothing new is sent, results are awaited, then BYE, and back within the bounds', () => {
  const bench = connected();
  bench.event();
  bench.receive(['GOAWAY', { reason: 'Draining', min_ms: 2_000, max_ms: 4_000, parameters: [['node', 'b']], deadline_ms: 9_000 }]);
  bench.event();
  assert.deepEqual(bench.types(), ['EVENT']);
  bench.receive(['RESULT', { cseq: 1, error: '', data: '' }]);
  assert.deepEqual(bench.types(), ['BYE']);
  bench.drop(1000);
  bench.pass(2_999);
  assert.equal(bench.connects, 1);
  bench.pass(1);
  assert.deepEqual([bench.connects, bench.link.parameters], [2, [['node', 'b']]]);
  bench.welcome({ last: 1 });
  assert.deepEqual(bench.take().slice(1).map(({ cseq }) => cseq), [2]);
});

test('GOAWAY ends at its deadline', () => {
  const bench = connected();
  bench.receive(['GOAWAY', { reason: '', min_ms: 0, max_ms: 100, parameters: [], deadline_ms: 9_000 }]);
  bench.pass(9_000);
  assert.equal(bench.machine.state, 'disconnected');
  bench.pass(50);
  assert.equal(bench.connects, 2);
});

test('C30 silence is probed, then it is death', () => {
  const bench = connected();
  bench.pass(25_000);
  assert.deepEqual(bench.types(), ['PING']);
  bench.bytes(bytes('00'));
  bench.pass(25_000 + 4_999);
  assert.equal(bench.machine.state, 'connected');
  bench.pass(1);
  assert.equal(bench.machine.state, 'disconnected');
});

test('C30 the ladder: 1, 2, 5, 10, 30 s, by 20 % more or less, anew after a burst', () => {
  const bench = connected();
  for (const [chance, waits] of /** @type {[number, number[]][]} */ ([[0, [800, 1_600, 4_000, 8_000, 24_000, 24_000]], [1, [1_200, 2_400]]])) {
    bench.chance = chance;
    for (const ms of waits) {
      bench.fail();
      const { connects } = bench;
      bench.pass(ms - 1);
      assert.equal(bench.connects, connects);
      bench.pass(1);
      assert.equal(bench.connects, connects + 1);
    }
    bench.welcome({ rev: 1, mode: 1 });
    bench.receive(snapshot(bench.machine.rev + 1));
  }
});

test('the ladder goes on when a connection dies before a committed frame, and begins anew after 10 s of life', () => {
  const bench = connected();
  bench.drop();
  bench.pass(1_000);
  bench.welcome();
  bench.drop();
  bench.pass(1_000);
  assert.equal(bench.connects, 2);
  bench.pass(1_000);
  bench.welcome();
  bench.pass(10_001);
  bench.receive(['PING']);
  bench.drop();
  bench.pass(1_000);
  assert.equal(bench.connects, 4);
});


test('PING is answered by an empty frame', () => {
  const bench = connected();
  bench.receive(['PING']);
  assert.deepEqual(bench.types(), ['']);
});

test('becoming visible or online probes a connection and skips the wait for one', () => {
  const bench = connected();
  bench.wake();
  assert.deepEqual(bench.types(), ['PING']);
  bench.drop();
  bench.wake();
  assert.equal(bench.connects, 2);
  bench.pass(500);
  bench.wake();
  assert.equal(bench.connects, 2);
  bench.pass(600);
  bench.wake();
  assert.equal(bench.connects, 3);
});

test('F-23 a tab whose timers come once a minute stays connected, and answers at once whoever asks for it', () => {
  const bench = connected();
  bench.hidden = true;
  for (let minute = 0; minute < 10; minute++) {
    bench.now += 30_000;
    bench.receive(['PING']);
    assert.deepEqual(bench.types(), ['']);
    bench.now += 29_900;
    bench.machine.tick(bench.now);
    assert.deepEqual([bench.machine.state, bench.connects], ['connected', 1]);
    bench.bytes(Uint8Array.of(0));
    bench.take();
  }
});

test('B43 a hidden tab waits until it is visible', () => {
  const bench = connected();
  bench.hidden = true;
  bench.drop();
  bench.pass(60_000);
  assert.equal(bench.connects, 1);
  bench.hidden = false;
  bench.wake();
  assert.equal(bench.connects, 2);
});

test('B43 a hundred clients come back after a restart one by one', () => {
  /** When each connects again, in ms. @type {number[]} */
  const times = [];
  for (let n = 0; n < 100; n++) {
    const bench = connected();
    bench.chance = n / 100;
    bench.drop();
    const before = bench.now;
    while (bench.connects === 1) bench.pass(1);
    times.push(bench.now - before);
  }
  assert.ok(Math.min(...times) >= 800);
  assert.ok(Math.max(...times) <= 1_200);
  // As the chances are: a hundred in 400 ms, five at most in any 16 of them.
  for (const from of times) assert.ok(times.filter((time) => time >= from && time < from + 16).length <= 5);
});

test('ServerBusy: not before its bounds, not even when woken', () => {
  const bench = connected();
  bench.receive(['ERROR', error('ServerBusy', { retry_after_ms: 5_000, max_ms: 7_000 })]);
  bench.wake();
  bench.pass(4_999);
  assert.equal(bench.connects, 1);
  bench.pass(1);
  assert.equal(bench.connects, 2);
});

test('the page cache: the socket is closed, and the page comes back to its session', () => {
  const bench = connected();
  bench.hidden = true;
  bench.machine.pause(bench.now);
  assert.equal(bench.machine.state, 'disconnected');
  bench.hidden = false;
  bench.wake();
  bench.welcome();
  assert.equal(bench.machine.state, 'connected');
});

test('leaving for good says BYE; closing ends everything', () => {
  const bench = connected();
  bench.machine.leave('leave', 'closed', bench.now);
  assert.deepEqual(bench.take().map(({ type, reason }) => [type, reason]), [['BYE', 'leave']]);
  bench.machine.leave('close', 'closed', bench.now);
  assert.equal(bench.machine.state, 'closed');
  assert.equal(bench.machine.timers.size, 0);
});

test('a burst is acknowledged after 250 ms, by an event, or at once above 16 KiB', () => {
  const bench = connected();
  bench.receive(diff(0, 1));
  bench.pass(249);
  assert.deepEqual(bench.types(), []);
  bench.pass(1);
  assert.deepEqual(bench.take().map(({ type, rev }) => [type, rev]), [['ACK', 1]]);
  bench.receive(diff(1, 2));
  bench.event();
  bench.pass(250);
  assert.deepEqual(bench.types(), ['EVENT']);
  bench.receive(diff(2, 3, { payload: new Uint8Array(16 * 1024 + 1) }));
  assert.deepEqual(bench.types(), ['ACK']);
});

test('nodes that something else has moved are fetched again', () => {
  const bench = connected();
  bench.onApply = () => [7];
  bench.receive(diff(0, 1));
  assert.deepEqual(bench.take().map(({ type, hid }) => [type, hid]), [['REFETCH', 7]]);
  bench.receive(diff(1, 2));
  assert.equal(bench.applied.length, 2);
});

test('offline is told when it begins and when it ends', () => {
  const bench = connected();
  bench.drop();
  bench.pass(1_000);
  bench.welcome();
  assert.deepEqual(bench.states, [['connected', false], ['disconnected', true], ['connecting', true], ['connected', false]]);
});

test('in development a new session after a reconnect loads the page anew', () => {
  const bench = connected({ dev: true });
  bench.drop();
  bench.pass(1_000);
  bench.welcome({ session: 'new', epoch: 1, rev: 1, mode: 1 });
  assert.deepEqual(bench.reloads, ['session']);
});

test('frames before HELLO_OK, and a second HELLO_OK, are refused', () => {
  const bench = new Bench();
  bench.opened();
  bench.receive(diff(0, 1));
  assert.deepEqual([bench.applied, bench.machine.state], [[], 'error']);
  const twice = connected();
  twice.receive(['HELLO_OK', TERMS]);
  assert.deepEqual(twice.types(), ['REFETCH']);
});

/** @param {string} kind @param {any} [values] */
function error(kind, values = {}) {
  const rest = { origin: 0, scope: 2, message: '', retry_after_ms: 0, max_ms: 0, parameters: [], supported: [], details: '' };
  return { kind, ...rest, ...values };
}
