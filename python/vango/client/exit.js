// How nodes leave the document, and elements that go by a transition: `data-exit` names the classes that begin it.
//
// Such an element is none of ours from the moment of its removal: no hid names it, no event comes from it, a
// snapshot passes it by. It goes when its transitions and animations have ended, at once if there are none.

import { span } from './nodes.js';

/** Whether an element that is removed goes by a transition. @param {any} node */
const leaves = (node) => node.isConnected && !document.hidden && Boolean(node.dataset?.exit);

/** Begin its transition. @param {any} element */
export function leave(element) {
  element.inert = true;
  element.classList.add(...element.dataset.exit.split(' ').filter(Boolean));
  const ends = element.getAnimations({ subtree: true }).map((/** @type {Animation} */ running) => {
    const { endTime } = running.effect?.getComputedTiming() ?? {};
    return endTime !== Infinity && running.finished;
  });
  Promise.allSettled(ends).then(() => element.remove());
}

/**
 * Take the nodes of entries out of the document, except those that go by a transition.
 * @param {import('./live.js').Entry[]} going
 * @param {(() => void)[]} steps takes how to bring them back
 * @returns {{at: Node | null, leaving: Element[]}} what is around the one that had the focus; those that stay for now
 */
export function depart(going, steps) {
  const { activeElement, body } = document;
  /** @type {Element[]} */
  const leaving = [];
  const nodes = [];
  let around = null;
  for (const entry of going) {
    const dom = span(entry);
    if (activeElement !== body && dom.some((node) => node.contains(activeElement))) around ??= entry.node.parentNode;
    if (leaves(entry.node)) leaving.push(entry.node);
    else nodes.push(...dom);
  }
  /** @type {any} */
  const at = nodes[0]?.parentNode;
  if (nodes.length > 1 && nodes.length === at?.childNodes.length && nodes.every(({ parentNode }) => parentNode === at)) {
    const all = [...at.childNodes];
    at.replaceChildren();
    steps.push(() => all.forEach((node) => at.appendChild(node)));
  } else nodes.forEach((node) => takeOut(node, steps));
  return { at: around, leaving };
}

/** @param {ChildNode} node @param {(() => void)[]} steps */
function takeOut(node, steps) {
  const { parentNode, nextSibling } = node;
  node.remove();
  steps.push(() => parentNode?.insertBefore(node, nextSibling));
}
