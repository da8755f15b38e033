// Events on their way to the server: numbered, sent, sent again, settled (PROTOCOL 3.7 to 3.9, 3.15).

import { Follower } from './follower.js';
import { BYE, PING } from './messages.js';

/**
 * @typedef {import('./messages.js').Message} Message
 * @typedef {{session: string, token: string, csrf: string, epoch: number, rev: number, dev?: boolean, sockets?: boolean}} Page epoch 0: nothing is adopted
 */

/** Offline for longer, only what is made for it still waits. */
const GRACE_MS = 30_000;
/** The largest message that a server takes which names no limit. */
export const FRAME_BYTES = 65_536;
/** What an EVENT needs beside its payload and its action, at most. */
const HEADER_BYTES = 64;

export class Sender extends Follower {
  /** HELLO_OK. @type {Partial<Message>} */
  terms = {};
  /** Events may go: the burst that HELLO_OK announced is applied. */
  ready = false;
  /** The server is going: events wait for the next one, and BYE is said once nothing is owed. @type {'' | 'asked' | 'said'} */
  leaving = '';

  /** @param {import('./line.js').Host} host @param {Page} page */
  constructor(host, page) {
    super(host, page.epoch, page.rev);
    this.page = { ...page };
    this.session = page.session;
    this.sockets = page.sockets ?? true;
  }

  /** Events may go once the document is where HELLO_OK said it would be. */
  reached() {
    const { epoch, rev, last } = this.terms;
    if (!this.ready && !this.fetching && this.epoch === epoch && this.rev >= rev) {
      this.ready = true;
      this.become('connected');
      this.resend(last);
    }
    this.flush();
  }

  /** @param {Message} message RESULT */
  result({ cseq, error, data }) {
    const { host, outbox } = this;
    const buried = error === 'TooBig' && outbox.bury(cseq);
    if (buried) this.link?.send(buried);
    if (error === 'OutOfOrder') this.resend(0);
    else if (buried || outbox.unsettled.delete(cseq) || outbox.acked.delete(cseq)) {
      if (error && error !== 'AlreadyProcessed') host.emit('vango-error', { kind: error, message: data, cseq });
      // What shows the effect may have been ignored; the snapshot brings it.
      if (!this.fetching) host.settled();
      this.ackSoon();
      this.flush();
    }
  }

  /** Send an event, or let it wait as its policy says. @param {import('./outbox.js').Outgoing} event @param {number} now */
  event(event, now) {
    this.now = now;
    event.epoch ??= this.epoch;
    const { hid, kind, policy, payload, offline, action = '' } = event;
    const { state, outbox, host } = this;
    if (policy === 'drop' && (!this.ready || this.leaving || outbox.full)) return;
    let reason = '';
    if (!this.ready && !/connect/.test(state)) reason = state;
    else if (!offline && this.phase !== 'up' && state !== 'connected' && now - this.offlineSince > GRACE_MS) reason = 'offline';
    else if (payload.length + 3 * action.length + HEADER_BYTES > (this.terms.frame_bytes ?? FRAME_BYTES)) reason = 'TooBig';
    else if (!outbox.add(event)) reason = 'QueueFull';
    if (reason) {
      event.numbered?.(0);
      host.emit('vango-refused', { hid, kind, reason });
    }
    else this.flush();
  }

  /** Number and send what waits. */
  flush() {
    if (this.leaving) this.#farewell();
    else if (this.ready && !this.timers.has('resend')) {
      for (const { epoch, frame } of this.outbox.take(this.rev)) {
        this.link?.send(/** @type {any} */ (frame));
        // Of another epoch it says nothing about what is shown here.
        if (epoch === this.epoch) this.acked();
      }
    }
  }

  /** Unsettled events once more. @param {number} last those above */
  resend(last) {
    if (!this.timers.has('resend')) for (const frame of this.outbox.above(last)) this.link?.send(frame);
  }

  /** The server wants to hear so once it owes nothing. */
  #farewell() {
    if (this.outbox.unsettled.size || this.leaving === 'said') return;
    this.leaving = 'said';
    this.send(BYE, 'drained');
  }

  probe() {
    this.send(PING);
    super.probe();
  }

  /** @param {import('./line.js').Timer} timer */
  due(timer) {
    if (timer === 'resend') {
      this.resend(0);
      this.flush();
    } else super.due(timer);
  }

  /** @param {import('./line.js').Phase} phase */
  enter(phase) {
    super.enter(phase);
    if (phase === 'up') return;
    this.ready = false;
    this.leaving = '';
  }
}
