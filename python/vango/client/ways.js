// Which way to the server: a WebSocket where one gets through, else HTTP (PROTOCOL 3.14, 3.16, 3.17).
//
// There is one link at a time; whatever an earlier one still says is not heard.

import { Line } from './line.js';

/**
 * @typedef {import('./line.js').Way} Way
 * @typedef {import('./line.js').Link} Link
 */

/** A socket that has not agreed by then is taken for one that never will. */
const SOCKET_MS = 3_000;
const HTTP_MS = 10_000;
/** So many sockets that died young, and it is not the server that fails but WebSockets on the way to it. */
const STILLBORN = 3;
const UPGRADE_MS = 60_000;
/** A transport closes with it when the server wants somebody to sign in, */
export const UNAUTHORIZED = 3000;
/** and with this when somebody else answers in its place, whom loading the page may satisfy. */
export const FOREIGN = 3001;

export class Ways extends Line {
  /** @type {Way} */
  way = 'websocket';
  /** @type {Link | null} */
  link = null;
  /** A socket that may take over from HTTP. @type {Link | null} */
  #heir = null;
  /** Sockets in a row that died before a committed frame. */
  #stillborn = 0;
  /** This connection has brought one. */
  #proven = false;
  /** Whether the server says that it serves sockets. */
  sockets = true;

  connect() {
    this.#connect(this.sockets && this.#stillborn < STILLBORN ? 'websocket' : 'http');
  }

  /** @param {Way} way */
  #connect(way) {
    this.cut();
    this.enter('opening');
    this.way = way;
    this.in('greeting', way === 'http' ? HTTP_MS : SOCKET_MS);
    this.become('connecting');
    this.link = this.host.open(way, this.bounds.parameters ?? []);
  }

  cut() {
    const links = [this.link, this.#heir];
    this.link = this.#heir = null;
    for (const link of links) link?.close();
    super.cut();
  }

  /** @param {Link} link @param {number} now */
  opened(link, now) {
    this.now = now;
    if (link === this.#heir) {
      this.#heir = null;
      this.link?.close();
      this.link = link;
      this.way = 'websocket';
      this.timers.clear();
      this.in('greeting', SOCKET_MS);
    }
    if (link === this.link) {
      this.enter('greeting');
      this.greet();
    }
  }

  /** Say HELLO. */
  greet() {}

  /** The server has agreed. @param {boolean} sockets whether it serves them */
  agreed(sockets) {
    this.sockets = sockets;
    this.enter('up');
    this.timers.delete('greeting');
    this.bounds = {};
    this.#proven = false;
    if (sockets && this.way === 'http') this.in('upgrade', this.#stillborn < STILLBORN ? this.ladder_ms[0] : UPGRADE_MS);
    this.heard();
  }

  /** A frame took effect: this connection is a good one. */
  committed() {
    super.committed();
    this.#proven = true;
    if (this.way === 'websocket') this.#stillborn = 0;
  }

  /** @param {Link} link @param {number} now @param {number} [code] */
  closed(link, now, code) {
    this.now = now;
    if (link === this.#heir) this.#disinherit();
    if (link !== this.link) return;
    if (code === UNAUTHORIZED || code === FOREIGN) this.refused('Unauthorized', code === FOREIGN);
    else this.lost();
  }

  /** Somebody must sign in; where loading the page may lead there, it is loaded, once. @param {string} kind @param {boolean} [reload] */
  refused(kind, reload) {
    this.halt(reload && this.host.reload(kind) ? 'closed' : 'needs-auth');
  }

  /** The connection has ended, or never was one. */
  lost() {
    const young = this.phase !== 'up';
    if (this.way === 'websocket') {
      if (young || !this.#proven) this.#stillborn++;
      // A browser does not say why an upgrade was refused; over HTTP the server does.
      if (young) return this.#connect('http');
    } else if (young) this.#stillborn = 0;
    this.down();
  }

  #disinherit() {
    const heir = this.#heir;
    this.#heir = null;
    heir?.close();
    this.#stillborn++;
    this.in('upgrade', UPGRADE_MS);
  }

  /** @param {import('./line.js').Timer} timer */
  due(timer) {
    if (timer === 'greeting' && this.way === 'websocket') {
      this.#stillborn = STILLBORN;
      this.connect();
    } else if (timer !== 'upgrade') super.due(timer);
    else if (this.#heir) this.#disinherit();
    else {
      this.#heir = this.host.open('websocket', []);
      this.in('upgrade', SOCKET_MS);
    }
  }
}
