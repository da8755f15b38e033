// The same stream over HTTP, where no WebSocket gets through (PROTOCOL 3.16).
//
// Request bodies are the client's stream and the answers the server's, both in the order of their numbers.
// At most two requests are open: the newest is held by the server until it has something to say, so a request
// with something to say makes the server answer the one before it.

import { FOREIGN, UNAUTHORIZED } from './ways.js';

/**
 * @typedef {import('./line.js').Link} Link
 * @typedef {import('./socket.js').Events} Events
 * @typedef {{bytes: Uint8Array, end: string | null}} Answer `end` is the code with which the link ends behind it, null if it goes on
 */

const TYPE = 'application/vnd.vango';
const MAX_OPEN = 2;
const MAX_BODY_BYTES = 65_536;
/** A request that failed is made again so many times, after so long. */
const AGAIN_MS = [0, 500, 2_000];
/** So long an answer that ends the link waits for those before it. */
const REFUSED_MS = 1_000;

/** Bring a link to life, unless it was closed meanwhile. @param {Link & {closed?: boolean}} link @param {URL} address @param {Events} on */
export function http(link, address, on) {
  /** What is to be sent. @type {Uint8Array[]} */
  let outgoing = [];
  /** Answers that came before their turn. @type {Map<number, Answer>} */
  const early = new Map();
  const gone = new AbortController();
  let asked = 0;
  let answered = 0;

  /** The next frames, as many as a body may hold; the first one in any case. */
  const body = () => {
    let size = 0;
    const n = outgoing.findIndex(({ length }, at) => (size += length) > MAX_BODY_BYTES && at > 0);
    return new Blob(/** @type {any} */ (outgoing.splice(0, n < 0 ? Infinity : n)));
  };

  /** @param {number} n 0: HELLO @param {Blob} body @param {boolean} [last] the page may be gone before the answer is there */
  const post = (n, body, last = false) => {
    /** @type {Record<string, string>} */
    const headers = { 'Content-Type': TYPE };
    if (n) headers['Vango-Request'] = `${link.attachment} ${n}`;
    const rest = last ? { keepalive: true } : { signal: gone.signal };
    return fetch(address, { method: 'POST', headers, body, redirect: 'manual', cache: 'no-store', ...rest });
  };

  /** @param {number} [code] */
  const fail = (code) => {
    if (gone.signal.aborted) return;
    gone.abort();
    on.closed(code);
  };

  /** Ask until there is an answer, or it is the server that is not there. @param {number} n @param {Blob} body */
  const ask = async (n, body) => {
    for (const wait_ms of n ? AGAIN_MS : [0]) {
      if (wait_ms) await new Promise((resolve) => setTimeout(resolve, wait_ms));
      const answer = await post(n, body).catch(() => null);
      const bytes = await answer?.arrayBuffer().catch(() => null);
      if (gone.signal.aborted) return;
      if (!answer || !bytes) continue;
      const { headers, ok } = answer;
      if (headers.get('Content-Type') !== TYPE) fail(meaning(answer));
      else take(n, { bytes: new Uint8Array(bytes), end: headers.get('Vango-Close') ?? (ok ? null : '') });
      return;
    }
    fail();
  };

  /** @param {number} n @param {Answer} answer */
  const take = (n, answer) => {
    early.set(n, answer);
    proceed();
    // Refused for what it proves: the request before it may be held for long, and its answer would change nothing.
    if (n > answered && Number(answer.end) === UNAUTHORIZED) {
      setTimeout(() => {
        answered = Math.max(answered, n);
        proceed();
      }, REFUSED_MS);
    }
  };

  /** Tell what has come, as far as its turn is. */
  const proceed = () => {
    for (let next; !gone.signal.aborted && (next = early.get(answered)); ) {
      early.delete(answered++);
      // An answer without frames is a sign of life too.
      on.received(next.bytes);
      if (next.end !== null) fail(Number(next.end) || undefined);
    }
    pump();
  };

  /** Keep one request waiting at the server, and a second one if there is something to say. */
  const pump = () => {
    const open = asked - answered;
    if (gone.signal.aborted || (asked && !link.attachment)) return;
    if (open < (outgoing.length ? MAX_OPEN : 1)) ask(asked++, body());
  };

  if (link.closed) return;
  link.send = (frame) => {
    // What one task says goes in one body.
    if (outgoing.push(frame) === 1) queueMicrotask(pump);
  };
  link.close = () => {
    if (!gone.signal.aborted && outgoing.length && link.attachment) post(asked, body(), true).catch(() => {});
    outgoing = [];
    gone.abort();
  };
  on.opened();
}

/** Why somebody else has answered: a close code, or nothing if it says nothing. @param {Response} answer */
function meaning({ type, status, ok }) {
  if (type === 'opaqueredirect' || ok || /^3/.test(`${status}`)) return FOREIGN;
  return status === 401 || status === 403 ? UNAUTHORIZED : undefined;
}
