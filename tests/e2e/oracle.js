// The oracle of the browser tests: the engine's bytes through the client's own modules, into a real document.

import { later } from '/client/later.js';
import { View } from '/client/view.js';

const PROPERTIES = ['value', 'checked', 'selected', 'open', 'muted', 'indeterminate'];
const bytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

/** A document from the HTML of a page. */
function served(html, count) {
  const page = new DOMParser().parseFromString(`<!doctype html><body>${html}</body>`, 'text/html');
  document.body = document.adoptNode(page.body);
  const view = new View(document, count);
  if (!view.adopted) throw new Error(`adopted ${view.live.nodes.size} nodes, not ${count}`);
  return complete(view);
}

/** Give a view the code that a page loads behind the rest. */
function complete(view) {
  view.complete(later);
  return view;
}

/** A document from nothing but a snapshot. */
function fresh(snapshot, count) {
  document.body.replaceChildren();
  return resync(complete(new View(document, 0)), snapshot, false, count);
}

function change(view, diff, count) {
  view.apply(bytes(diff), { count });
  return view;
}

/** A change that does not hold, since its count is wrong, and then the right one. */
function retry(view, diff, count) {
  const before = result(view, true);
  let refused = false;
  try {
    change(view, diff, count + 1);
  } catch {
    refused = true;
  }
  if (!refused || result(view, true) !== before) throw new Error('something of a bad burst stayed');
  return change(view, diff, count);
}

function resync(view, snapshot, sameEpoch, count) {
  view.apply(bytes(snapshot), { snapshot: true, sameEpoch, count });
  return view;
}

/** Which option of a list is chosen belongs to the person where the server says nothing. */
const isChoice = (node) => node instanceof HTMLSelectElement || node instanceof HTMLOptionElement;

/**
 * What a node is, without what only says how it came about: comments, hids, attributes that mirror a property.
 * Properties count only on request.
 */
function describe(node, withProperties) {
  if (node instanceof Text) return node.data;
  const attrs = Array.from(node.attributes, ({ name, value }) => [name, value])
    .filter(([name]) => !/^(data-hid|data-ev|style)$/.test(name) && !PROPERTIES.includes(name))
    .sort();
  const compared = withProperties && !isChoice(node) ? PROPERTIES : [];
  const properties = compared.filter((name) => name in node).map((name) => [name, node[name]]);
  const children = node instanceof HTMLTextAreaElement ? [] : Array.from(node.childNodes);
  return [
    `${node.namespaceURI.split('/').pop()}:${node.localName}`,
    [...attrs, ['style', node.style?.cssText ?? ''], ...properties],
    children.filter((child) => !(child instanceof Comment)).map((child) => describe(child, withProperties)),
  ];
}

/** What stands in the document, and how many nodes of it are live. */
const result = (view, withProperties) => JSON.stringify([view.live.nodes.size, describe(document.body, withProperties)]);

/**
 * The ways from the old tree to the new one; each must end as `expected`.
 * A lowered burst has no properties, and a snapshot leaves alone what people typed and chose.
 */
const WAYS = {
  expected: (pair) => fresh(pair.after, pair.count),
  adopted: (pair) => change(served(pair.html, pair.old_count), pair.diff, pair.count),
  adopted_lowered: (pair) => change(served(pair.html, pair.old_count), pair.lowered, pair.count),
  refused: (pair) => retry(served(pair.html, pair.old_count), pair.diff, pair.count),
  served: (pair) => served(pair.new_html, pair.new_count),
  served_later: (pair) => served(pair.after_html, pair.count),
  built: (pair) => change(fresh(pair.before, pair.old_count), pair.diff, pair.count),
  built_lowered: (pair) => change(fresh(pair.before, pair.old_count), pair.lowered, pair.count),
  resynced: (pair) => resync(fresh(pair.before, pair.old_count), pair.after, true, pair.count),
  remounted: (pair) => resync(fresh(pair.before, pair.old_count), pair.fresh, false, pair.new_count),
  adopted_resynced: (pair) => resync(served(pair.html, pair.old_count), pair.after, true, pair.count),
  adopted_remounted: (pair) => resync(served(pair.html, pair.old_count), pair.fresh, false, pair.new_count),
};

/** The ways of `names` that do not end as expected: way, what was expected from there on, what came. */
function check(pair, names) {
  return names.flatMap((name) => {
    const exact = ['adopted', 'refused', 'served', 'served_later', 'built'].includes(name);
    const expected = result(WAYS.expected(pair), exact);
    let got;
    try {
      got = result(WAYS[name](pair), exact);
    } catch (error) {
      got = error.stack;
    }
    if (got === expected) return [];
    let at = 0;
    while (got[at] === expected[at]) at++;
    at = Math.max(0, at - 40);
    return [[name, expected.slice(at, at + 160), got.slice(at, at + 160)]];
  });
}

/** The milliseconds that one burst takes, decoding included, and a loop by hand that writes the same texts. */
function time(pair, texts) {
  const view = served(pair.html, pair.old_count);
  const ops = bytes(pair.diff);
  let start = performance.now();
  view.apply(ops, { count: pair.count });
  const ours = performance.now() - start;
  served(pair.html, pair.old_count);
  const nodes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) nodes.push(walker.currentNode);
  start = performance.now();
  for (let i = 0; i < texts.length; i++) nodes[i].data = texts[i];
  return [ours, performance.now() - start];
}

/** What the controls of the document say, and whether they have a value as an attribute, after one of the ways. */
function controls(pair, way) {
  WAYS[way](pair);
  return Array.from(document.querySelectorAll('input, select, textarea'), (control) => {
    const said = /checkbox|radio/.test(control.type) ? [control.value, control.checked, control.indeterminate] : [control.value];
    return [...said, control.hasAttribute('value')];
  });
}

/** Let the addresses that a view is told be taken. */
function steer(view) {
  view.events.navigation = new later.Navigation(view.events, () => {});
  return view;
}

globalThis.oracle = { change, check, controls, resync, served, steer, time };
