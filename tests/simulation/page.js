// A loaded page of the simulation: the shipped client without its sockets, on a clock of its own.

import { inflateRawSync } from 'node:zlib';
import { Later, Machine, Reader, Rescue, View, http } from './client.js';
import { Hids, differences } from './compare.js';
import { parse } from './dom.js';
import { Outside } from './outside.js';

const ADDRESS = new URL('https://example.org/vango/live');
/** Handlers that always are there, and change what the page shows. */
const SHOWN = /^(plain|named|kept|dropped|slow|slow-named|add|turn|fail)$/;

/** @param {string} text */
const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64'));
/** @param {Uint8Array} data */
const told = (data) => Buffer.from(data).toString('base64');

/** Numbers in [0, 1) from a seed. @param {number} seed */
const dice = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};

export class Page {
  /** What has come of what happened. @type {any[]} */
  news = [];
  now = 0;
  hidden = false;
  outside = new Outside(this);
  #links = [];
  /** What became of each event, by its serial. */
  #fates = [];
  /** The first of them that may still change. */
  #oldest = 0;
  #inflating = [];
  #hids = new Hids();
  /** The event that is being made. */
  #present = null;

  constructor({ html, meta, instance, seed, path, inflates }) {
    this.path = path;
    this.inflates = inflates;
    this.document = parse(html);
    this.view = new View(this.document, meta.count);
    const { adopted } = this.view;
    const served = { session: meta.session, token: meta.token, csrf: meta.csrf, epoch: adopted ? meta.epoch : 0, rev: adopted ? meta.rev : 0 };
    this.machine = new Machine(served, instance, this.#host(dice(seed)));
    this.view.events.send = (event) => this.#send(event);
    if (!adopted) this.news.push(['met', 'a page that is not as it was served']);
  }

  get deadline() {
    return Math.min(this.machine.deadline, this.outside.deadline);
  }

  /** @param {() => number} random */
  #host(random) {
    return {
      random,
      open: (way) => this.#open(way),
      inflates: this.inflates,
      inflate: (payload, ticket) => {
        this.#inflating.push([payload, ticket]);
        this.news.push(['inflating']);
      },
      page: () => [this.path, 800, 600, 'UTC'],
      apply: this.view.apply,
      settled: () => this.view.forms?.release(),
      state: (state, offline) => this.news.push(['state', state, offline]),
      emit: (name, detail) => this.#hear(name, detail),
      reload: (reason) => {
        this.news.push(['reload', reason]);
        return false;
      },
      hidden: () => this.hidden,
    };
  }

