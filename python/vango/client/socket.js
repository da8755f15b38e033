// A WebSocket as a link.

/**
 * What a transport tells of its link; frames that were sent before `opened` are lost.
 * @typedef {{opened: () => void, received: (bytes: Uint8Array) => void, closed: (code?: number) => void}} Events
 */

/** The longest frame that is sent from a desk. */
const SHORT = 64;
/**
 * By their lengths. V8 keeps the bytes of a short array where a browser cannot see them; to bring them out makes
 * `send` a quarter slower.
 * @type {Uint8Array[]}
 */
const desks = [];

/** The same bytes, where a browser finds them, until the next frame: `send` takes a copy. @param {Uint8Array} frame */
function laidOut(frame) {
  const { length } = frame;
  if (length > SHORT) return frame;
  const desk = (desks[length] ??= new Uint8Array(new ArrayBuffer(length)));
  desk.set(frame);
  return desk;
}

/** Bring a link to life. @param {import('./line.js').Link} link @param {URL} address of the session @param {Events} on */
export function websocket(link, address, on) {
  const url = new URL(address);
  url.protocol = url.protocol.replace('http', 'ws');
  /** @type {WebSocket} */
  let socket;
  try {
    socket = new WebSocket(url, 'vango.1');
  } catch {
    // There is none here, or a policy forbids it.
    queueMicrotask(() => on.closed());
    return;
  }
  socket.binaryType = 'arraybuffer';
  socket.onopen = on.opened;
  socket.onmessage = ({ data }) => on.received(new Uint8Array(data));
  socket.onclose = ({ code }) => on.closed(code);
  link.send = (frame) => {
    if (socket.readyState === socket.OPEN) socket.send(/** @type {any} */ (laidOut(frame)));
  };
  link.close = () => socket.close(1000);
}
