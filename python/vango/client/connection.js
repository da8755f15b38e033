// What goes over the line: the client's side of the protocol (PROTOCOL 3 and 4), without I/O.

import { Fault } from './bursts.js';
import { DecodeError } from './codec.js';
import { Follower } from './follower.js';
import { MAX_BURST_BYTES, decode, frames } from './messages.js';
import { Outbox } from './outbox.js';

/**
 * @typedef {import('./messages.js').Message} Message
 * @typedef {{session: string, token: string, epoch: number, rev: number, dev?: boolean}} Page epoch 0: nothing is adopted
 */

const STEADY_MS = 10_000; // alive for so long, the ladder begins anew
const GRACE_MS = 30_000; // offline for longer, nothing more waits
const SNAPSHOT = 1;
const ALIVE = Uint8Array.of(0);

/** What each kind of ERROR asks for; others by their scope. */
const REMEDIES = {
  auth: 'Unauthorized AuthExpired CsrfInvalid',
  reload: 'VersionNotSupported SchemaMismatch',
  anew: 'SessionExpired SessionNotFound',
  retry: 'Rebalance Rehome ServerBusy Draining Internal',
  resync: 'InvalidFrame UnknownKind BurstInterleaved',
  slow: 'RateLimited',
  stay: 'TooBig',
};
const BY_SCOPE = ['stay', 'anew', 'retry'];

