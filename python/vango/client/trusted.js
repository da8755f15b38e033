// The one place where text becomes HTML: what the server has written, which a page's policy lets this do alone.

const { trustedTypes } = /** @type {any} */ (globalThis);
const policy = trustedTypes?.createPolicy('vango', { createHTML: (/** @type {string} */ html) => html });

/** Let a node hold what the server has written. @param {Element} node @param {string} html */
export function parseInto(node, html) {
  node.innerHTML = policy?.createHTML(html) ?? html;
}
