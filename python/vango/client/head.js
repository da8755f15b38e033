// What the page says of its document, kept as the session says it (PROTOCOL 1.5): a script that ran has run.

const MARK = 'data-vango-head';

/** @typedef {[string, Record<string, string>]} Tag */

/** @param {{ title?: string | null, tags?: Tag[] }} head */
export function showHead({ title, tags = [] }) {
  // A page of another application, in which this one lives, has a title of its own.
  if (title != null && document.title !== title) document.title = title;
  const wanted = new Map(tags.map((tag) => [keyOf(...tag), tag]));
  for (const shown of document.head.querySelectorAll(`[${MARK}]`)) {
    const attributes = Object.fromEntries([...shown.attributes].map(({ name, value }) => [name, value]));
    delete attributes[MARK];
    if (!wanted.delete(keyOf(shown.localName, attributes)) && shown.localName !== 'script') shown.remove();
  }
  for (const tag of wanted.values()) document.head.append(made(...tag));
}

/** @param {string} name @param {Record<string, string>} attributes */
const keyOf = (name, attributes) => JSON.stringify([name, ...Object.entries(attributes).sort()]);

/** @param {string} name @param {Record<string, string>} attributes */
function made(name, attributes) {
  const element = document.createElement(name);
  for (const [key, value] of [[MARK, ''], ...Object.entries(attributes)]) element.setAttribute(key, value);
  return element;
}