  /** @param {string} way */
  #open(way) {
    const n = this.#links.length;
    const link = { send() {}, close: () => (link.closed = true) };
    this.#links.push(link);
    this.news.push(['open', n, way]);
    if (way === 'websocket') {
      link.send = (data) => this.news.push(['send', n, told(data)]);
      link.close = () => this.news.push(['close', n]);
      return link;
    }
    const { machine } = this;
    const on = {
      opened: () => machine.opened(link, this.now),
      received: (data) => {
        this.news.push(['hears', n, told(data)]);
        machine.received(link, data, this.now);
      },
      closed: (code) => machine.closed(link, this.now, code),
    };
    // Its code has to be loaded.
    Promise.resolve().then(() => http(link, ADDRESS, on));
    return link;
  }

  #send(event) {
    const { machine } = this;
    const node = this.view.live.nodes.get(event.hid).node;
    const { numbered, payload } = event;
    // Which may be what it said some time ago.
    const value = node.localName === 'input' ? new Reader(payload).list((r) => r.str())[0] : '';
    const fate = { label: node.getAttribute('data-name'), value, action: event.action ?? '', cseq: 0, end: '', epoch: '', adrift: !machine.epoch };
    event.serial = this.#fates.push(fate) - 1;
    event.numbered = (cseq) => {
      if (cseq) Object.assign(fate, { cseq, epoch: this.#epoch });
      else fate.end = 'rejected';
      numbered?.(cseq);
    };
    this.#present = fate;
    machine.event(event, this.now);
    this.#present = null;
  }

  get #epoch() {
    return `${this.machine.session} ${this.machine.epoch}`;
  }

  #hear(name, detail) {
    if (name === 'vango-refused') this.#present.end = `refused ${detail.reason}`;
    else if (name === 'vango-rejected') this.news.push(['rejected', detail.events.length]);
    else if (detail.cseq) {
      const fate = this.#fates.find(({ cseq }) => cseq === detail.cseq);
      this.news.push(['failed', detail.cseq, detail.kind]);
      if (fate.end) this.news.push(['contradicted', detail.cseq, fate.end, detail.kind]);
      fate.end = detail.kind;
    } else this.news.push(['told', detail.kind, detail.message]);
  }

  /** See what has become true. */
  look() {
    const reused = this.#hids.reused(this);
    if (reused.length) this.news.push(['reused', reused]);
    const { unsettled, next } = this.machine.outbox;
    const shown = Number(this.document.querySelector('main')?.getAttribute('data-shown'));
    const isOver = ({ cseq, end }) => end || (cseq && cseq < next && !unsettled.has(cseq));
    for (const fate of this.#fates.slice(this.#oldest)) {
      if (fate.looked || !isOver(fate)) continue;
      fate.looked = true;
      const isHere = !fate.end && fate.epoch === this.#epoch && !this.machine.fetching;
      if (isHere && SHOWN.test(fate.label) && shown < fate.cseq) this.news.push(['unshown', fate.cseq, fate.label, shown]);
    }
    while (this.#fates[this.#oldest]?.looked) this.#oldest++;
  }

  /** Say what became of the events. */
  ends() {
    const { waiting, unsettled } = this.machine.outbox;
    const alive = new Set([...waiting, ...unsettled.values()].map(({ serial }) => serial));
    const end = (fate, serial) => fate.end || (alive.has(serial) ? 'open' : fate.cseq ? 'done' : 'superseded');
    this.news.push(['ends', this.#fates.map(({ label, value, action, adrift, cseq }, serial) => ({ label, value, action, adrift, cseq, end: end(this.#fates[serial], serial) }))]);
  }

  // What happens to it

  start() {
    this.machine.start(this.now);
  }

  complete() {
    const forms = this.view.complete(Later);
    forms.pending = (cseq) => this.machine.outbox.unsettled.has(cseq);
    this.machine.complete(new Rescue(this.machine), this.now);
  }

  opened({ link }) {
    this.machine.opened(this.#links[link], this.now);
  }

  received({ link, data }) {
    this.machine.received(this.#links[link], bytes(data), this.now);
  }

  closed({ link, code }) {
    this.machine.closed(this.#links[link], this.now, code ?? undefined);
  }

  answered(answer) {
    this.outside.answered(answer);
  }

  failed(what) {
    this.outside.failed(what);
  }

  inflated() {
    const [payload, ticket] = this.#inflating.shift();
    this.machine.inflated(ticket, inflated(payload), this.now);
  }

  tick() {
    this.outside.tick(this.now);
    this.machine.tick(this.now);
  }

  /** Becomes visible, or hidden. */
  show({ hidden }) {
    this.hidden = hidden;
    if (!hidden) this.machine.wake(this.now);
  }

  freeze() {
    this.machine.pause(this.now);
  }

  leave() {
    this.machine.leave('leave', 'closed', this.now);
  }

  /** Somebody uses the element that lies at `where` in [0, 1) among those that listen. */
  act({ where, text }) {
    const listening = [...this.view.live.nodes.values()].filter(({ bits }) => bits & 0b101).sort((a, b) => a.hid - b.hid);
    if (!listening.length) return;
    const { node } = listening[Math.floor(where * listening.length)];
    if (node.localName === 'input') {
      node.value = text;
      this.document.fire(node, 'input');
    } else this.document.fire(node, 'click');
  }

  /** How it differs from the tree of its session: at the end, or at a moment when it may not. */
  compare({ snapshot, session, epoch, rev, final }) {
    const { machine } = this;
    const { outbox } = machine;
    const is = { session: machine.session, epoch: machine.epoch, rev: machine.rev };
    const should = { session, epoch, rev };
    if (final) {
      Object.assign(is, { state: machine.state, fetching: machine.fetching });
      Object.assign(should, { state: 'connected', fetching: false });
    }
    const behind = Object.entries(should).flatMap(([name, value]) => (is[name] === value ? [] : [`${name}: ${is[name]} instead of ${value}`]));
    if (!final && (behind.length || machine.fetching)) return;
    const open = outbox.unsettled.size + outbox.waiting.length;
    const different = differences(this, Later.readNode(new Reader(bytes(snapshot))), this.#typed());
    const found = [...behind, ...different].map((each) => ['same', each]);
    this.news.push(['differs', final && open ? [...found, ['settled', `${open} events are open`]] : found]);
  }

  /** What fields may show beside what the server says. */
  #typed() {
    const { outbox } = this.machine;
    const node = this.document.querySelector('input');
    const last = this.#fates.filter(({ label }) => label === 'text').pop();
    // What was typed stands there until it is settled; if it was refused, until the server says something else.
    const isOpen = !this.view.forms || outbox.unsettled.size || outbox.waiting.length || last?.end.startsWith('refused');
    return new Map(isOpen && node ? [[node, node.value]] : []);
  }
}

/** @param {Uint8Array} payload */
function inflated(payload) {
  try {
    return new Uint8Array(inflateRawSync(payload));
  } catch {
    return null;
  }
}
