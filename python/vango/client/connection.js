// What goes over the line: the client's side of the protocol (PROTOCOL 3 and 4), without I/O.

import { DecodeError } from './codec.js';
import { Fault, Follower } from './follower.js';
import { MAX_BURST_BYTES, decode, frames } from './messages.js';
import { Outbox } from './outbox.js';
import { remedy } from './remedies.js';

/**
 * @typedef {import('./messages.js').Message} Message
 * @typedef {{session: string, token: string, epoch: number, rev: number, dev?: boolean}} Page epoch 0: nothing is adopted
 */

/** Alive for so long, the ladder begins anew. */
const STEADY_MS = 10_000;
/** Offline for longer, nothing more waits. */
const GRACE_MS = 30_000;
const SNAPSHOT = 1;
const FRAME_BYTES = 65_536;
/** Room for a few events more before they are sent again. */
const SLOW_MS = 250;
/** What an EVENT needs beside its payload, at most. */
const HEADER_BYTES = 64;

export class Connection extends Follower {
  outbox = new Outbox();
  /** Events may go: the burst that HELLO_OK announced is applied. */
  ready = false;
  /** HELLO_OK. @type {Partial<Message>} */
  #terms = {};
  /** Told to go: no more events, and BYE once nothing is owed. @type {'' | 'asked' | 'said'} */
  #leaving = '';

  /** @param {Page} page @param {string} instance @param {import('./line.js').Host} host @param {() => number} random */
  constructor(page, instance, host, random) {
    super(page.epoch, page.rev, host, random);
    this.page = page;
    this.instance = instance;
    this.session = page.session;
  }

  get settled() {
    return this.outbox.settled;
  }

  /** @param {number} ack */
  finished(ack) {
    this.outbox.settle(ack);
  }

  /** The socket is open. @param {number} now */
  opened(now) {
    this.now = now;
    this.enter('greeting');
    const { epoch, rev, settled, instance, page, host } = this;
    const limits = [['burst_bytes', MAX_BURST_BYTES]];
    const mine = { versions: [1], capabilities: ['remove_attr', 'move'], limits, token: page.token, csrf: '', instance };
    this.send('HELLO', { ...mine, epoch, rev, settled, ...host.page() });
  }

  /** @param {Uint8Array} bytes one or more frames @param {number} now */
  received(bytes, now) {
    this.now = now;
    if (this.phase === 'down') return;
    this.heard();
    try {
      for (const body of frames(bytes)) {
        if (/** @type {string} */ (this.phase) === 'down') return;
        if (body.length) this.#handle(decode(body));
        if (this.phase === 'up' && now - this.since > STEADY_MS) this.attempts = 0;
      }
    } catch (error) {
      if (!(error instanceof Fault || error instanceof DecodeError)) throw error;
      this.fault(error instanceof Fault ? error.message : 'InvalidFrame');
    }
  }

