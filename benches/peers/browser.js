// One change of a document, made in each way; only the change itself is on the clock.

import * as burst from '/client/burst.js';
import * as effects from '/client/effects.js';
import * as forms from '/client/forms.js';
import * as listen from '/client/listen.js';
import * as morph from '/client/morph.js';
import { View } from '/client/view.js';
import { Idiomorph } from '/node_modules/idiomorph/dist/idiomorph.esm.js';
import morphdom from '/node_modules/morphdom/dist/morphdom-esm.js';

const bytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
const parse = (html) => new DOMParser().parseFromString(`<!doctype html><body>${html}</body>`, 'text/html').body;

/** What a person would write who knows this change, over nodes at hand and data at hand. */
const BY_HAND = {
  '10,000 texts': () => {
    const nodes = Array.from(document.querySelectorAll('i'), (element) => element.firstChild);
    const texts = nodes.map((_, n) => `new ${n}`);
    return () => {
      for (let n = 0; n < nodes.length; n++) nodes[n].data = texts[n];
    };
  },
  'create 1,000': (rows) => fill(rows),
  'replace 1,000': (rows) => fill(rows, true),
  'update every tenth': (rows) => {
    const labels = Array.from(document.querySelectorAll('a.lbl'), (element) => element.firstChild);
    return () => {
      for (let n = 0; n < rows.length; n += 10) labels[n].data = rows[n].label;
    };
  },
  select: (rows) => {
    const row = body().children[rows.findIndex(({ selected }) => selected)];
    return () => (row.className = 'danger');
  },
  swap: () => {
    const [one, two] = [body().children[1], body().children[998]];
    return () => {
      const next = two.nextSibling;
      body().insertBefore(two, one);
      body().insertBefore(one, next);
    };
  },
  remove: () => {
    const row = body().children[400];
    return () => row.remove();
  },
  'append 1,000': (rows) => fill(rows.slice(1_000)),
  'clear 1,000': () => () => (body().textContent = ''),
};

const body = () => document.querySelector('tbody');

function fill(rows, anew = false) {
  const template = parse(
    '<table><tbody><tr><td class="col-md-1"> </td><td class="col-md-4"><a class="lbl"> </a></td>' +
      '<td class="col-md-1"><a class="remove"><span class="remove glyphicon glyphicon-remove" aria-hidden="true">' +
      '</span></a></td><td class="col-md-6"></td></tr></tbody></table>',
  ).querySelector('tr');
  const into = body();
  return () => {
    if (anew) into.textContent = '';
    for (const { id, label } of rows) {
      const row = template.cloneNode(true);
      row.firstChild.firstChild.data = id;
      row.childNodes[1].firstChild.firstChild.data = label;
      into.append(row);
    }
  };
}

/** Each prepares a fresh document, and gives what changes it. */
const SIDES = {
  vango: ({ served, served_count, ops, count }) => {
    document.body = document.adoptNode(parse(served));
    const view = new View(document, served_count);
    if (!view.adopted) throw new Error('the document was not adopted');
    view.complete({ ...burst, ...effects, ...forms, ...listen, ...morph });
    const patches = bytes(ops);
    return () => view.apply(patches, { count });
  },
  'by hand': ({ before, name, rows }) => {
    show(before);
    return BY_HAND[name](rows);
  },
  morphdom: ({ before, after }) => {
    const root = show(before);
    return () => morphdom(root, after);
  },
  idiomorph: ({ before, after }) => {
    const root = show(before);
    return () => Idiomorph.morph(root, after, { morphStyle: 'outerHTML' });
  },
};

function show(html) {
  document.body = document.adoptNode(parse(html));
  return document.body.firstElementChild;
}

/** A document without what each way needs to find its nodes again. */
function bare(root) {
  const copy = root.cloneNode(true);
  for (const element of copy.querySelectorAll('*')) {
    for (const name of ['id', 'data-hid', 'data-ev']) element.removeAttribute(name);
  }
  const comments = document.createNodeIterator(copy, NodeFilter.SHOW_COMMENT);
  for (let comment; (comment = comments.nextNode()); ) comment.remove();
  return copy;
}

/** The milliseconds of `runs` changes, each of a fresh document; each must end in the same one. */
function measure(side, change, runs) {
  if (!crossOriginIsolated) throw new Error('the clock is coarse');
  const wanted = bare(parse(change.after));
  return Array.from({ length: runs }, () => {
    const run = SIDES[side](change);
    gc();
    const began = performance.now();
    run();
    const took = performance.now() - began;
    if (!bare(document.body).isEqualNode(wanted)) throw new Error(`${side} ends in another document`);
    return took;
  });
}

globalThis.bench = { measure };
