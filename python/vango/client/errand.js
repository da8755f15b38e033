// What the server asks a page to fetch by itself: cookies and files travel with answers of HTTP only (PROTOCOL 1.5).
//
// Each address is for one time, so nothing is tried twice. One after the other, in the order in which they came.

/** For longer no address is good. */
const LIFE_MS = 30_000;

/** When the errands before are done. */
let done = Promise.resolve();

/** @param {{url: string, download?: string}} errand @returns {Promise<void>} when it is done, in whatever way */
export function run(errand) {
  done = done.then(() => fetchOnce(errand)).catch(reportError);
  return done;
}

/** @param {{url: string, download?: string}} errand */
async function fetchOnce({ url, download }) {
  if (download !== undefined) {
    Object.assign(document.createElement('a'), { href: url, download }).click();
    return;
  }
  const signal = AbortSignal.timeout(LIFE_MS);
  const answer = await fetch(url, { method: 'POST', credentials: 'same-origin', redirect: 'error', signal });
  if (!answer.ok) throw new Error(`an errand of the page was refused: ${answer.status}`);
  const { to } = await answer.json();
  if (!to) return;
  const url_to = new URL(to, location.href);
  if (url_to.pathname + url_to.search === location.pathname + location.search) location.reload();
  else location.assign(url_to);
}
