// The kinds of events by their numbers (PROTOCOL 1.8), and how each of them is heard.

/** By their numbers; no element listens to 31 to 34. */
export const KINDS = (
  'click dblclick input change submit reset focus blur keydown keyup pointerdown pointerup pointermove ' +
  'pointerenter pointerleave contextmenu wheel scroll resize dragstart dragover drop dragend copy cut paste ' +
  'toggle load error in-view out-of-view - named navigate hook mousedown mouseup mousemove mouseenter mouseleave auxclick ' +
  'pointercancel drag dragenter dragleave touchstart touchmove touchend touchcancel invalid beforetoggle cancel ' +
  'close animationstart animationiteration animationend animationcancel transitionrun transitionstart ' +
  'transitionend transitioncancel play playing pause waiting stalled seeking seeked timeupdate durationchange ' +
  'ratechange volumechange loadedmetadata loadeddata canplay ended scrollend'
).split(' ');

/** DOM events that stand for kinds of another name: these bubble. @type {Record<string, string>} */
const BUBBLING = {
  focus: 'focusin', blur: 'focusout', pointerenter: 'pointerover', pointerleave: 'pointerout', mouseenter: 'mouseover', mouseleave: 'mouseout',
};
const SILENT = /^(scroll|toggle|load|error|invalid|beforetoggle|cancel|close|play|pause|wait|stall|seek|time|dur|rate|vol|loaded|can|ended)/;
const CROSSING = /^(pointer|mouse)(enter|leave)$/;
const SCROLLING = /^(wheel|touchstart|touchmove)$/;
const WATCHED = /^(resize|in-view|out-of-view)$/;
const LATEST = /^(input|scroll|resize|wheel|scrollend|timeupdate|volumechange|ratechange)$/;
const FLEETING = /^((pointer|mouse)(move|enter|leave)|touchmove|drag|drag(over|enter|leave))$/;

/**
 * How a kind is heard.
 * Type: the DOM event. Silent: it does not bubble, so the node itself is meant, or one around it that captures.
 * Crossing: it concerns every node whose border is crossed. Scrolling: while it is handled a browser does not scroll,
 * unless it knows that nobody keeps it from that. Watched: it is observed, not listened to.
 * @typedef {{name: string, type: string, silent: boolean, crossing: boolean, scrolling: boolean, watched: boolean, policy: 'queue' | 'latest' | 'drop'}} Trait
 */

/** By their numbers. @type {Trait[]} */
export const TRAITS = KINDS.map((name) => ({
  name,
  type: BUBBLING[name] ?? name,
  silent: SILENT.test(name),
  crossing: CROSSING.test(name),
  scrolling: SCROLLING.test(name),
  watched: WATCHED.test(name),
  policy: LATEST.test(name) ? 'latest' : FLEETING.test(name) ? 'drop' : 'queue',
}));
