// What the server asks a page to fetch by itself: cookies and files travel with answers of HTTP only (PROTOCOL 1.5).
//
// Each address is for one time, so nothing is tried twice. One after the other, in the order in which they came.

/** When the errands before are done. */
let done = Promise.resolve();

/** @param {{url: string, download?: string}} errand */
export function run(errand) {
  done = done.then(() => fetchOnce(errand)).catch(reportError);
}

/** @param {{url: string, download?: string}} errand */
async function fetchOnce({ url, download }) {
  if (download !== undefined) {
    Object.assign(document.createElement('a'), { href: url, download }).click();
    return;
  }
  const answer = await fetch(url, { method: 'POST', credentials: 'same-origin', redirect: 'error' });
  if (!answer.ok) throw new Error(`an errand of the page was refused: ${answer.status}`);
  const { to } = await answer.json();
  if (!to) return;
  const url_to = new URL(to, location.href);
  if (url_to.pathname + url_to.search === location.pathname + location.search) location.reload();
  else location.assign(url_to);
}
