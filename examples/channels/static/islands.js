import { channel } from '/vango/runtime-dom.js';

const PART_BYTES = 32 * 1024;

// Send a file in parts, as fast as the server takes them.
document.getElementById('file').addEventListener('change', async ({ target }) => {
  const [file] = target.files;
  const upload = await channel('upload', { name: file.name });
  upload.onclose = ({ error }) => console.log(error || 'uploaded');
  for (let at = 0; at < file.size; at += PART_BYTES) {
    await upload.ready;
    upload.send(await file.slice(at, at + PART_BYTES).arrayBuffer());
  }
  upload.close();
});

// Draw what the server sends, and go on when the connection is back.
const canvas = document.getElementById('curve');
const pen = canvas.getContext('2d');

async function draw() {
  const points = await channel('curve', { step: 0.1 });
  let count = 0;
  points.onmessage = (bytes) => {
    const y = new DataView(bytes.buffer).getFloat64(0, true);
    const x = count++ % canvas.width;
    if (!x) pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.fillRect(x, 50 - 40 * y, 2, 2);
    canvas.setAttribute('aria-label', `${count} points`);
  };
  points.onclose = ({ error }) => error === 'Lost' && draw();
}
draw();
