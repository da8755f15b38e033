// Events that are sent later than they happen, on a clock that the test moves.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pace } from '../../python/vango/client/pace.js';

/** A pace, its clock, and what was sent when: `12 a` is an `a` at 12 ms. */
class Clock {
  now = 0;
  /** @type {string[]} */ sent = [];
  /** @type {{at: number, act: () => void}[]} */ timers = [];
  pace = new Pace((ms, act) => {
    const timer = { at: this.now + ms, act };
    this.timers.push(timer);
    return () => void (this.timers = this.timers.filter((other) => other !== timer));
  });

  /** @param {string} what */
  say(what) {
    return () => void this.sent.push(`${this.now} ${what}`);
  }

  /** @param {number} ms */
  advance(ms) {
    const until = this.now + ms;
    for (;;) {
      const [next] = this.timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.now = next.at;
      next.act();
    }
    this.now = until;
  }
}

/** Elements are no more than identities here. @returns {any} */
const element = () => ({});

test('what is debounced is sent once, with its newest event, when nothing came for that long', () => {
  const clock = new Clock();
  const field = element();
  for (const letter of 'abc') {
    clock.pace.debounce(field, 'input', 100, clock.say(letter));
    clock.advance(99);
  }
  assert.deepEqual(clock.sent, []);
  clock.advance(1);
  assert.deepEqual(clock.sent, ['298 c']);
  clock.advance(1000);
  assert.deepEqual(clock.sent, ['298 c']);
  assert.deepEqual(clock.timers, []);
});

test('each element and each kind waits for itself', () => {
  const clock = new Clock();
  const [one, other] = [element(), element()];
  clock.pace.debounce(one, 'input', 100, clock.say('one'));
  clock.advance(50);
  clock.pace.debounce(other, 'input', 100, clock.say('other'));
  clock.pace.debounce(one, 'scroll', 10, clock.say('scroll'));
  clock.advance(1000);
  assert.deepEqual(clock.sent, ['60 scroll', '100 one', '150 other']);
});

test('what waits is sent before what follows it, in the order of what happened last, and not again', () => {
  const clock = new Clock();
  const [one, other] = [element(), element()];
  clock.pace.debounce(one, 'input', 100, clock.say('old'));
  clock.pace.debounce(other, 'input', 100, clock.say('b'));
  clock.pace.debounce(one, 'input', 100, clock.say('a'));
  clock.pace.flush();
  assert.deepEqual(clock.sent, ['0 b', '0 a']);
  clock.pace.flush();
  clock.advance(1000);
  assert.deepEqual(clock.sent, ['0 b', '0 a']);
});

test('what is throttled is sent at once, then the newest once a while, and at once again after a rest', () => {
  const clock = new Clock();
  const box = element();
  for (const n of [0, 1, 2, 3, 4, 5]) {
    clock.pace.throttle(box, 'scroll', 100, clock.say(String(n)));
    clock.advance(30);
  }
  assert.deepEqual(clock.sent, ['0 0', '100 3']);
  clock.advance(20);
  assert.deepEqual(clock.sent, ['0 0', '100 3', '200 5']);
  clock.advance(100);
  assert.deepEqual(clock.timers, []);
  clock.pace.throttle(box, 'scroll', 100, clock.say('later'));
  assert.deepEqual(clock.sent.at(-1), '300 later');
});

test('what a throttle holds back is sent by a flush, and the while goes on', () => {
  const clock = new Clock();
  const box = element();
  for (const n of [0, 1]) clock.pace.throttle(box, 'scroll', 100, clock.say(String(n)));
  clock.advance(10);
  clock.pace.flush();
  clock.pace.throttle(box, 'scroll', 100, clock.say('2'));
  assert.deepEqual(clock.sent, ['0 0', '10 1']);
  clock.advance(90);
  assert.deepEqual(clock.sent, ['0 0', '10 1', '100 2']);
});

test('what is sent may make others wait, which that flush leaves alone', () => {
  const clock = new Clock();
  const field = element();
  clock.pace.debounce(field, 'input', 100, () => {
    clock.say('first')();
    clock.pace.debounce(field, 'input', 100, clock.say('second'));
  });
  clock.pace.flush();
  assert.deepEqual(clock.sent, ['0 first']);
  clock.advance(100);
  assert.deepEqual(clock.sent, ['0 first', '100 second']);
});

test('while what was sent is on its way the next one waits, and what follows it flushes it', () => {
  const clock = new Clock();
  const field = element();
  let busy = '';
  /** @param {string} what */
  const move = (what) => {
    const say = clock.say(what);
    clock.pace.throttle(field, 'pointermove', 20, () => {
      say();
      busy = what;
      return () => busy === what;
    });
  };
  for (const what of 'abc') move(what);
  clock.advance(50);
  assert.deepEqual(clock.sent, ['0 a']);
  busy = '';
  clock.advance(10);
  assert.deepEqual(clock.sent, ['0 a', '60 c']);
  move('d');
  clock.advance(25);
  move('e');
  clock.pace.flush();
  move('f');
  clock.advance(100);
  assert.deepEqual(clock.sent, ['0 a', '60 c', '85 e']);
  busy = '';
  clock.advance(100);
  assert.deepEqual(clock.sent, ['0 a', '60 c', '85 e', '200 f']);
  busy = '';
  clock.advance(100);
  assert.deepEqual(clock.timers, []);
});
