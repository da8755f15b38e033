// Says to those who do not see the banner what it says, as soon as it would be seen.

/** From now on a status of the page, for screen readers alone, follows the banner of the stylesheet. */
export function announce() {
  /** Made when there is something to say. @type {HTMLElement | undefined} */
  let region;
  let timer = 0;
  let isSeen = false;

  const say = () => {
    isSeen = true;
    if (region) region.textContent = banner().text;
  };

  addEventListener('vango-state', (event) => {
    if (!(/** @type {CustomEvent} */ (event).detail.offline)) {
      clearTimeout(timer);
      timer = 0;
      isSeen = false;
      if (region) region.textContent = '';
    } else if (isSeen) say();
    else if (!timer) {
      region ??= status();
      timer = setTimeout(say, banner().delay_ms);
    }
  });
}

/** What the stylesheet shows, and when: a page that overrides it is told with its own words. */
function banner() {
  const { content, transitionDelay } = getComputedStyle(document.body, '::after');
  const [, text = ''] = /^"(.*)"$/s.exec(content) ?? [];
  return { text, delay_ms: 1_000 * (parseFloat(transitionDelay) || 0) };
}

function status() {
  const region = document.createElement('vango-status');
  region.setAttribute('role', 'status');
  // Where nobody sees it and everything that reads finds it.
  Object.assign(region.style, { position: 'fixed', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)' });
  document.body.append(region);
  return region;
}