  /** Send an event, or let it wait as its policy says. @param {import('./outbox.js').Outgoing} event @param {number} now */
  event(event, now) {
    this.now = now;
    const { hid, kind, policy, payload } = event;
    if (policy === 'drop' && (!this.ready || this.#leaving || this.outbox.full)) return;
    let reason = '';
    if (!/connect/.test(this.state)) reason = this.state;
    else if (!this.ready && now - this.offlineSince > GRACE_MS) reason = 'offline';
    else if (payload.length + HEADER_BYTES > (this.#terms.frame_bytes ?? FRAME_BYTES)) reason = 'TooBig';
    else if (!this.outbox.add(event)) reason = 'QueueFull';
    if (reason) this.host.emit('vango-refused', { hid, kind, reason });
    else this.#flush();
  }

  probe() {
    this.send('PING');
    super.probe();
  }

  /** @param {import('./line.js').Timer} timer */
  due(timer) {
    super.due(timer);
    // What was refused for its rate has not been taken: it goes once more, before anything new.
    if (timer === 'resend') this.#resend(0);
  }

  /** @param {number} last the server has this and all below */
  #resend(last) {
    for (const frame of this.outbox.above(last)) this.host.send(frame);
    this.#flush();
  }

  /** @param {import('./line.js').State} state */
  halt(state) {
    this.ready = false;
    this.#leaving = '';
    super.halt(state);
  }

  /** @param {Message} message */
  #handle(message) {
    const { type } = message;
    if (type === 'ERROR') this.#error(message);
    else if ((type === 'HELLO_OK') !== (this.phase === 'greeting')) throw new Fault('InvalidFrame');
    else if (type === 'HELLO_OK') this.#welcome(message);
    else if (type === 'RESULT') this.#result(message);
    else if (type === 'PING') this.host.send(Uint8Array.of(0));
    else if (type === 'GOAWAY') {
      this.#leaving = 'asked';
      this.bounds = /** @type {any} */ (message);
      this.in('drained', message.deadline_ms);
      this.#flush();
    } else if (this.follow(message)) this.#reached();
  }

  /** @param {Message} message HELLO_OK */
  #welcome(message) {
    const { session, epoch, last, mode, heartbeat_ms, ladder_ms } = message;
    const { host, outbox } = this;
    const moved = session !== this.session;
    if (moved && this.page.dev && this.#terms.session && host.reload('session')) return this.halt('closed');
    this.enter('up');
    this.timers.delete('greeting');
    this.#terms = { ...Object.fromEntries(message.limits), ...message };
    this.session = session;
    if (heartbeat_ms) this.heartbeat_ms = heartbeat_ms;
    if (ladder_ms.length) this.ladder_ms = ladder_ms;
    if (moved || epoch !== this.epoch) {
      this.epoch = this.rev = 0;
      const events = outbox.reject(last + 1);
      if (events.length) host.emit('vango-rejected', { events });
    }
    if (mode === SNAPSHOT) this.awaitSnapshot();
    this.#reached();
  }

  /** Events may go once the document is where HELLO_OK said it would be. */
  #reached() {
    const { epoch, rev, last } = this.#terms;
    if (!this.ready && !this.fetching && this.epoch === epoch && this.rev >= rev) {
      this.ready = true;
      this.become('connected');
      this.#resend(last);
    } else this.#flush();
  }

  /** @param {Message} message RESULT */
  #result({ cseq, error, data }) {
    const { host, outbox } = this;
    if (error === 'OutOfOrder') this.#resend(0);
    else if (outbox.unsettled.delete(cseq)) {
      if (error && error !== 'AlreadyProcessed') host.emit('vango-error', { kind: error, message: data, cseq });
      host.settled();
      this.ackSoon();
      this.#flush();
    }
  }

  /** @param {Message} message ERROR */
  #error({ kind, scope, message, retry_after_ms, max_ms, parameters }) {
    const { host } = this;
    host.emit('vango-error', { kind, message, cseq: 0 });
    const what = remedy(kind, scope);
    if (what === 'auth') {
      this.halt('needs-auth');
      if (this.page.dev) host.reload(kind);
    } else if (what === 'reload') this.halt(host.reload(kind) ? 'closed' : 'error');
    else if (what === 'anew') this.epoch = this.rev = 0;
    else if (what === 'retry') this.down({ min_ms: retry_after_ms, max_ms, parameters });
    else if (what === 'resync') this.fault(kind);
    else if (what !== 'slow') return;
    else if (!scope) this.in('resend', retry_after_ms + SLOW_MS);
    else if (this.fetching) this.awaitSnapshot(retry_after_ms);
  }

  /** Number and send what waits; after GOAWAY take leave once nothing is owed. */
  #flush() {
    const { outbox, host } = this;
    if (this.timers.has('resend')) return;
    if (this.#leaving) {
      if (outbox.unsettled.size || this.#leaving === 'said') return;
      this.#leaving = 'said';
      this.send('BYE', { reason: 'drained' });
    } else if (this.ready) {
      const sent = outbox.take(this.epoch, this.rev);
      for (const frame of sent) host.send(frame);
      if (sent.length) this.acked();
    }
  }
}
