// What is rare on a connection: snapshots, bursts in parts or deflated, another session, goodbyes, channels
// (PROTOCOL 3.3 to 3.5, 3.9, 3.14, 3.15, section 4). And a short way for what is most frequent: no page needs either
// for its first click.

import { DecodeError } from './codec.js';
import { remedy } from './errors.js';
import { Fault } from './follower.js';
import { join } from './inflate.js';
import { CANCEL, COMMON, DEFLATE, MAX_BURST_BYTES, MORE } from './messages.js';
import { onlyDiff } from './one.js';
import { Outbox } from './outbox.js';
import { AUTH, RARE } from './rare.js';

/**
 * @typedef {import('./messages.js').Message} Message
 * @typedef {import('./outbox.js').Outgoing} Outgoing
 */

export class Rescue {
  kinds = { ...COMMON, ...RARE };
  /** What follows belongs to a burst that was dropped. */
  #dropping = false;

  /** @param {import('./machine.js').Machine} machine */
  constructor(machine) {
    this.machine = machine;
  }

  /** Follow the DIFF of which a short message consists, where nothing is in front of it; false if it is to go the usual way. @param {Uint8Array} bytes */
  follows(bytes) {
    const { machine } = this;
    const diff = machine.awaited || machine.open || machine.phase !== 'up' ? undefined : onlyDiff(bytes);
    if (diff) machine.follow(diff);
    return !!diff;
  }

  /** @param {Message} rare */
  handle(rare) {
    const { machine } = this;
    if (rare.type === 'ERROR') remedy(machine, rare);
    else if (machine.phase !== 'up') throw new Fault('InvalidFrame');
    else if (rare.type === 'GOAWAY') {
      machine.leaving = 'asked';
      machine.bounds = /** @type {any} */ (rare);
      machine.in('drained', rare.deadline_ms);
      machine.flush();
    } else if (rare.type !== 'CHANNEL') this.#collect(rare);
    else if (machine.channels) machine.channels.receive(rare);
    else throw new Fault('InvalidFrame');
  }

  /** Go on with another token: say so, or come back if that was what was missing. @param {string} token "": the one that there is @param {number} now */
  refresh(token, now) {
    const { machine } = this;
    machine.now = now;
    if (token) machine.page.token = token;
    if (machine.phase === 'up') machine.send(AUTH, machine.page.token);
    else machine.connect();
  }

  /** Before a HELLO_OK counts: true if nothing is left to do for it. @param {Message} message */
  hello(message) {
    const { session, epoch, mode } = message;
    const { machine } = this;
    const { host, page, terms } = machine;
    const moved = session !== machine.session;
    if (moved && page.dev && terms.session && host.reload('session')) {
      machine.halt('closed');
      return true;
    }
    if (moved || epoch !== machine.epoch) {
      this.#offer(message);
      machine.epoch = machine.rev = 0;
    }
    if (mode) machine.awaitSnapshot();
    return false;
  }

  /**
   * Other hids count now: what has an action goes to who has that action, the rest was meant for what is gone.
   * Where numbers go on, what was sent goes again as it was, since who has done it knows it by its number.
   * @param {Message} message HELLO_OK
   */
  #offer({ session, epoch, last }) {
    const { machine } = this;
    const { outbox, host } = machine;
    const { unsettled } = outbox;
    const moved = session !== machine.session;
    const goesOn = last >= outbox.settled && epoch !== machine.epoch;
    /** @type {Outgoing[]} */
    const again = [];
    /** @type {Outgoing[]} */
    const gone = [];
    for (const [cseq, event] of [...unsettled]) {
      // Its own session still says what became of it.
      if (cseq <= last && !moved) continue;
      if (!event.action && !event.buried) gone.push(event);
      if (goesOn && cseq > last) {
        if (!event.action) outbox.bury(cseq);
        // That session's epochs will come to this one, and it would take the hid for one of its own.
        else if (moved && Number(event.epoch) >= epoch) unsettled.set(cseq, unbound(event, cseq));
      } else {
        unsettled.delete(cseq);
        if (event.action && cseq > last) again.push(event);
      }
    }
    if (goesOn) outbox.fill(last);
    if (!goesOn || outbox.next <= last) outbox.next = last + 1;
    for (const event of [...again, ...outbox.waiting.splice(0)]) {
      // No epoch is 0: nobody takes the hid for one of his own.
      if (event.action) outbox.waiting.push(moved ? { ...event, epoch: 0 } : event);
      else gone.push(event);
    }
    for (const event of gone) event.numbered?.(0);
    if (gone.length) host.emit('vango-rejected', { events: gone.map(({ hid, kind }) => ({ hid, kind })) });
  }

  /** Take a burst, once all of it is there. @param {Message} part */
  #collect(part) {
    const { machine } = this;
    const { type, flags, payload } = part;
    const { open } = machine;
    const begins = type !== 'CONT';
    machine.open = null;
    if (begins === !open) this.#dropping = false;
    else if (!begins && this.#dropping) return;
    else {
      this.#dropping = true;
      throw new Fault('BurstInterleaved');
    }
    const { first, parts, size } = open ?? { first: part, parts: [], size: 0 };
    const whole = { first, parts: [...parts, payload], size: size + payload.length };
    if (whole.size > MAX_BURST_BYTES) {
      this.#dropping = true;
      throw new Fault('TooBig');
    }
    if (flags & MORE) {
      machine.open = whole;
      // It comes, however slowly.
      if (machine.fetching && first.type === 'SNAPSHOT') machine.awaitSnapshot();
    }
    else if (!(flags & CANCEL)) this.#finish(first, join(whole.parts, whole.size));
  }

  /** @param {Message} burst its first part @param {Uint8Array} payload of all parts */
  #finish(burst, payload) {
    const { machine } = this;
    if (!(burst.flags & DEFLATE)) return this.#take({ ...burst, payload });
    const done = (/** @type {Uint8Array | null} */ bytes) => {
      if (!bytes) throw new Fault('InvalidFrame');
      this.#take({ ...burst, payload: bytes });
    };
    const ticket = { done };
    machine.awaited = ticket;
    machine.host.inflate(payload, ticket);
  }

  /** @param {Message} burst */
  #take(burst) {
    if (burst.type === 'DIFF') this.machine.follow(burst);
    else this.#adopt(burst);
  }

  /** @param {Message} message SNAPSHOT */
  #adopt(message) {
    const { machine } = this;
    const { epoch, rev, fetching } = machine;
    // The one that was asked for may have the rev that is here already.
    const old = message.epoch === epoch ? message.rev < rev || (message.rev === rev && !fetching) : message.epoch < epoch;
    if (old) return;
    machine.fetching = false;
    machine.timers.delete('refetch');
    try {
      machine.apply(message, true);
    } catch (error) {
      if (error instanceof DecodeError) throw error;
      machine.fail('Internal', String(error));
    }
  }
}

/** An event under its number, that names no epoch and so no hid. @param {Outgoing} event @param {number} next */
const unbound = (event, next) => Object.assign(new Outbox(), { next, waiting: [{ ...event, epoch: 0 }] }).take(0)[0];
