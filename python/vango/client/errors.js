// What an ERROR asks of the client (PROTOCOL 3.7, section 5).

import { FRAME_BYTES } from './sender.js';

/** Refused events are sent again so long after the server would take one more. */
const SLOW_MS = 250;

/** By the kind of the error. @type {[RegExp, string][]} */
const REMEDIES = [
  [/^(Unauthorized|AuthExpired|CsrfInvalid)$/, 'sign in'],
  [/^(VersionNotSupported|SchemaMismatch)$/, 'reload'],
  [/^(Rebalance|Rehome|ServerBusy|Draining|Internal)$/, 'come back'],
  [/^(InvalidFrame|UnknownKind|BurstInterleaved)$/, 'resync'],
  [/^RateLimited$/, 'slow down'],
  [/^TooBig$/, 'bury'],
  // The session's place is taken by another one when the connection, which ends now, is made again.
  [/^(SessionExpired|SessionNotFound)$/, 'go on'],
];
/** Kinds that are not known are treated by their scope: event, session, connection. */
const BY_SCOPE = ['go on', 'go on', 'come back'];

/** Do what it asks. @param {import('./machine.js').Machine} machine @param {import('./messages.js').Message} message ERROR */
export function remedy(machine, { type, flags, ...error }) {
  const { host } = machine;
  const { kind, scope, retry_after_ms, max_ms, parameters } = error;
  host.emit('vango-error', { ...error, cseq: 0 });
  // Somebody who heard of it has left.
  if (machine.phase === 'down') return;
  const what = REMEDIES.find(([kinds]) => kinds.test(kind))?.[1] ?? BY_SCOPE[scope];
  if (what === 'sign in') signIn(machine, kind, Object.fromEntries(parameters));
  else if (what === 'reload') {
    if (host.reload(kind)) machine.halt('closed');
    // The next save may mend it.
    else if (machine.page.dev) machine.down();
    else machine.halt('error');
  }
  else if (what === 'come back' || (what === 'slow down' && machine.phase !== 'up')) {
    machine.down(retry_after_ms || max_ms ? { min_ms: retry_after_ms, max_ms, parameters } : machine.bounds);
  } else if (what === 'resync') machine.fault(kind);
  else if (what === 'bury') bury(machine);
  else if (what === 'slow down' && !scope) machine.in('resend', retry_after_ms + SLOW_MS);
  else if (what === 'slow down' && machine.fetching) machine.awaitSnapshot(retry_after_ms);
}

/**
 * Somebody must sign in: as the application says, the page is loaded again, once, or another one is gone to.
 * @param {import('./machine.js').Machine} machine @param {string} kind @param {{action?: string, to?: string}} how
 */
function signIn(machine, kind, { action, to }) {
  if (action === 'navigate' && to && machine.host.reload(kind, to)) machine.halt('closed');
  else machine.refused(kind, action === 'reload' || machine.page.dev);
}

/**
 * The server has not taken an event, for its size: dead letters go in the place of what is above its limit.
 * @param {import('./machine.js').Machine} machine
 */
function bury({ outbox, terms, host }) {
  const limit = terms.frame_bytes ?? FRAME_BYTES;
  for (const [cseq, { hid, kind, frame }] of outbox.unsettled) {
    if (/** @type {Uint8Array} */ (frame).length <= limit) continue;
    outbox.bury(cseq);
    host.emit('vango-refused', { hid, kind, reason: 'TooBig' });
  }
}
