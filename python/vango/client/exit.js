// Elements that go by a transition: `data-exit` names the classes that begin it.
//
// Such an element is none of ours from the moment of its removal: no hid names it, no event comes from it, a
// snapshot passes it by. It goes when its transitions and animations have ended, at once if there are none.

/** Whether an element that is removed goes by a transition. @param {any} node */
export const leaves = (node) => node.isConnected && !document.hidden && Boolean(node.dataset?.exit);

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
