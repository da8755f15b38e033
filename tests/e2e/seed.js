// A client of the blueprint as it was written, with nothing of vango but `applyPatch`: bare bursts in one
// direction, text in both, served in place of the script that starts a page.

import { applyPatch } from '/vango/runtime-dom.js'

const { session } = JSON.parse(document.querySelector('meta[name=vango]').content)
const seed = (window.seed = { frames: 0, said: [], ops: [], lost: false })

/** The ops behind the length of a burst. */
function ops(frame) {
  let at = 0
  while (frame[at++] & 128);
  return frame.subarray(at)
}

function connect() {
  const ws = (seed.ws = new WebSocket('/vango/live/' + session))
  ws.binaryType = 'arraybuffer'
  ws.onopen = () => {
    document.body.classList.remove('vango-offline')
    if (seed.lost) ws.send(`HELLO resumable=true lastSeq=${seed.frames}`)
  }
  ws.onmessage = ({ data }) => {
    if (typeof data === 'string') return seed.said.push(data)
    const burst = ops(new Uint8Array(data))
    seed.ops.push(burst[0])
    seed.frames++
    try {
      applyPatch(burst)
    } catch {
      ws.send('REFETCH 0')
    }
  }
  ws.onclose = () => {
    seed.lost = true
    document.body.classList.add('vango-offline')
    setTimeout(connect, 50)
  }
}
connect()
