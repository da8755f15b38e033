// The browsers of the simulation: pages with the shipped client, without its sockets, each on a clock of its own.
//
// Driven in lock-step over lines of JSON: a command in, everything that came of it out. Nothing happens between
// two commands, so the same commands give the same answers.

import { readSync, writeSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { forget, load, parse } from './dom.js';

const [{ Machine }, { View }, { Reader }, { ELEMENT, TEXT, inside }, rescue, ...later] = await load([
  'machine', 'view', 'codec', 'live', 'rescue', 'burst', 'effects', 'fields', 'forms', 'morph', 'nodes',
]);
const Later = Object.assign({}, ...later);

/** What came of the present command. @type {any[]} */
let news = [];

/** @param {string} text */
const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64'));

/** Numbers in [0, 1) from a seed. @param {number} seed */
const dice = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};

class Page {
  hidden = false;
  #links = [];
  /** What became of each event, by its serial. */
  #fates = [];
  #inflating = [];

  constructor({ html, meta, instance, seed, path }) {
    this.path = path;
    this.document = parse(html);
    this.view = new View(this.document, meta.count);
    const { adopted } = this.view;
    const served = { session: meta.session, token: meta.token, epoch: adopted ? meta.epoch : 0, rev: adopted ? meta.rev : 0 };
    this.machine = new Machine(served, instance, this.#host(dice(seed)));
    this.view.events.send = (event) => this.#send(event);
  }

  #host(random) {
    return {
      random,
      open: (way) => {
        const n = this.#links.length;
        const link = { send: (data) => news.push(['send', n, Buffer.from(data).toString('base64')]), close: () => news.push(['close', n]) };
        this.#links.push(link);
        news.push(['open', n, way]);
        return link;
      },
      inflates: true,
      inflate: (payload, ticket) => this.#inflating.push([payload, ticket]),
      page: () => [this.path, 800, 600, 'UTC'],
      apply: this.view.apply,
      settled: () => this.view.forms?.release(),
      state: (state, offline) => news.push(['state', state, offline]),
      emit: (name, detail) => this.#hear(name, detail),
      reload: (reason) => {
        news.push(['reload', reason]);
        return false;
      },
      hidden: () => this.hidden,
    };
  }