export class Connection extends Follower {
  outbox = new Outbox();
  /** Events may go: the burst that HELLO_OK announced is applied. */ ready = false;
  /** HELLO_OK. @type {Partial<Message>} */ #terms = {};
  #frameBytes = 65_536;
  /** @type {Message | null} */ #goaway = null;

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
    const { epoch, rev } = this.bursts;
    this.send('HELLO', {
      versions: [1], capabilities: ['remove_attr', 'move'], limits: [['burst_bytes', MAX_BURST_BYTES]],
      token: this.page.token, csrf: '', instance: this.instance, epoch, rev, settled: this.settled,
      ...this.host.page(),
    });
  }

  /** The socket is closed. @param {number} now @param {number} [code] */
  closed(now, code) {
    this.now = now;
    if (this.phase === 'down') return;
    const goaway = this.#goaway;
    if (code === 3000) this.halt('needs-auth');
    else this.down(goaway?.min_ms, goaway?.max_ms, goaway?.parameters);
  }

  /** @param {Uint8Array} bytes one or more frames @param {number} now */
  received(bytes, now) {
    this.now = now;
    this.heard();
    try {
      for (const body of frames(bytes)) {
        if (this.phase === 'down') return;
        if (body.length) this.#handle(decode(body));
      }
    } catch (error) {
      if (error instanceof Fault) this.fault(error.message);
      else if (error instanceof DecodeError) this.fault('InvalidFrame');
      else throw error;
    }
  }

  /** Do what is due. @param {number} now */
  tick(now) {
    this.now = now;
    for (const [timer, at] of this.timers) {
      if (at > now) continue;
      this.timers.delete(timer);
      if (timer === 'retry') this.retry();
      else if (timer === 'ping') this.probe();
      else if (timer === 'ack') this.ack();
      else if (timer === 'refetch') this.askAgain();
      else this.closed(now);
    }
  }

  /** The page goes away, for good or into a cache; or somebody has had enough. @param {number} now @param {'leave' | 'freeze' | 'close'} how */
  leave(now, how) {
    this.now = now;
    if (this.phase === 'up' && how !== 'freeze') this.send('BYE', { reason: how });
    if (how !== 'leave') this.halt(how === 'close' ? 'closed' : 'disconnected');
  }

  /** Send an event, or let it wait as its policy says. @param {import('./outbox.js').Outgoing} event @param {number} now */
  event(event, now) {
    this.now = now;
    const { hid, kind, policy, payload } = event;
    if (policy === 'drop' && (!this.ready || this.#goaway || this.outbox.full)) return;
    let reason = '';
    if (!/connect/.test(this.state)) reason = this.state;
    else if (!this.ready && now - this.offlineSince > GRACE_MS) reason = 'offline';
    else if (payload.length + 64 > this.#frameBytes) reason = 'TooBig';
    else if (!this.outbox.add(event)) reason = 'QueueFull';
    if (reason) this.host.emit('vango-refused', { hid, kind, reason });
    else this.#flush();
  }

  probe() {
    this.send('PING');
    super.probe();
  }

  /** @param {import('./line.js').State} state */
  halt(state) {
    this.ready = false;
    this.#goaway = null;
    super.halt(state);
  }

  /** @param {Message} message */
  #handle(message) {
    const { type } = message;
    if (type === 'ERROR') this.#error(message);
    else if ((type === 'HELLO_OK') !== (this.phase === 'greeting')) throw new Fault('InvalidFrame');
    else if (type === 'HELLO_OK') this.#welcome(message);
    else if (type === 'RESULT') this.#result(message);
    else if (type === 'PING') this.host.send(ALIVE);
    else if (type === 'GOAWAY') {
      this.#goaway = message;
      this.in('drained', message.deadline_ms);
      this.#flush();
    } else if (this.follow(message)) {
      this.#reached();
      this.#flush();
    }
    if (this.phase === 'up' && this.now - this.since > STEADY_MS) this.attempts = 0;
  }

  /** @param {Message} message HELLO_OK */
  #welcome(message) {
    const { session, epoch, last, mode, limits, heartbeat_ms, ladder_ms } = message;
    const { bursts, host, outbox } = this;
    const moved = session !== this.session;
    if (moved && this.page.dev && this.#terms.session && host.reload('session')) return this.halt('closed');
    this.enter('up');
    this.timers.delete('greeting');
    this.#terms = message;
    this.#frameBytes = new Map(limits).get('frame_bytes') ?? this.#frameBytes;
    if (heartbeat_ms) this.heartbeat_ms = heartbeat_ms;
    if (ladder_ms.length) this.ladder_ms = ladder_ms;
    if (moved || epoch !== bursts.epoch) {
      this.session = session;
      bursts.epoch = bursts.rev = 0;
      const events = outbox.reject(last + 1);
      if (events.length) host.emit('vango-rejected', { events });
    }
    if (mode === SNAPSHOT) this.awaitSnapshot();
    this.#reached();
  }

  /** Events may go once the document is where HELLO_OK said it would be. */
  #reached() {
    const { epoch, rev, fetching } = this.bursts;
    const terms = this.#terms;
    if (this.ready || fetching || epoch !== terms.epoch || rev < terms.rev) return;
    this.ready = true;
    this.become('connected');
    for (const frame of this.outbox.above(terms.last)) this.host.send(frame);
    this.#flush();
  }

  /** @param {Message} message RESULT */
  #result({ cseq, error, data }) {
    const { host, outbox } = this;
    if (error === 'OutOfOrder') {
      for (const frame of outbox.above(0)) host.send(frame);
    } else if (outbox.unsettled.delete(cseq)) {
      if (error && error !== 'AlreadyProcessed') host.emit('vango-error', { kind: error, message: data, cseq });
      host.settled();
      this.ackSoon();
      this.#flush();
    }
  }

  /** @param {Message} message ERROR */
  #error({ kind, scope, message, retry_after_ms, max_ms, parameters }) {
    const { host, bursts } = this;
    host.emit('vango-error', { kind, message, cseq: 0 });
    const known = Object.entries(REMEDIES).find(([, kinds]) => kinds.split(' ').includes(kind));
    const remedy = known ? known[0] : BY_SCOPE[scope];
    if (remedy === 'auth') {
      this.halt('needs-auth');
      if (this.page.dev) host.reload(kind);
    } else if (remedy === 'reload') this.halt(host.reload(kind) ? 'closed' : 'error');
    else if (remedy === 'anew') bursts.epoch = bursts.rev = 0;
    else if (remedy === 'retry') this.down(retry_after_ms, max_ms, parameters);
    else if (remedy === 'resync') this.fault(kind);
    else if (remedy === 'slow' && bursts.fetching) this.awaitSnapshot(retry_after_ms);
  }

  /** Number and send what waits; once nothing is owed after GOAWAY, take leave. */
  #flush() {
    if (this.#goaway) {
      if (!this.outbox.unsettled.size && !this.#goaway.answered) this.send('BYE', { reason: 'drained' });
      this.#goaway.answered ||= !this.outbox.unsettled.size;
    } else if (this.ready) {
      const sent = this.outbox.take(this.bursts.epoch, this.bursts.rev);
      for (const frame of sent) this.host.send(frame);
      if (sent.length) this.acked();
    }
  }
}
