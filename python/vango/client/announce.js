// What those are told who do not see it: the words of the banner, as soon as it would be seen, and where they are.

/** Made when there is something to say. @type {HTMLElement | undefined} */
let region;

/** Let it be read out when whoever listens has a pause. @param {string} text */
export function say(text) {
  region ??= status();
  region.textContent = text;
}

/** From now on a status of the page, for screen readers alone, follows the banner of the stylesheet. */
export function announce() {
  let timer = 0;
  let isSeen = false;

  const tell = () => {
    isSeen = true;
    say(banner().text);
  };

  addEventListener('vango-state', (event) => {
    if (!(/** @type {CustomEvent} */ (event).detail.offline)) {
      clearTimeout(timer);
      timer = 0;
      isSeen = false;
      if (region) region.textContent = '';
    } else if (isSeen) tell();
    else if (!timer) {
      region ??= status();
      timer = setTimeout(tell, banner().delay_ms);
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
