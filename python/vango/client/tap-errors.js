// What a handler raised, shown to who works on the page: whoever only uses it is not told.

const LOOKS = {
  position: 'fixed', inset: 'auto 0 0', zIndex: '2147483647', maxHeight: '50vh', overflow: 'auto', margin: '0', padding: '12px 16px',
  font: '13px/1.5 ui-monospace, monospace', whiteSpace: 'pre-wrap', color: '#fff', background: '#7a1420', borderTop: '3px solid #e5484d',
};
/** @type {HTMLElement | undefined} */
let panel;

/** @param {{kind: string, message?: string}} error */
export function showError({ kind, message = '' }) {
  if (kind !== 'HandlerFailed') return console.error(kind, message);
  const { reference, error } = JSON.parse(message);
  console.error(error);
  panel?.remove();
  panel = document.createElement('div');
  panel.setAttribute('role', 'alert');
  panel.dataset.vangoTap = 'error';
  panel.tabIndex = 0;
  Object.assign(panel.style, LOOKS);
  const close = document.createElement('button');
  close.textContent = 'Dismiss';
  close.style.float = 'right';
  close.addEventListener('click', () => panel?.remove());
  panel.append(close, `A handler failed; ${reference} is its reference in the log.\n\n${error}`);
  // Beside the body, which belongs to the application.
  document.documentElement.append(panel);
}