  #send(event) {
    const node = this.view.live.nodes.get(event.hid).node;
    const serial = this.#fates.length;
    const { numbered } = event;
    const fate = { label: node.getAttribute('data-name'), value: node.value ?? '', action: event.action, cseq: 0, end: '' };
    event.serial = serial;
    event.numbered = (cseq) => {
      if (cseq) fate.cseq = cseq;
      else fate.end = 'rejected';
      numbered?.(cseq);
    };
    this.#fates.push(fate);
    this.present = fate;
    this.machine.event(event, this.now);
    this.present = null;
  }

  #hear(name, detail) {
    if (name === 'vango-refused') this.present.end = `refused ${detail.reason}`;
    else if (name === 'vango-rejected') news.push(['rejected', detail.events.length]);
    else if (detail.cseq) {
      const fate = this.#fates.find(({ cseq }) => cseq === detail.cseq);
      news.push(['failed', detail.cseq, detail.kind]);
      if (fate.end) throw new Error(`event ${fate.cseq} was ${fate.end}, and is now ${detail.kind}`);
      fate.end = detail.kind;
    } else news.push(['told', detail.kind, detail.message]);
  }

  /** Say what became of the events. */
  ends() {
    const { waiting, unsettled } = this.machine.outbox;
    const alive = new Set([...waiting, ...unsettled.values()].map(({ serial }) => serial));
    const end = (fate, serial) => fate.end || (alive.has(serial) ? 'open' : fate.cseq ? 'done' : 'superseded');
    news.push(['ends', this.#fates.map((fate, serial) => ({ ...fate, end: end(fate, serial) }))]);
  }

  /** What had to wait for nothing but the processor. */
  inflate() {
    for (const [payload, ticket] of this.#inflating.splice(0)) this.machine.inflated(ticket, inflated(payload), this.now);
  }

  // What happens to it

  start() {
    this.machine.start(this.now);
  }

  complete() {
    const forms = this.view.complete(Later);
    forms.pending = (cseq) => this.machine.outbox.unsettled.has(cseq);
    this.machine.complete(new rescue.Rescue(this.machine), this.now);
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

  tick() {
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
    const { node } = listening[Math.floor(where * listening.length)];
    if (node.localName === 'input') {
      node.value = text;
      this.document.fire(node, 'input');
    } else this.document.fire(node, 'click');
  }

  /** How it differs from the tree of its session. */
  compare({ snapshot, session, epoch, rev }) {
    const { machine, view } = this;
    const { live } = view;
    const { outbox } = machine;
    const found = [];
    const same = (what, is, should) => is === should || found.push(`${what}: ${JSON.stringify(is)} instead of ${JSON.stringify(should)}`);
    same('state', machine.state, 'connected');
    same('session', machine.session, session);
    same('epoch', machine.epoch, epoch);
    same('rev', machine.rev, rev);
    same('unsettled', outbox.unsettled.size, 0);
    same('waiting', outbox.waiting.length, 0);
    same('fetching', machine.fetching, false);
    let count = 0;
    const typed = this.#fates.filter(({ label }) => label === 'text').pop();
    const refused = typed?.end.startsWith('refused') ? typed : undefined;
    const walk = (wire, node) => {
      count++;
      const where = `${wire.tag || 'text'} ${wire.hid}`;
      const entry = live.nodes.get(wire.hid);
      if (!entry) return found.push(`${where} is missing`);
      if (entry.node !== node) return found.push(`${where} is not where it should be`);
      same(`${where} kind`, entry.kind, wire.kind);
      if (wire.kind === TEXT) return same(where, node.data, wire.text);
      if (wire.kind !== ELEMENT) return;
      same(`${where} events`, entry.bits, wire.bits);
      same(`${where} tag`, node.localName, wire.tag);
      const wanted = new Map();
      for (let n = 0; n < wire.attrs.length; n += 2) wanted.set(wire.attrs[n], wire.attrs[n + 1]);
      for (const [name, value] of wanted) {
        // What was typed and refused may stand there until the server says something else.
        if (name === '.value') refused?.value === node.value || same(`value of ${where}`, node.value, value);
        else same(`${name} of ${where}`, node.getAttribute(name), value);
      }
      for (const { name } of node.attributes) {
        if (!/^data-(hid|ev)$/.test(name) && !wanted.has(name) && !wanted.has(`.${name}`)) found.push(`${name} of ${where} is too much`);
      }
      let child = inside(node).firstChild;
      for (const like of wire.children) {
        walk(like, child);
        const last = live.nodes.get(like.hid)?.end ?? child;
        child = last?.nextSibling;
      }
      if (child) found.push(`${where} has more than its children`);
    };
    walk(Later.readNode(new Reader(bytes(snapshot))), live.root?.node);
    same('nodes', live.nodes.size, count);
    news.push(['differs', found]);
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

/** @type {Map<number, Page>} */
let pages = new Map();

/** @param {any} command */
function obey({ page: id, at, does, ...rest }) {
  if (does === 'begin') {
    pages = new Map();
    forget();
    return;
  }
  if (does === 'load') pages.set(id, new Page(rest));
  const page = pages.get(id);
  if (!page) throw new Error(`no page ${id}`);
  page.now = at;
  globalThis.document = page.document;
  if (does !== 'load') page[does](rest);
  page.inflate();
  const { deadline } = page.machine;
  news.push(['deadline', deadline === Infinity ? null : deadline]);
}

const buffer = Buffer.alloc(1 << 16);
let rest = '';
for (let size; (size = readSync(0, buffer, 0, buffer.length, null)); ) {
  rest += buffer.toString('utf8', 0, size);
  for (let end; (end = rest.indexOf('\n')) >= 0; ) {
    const line = rest.slice(0, end);
    rest = rest.slice(end + 1);
    news = [];
    try {
      obey(JSON.parse(line));
    } catch (error) {
      news.push(['broken', error.stack]);
    }
    const answer = Buffer.from(`${JSON.stringify(news)}\n`);
    for (let at = 0; at < answer.length; ) at += writeSync(1, answer, at);
  }
}
