// The client that somebody writes who needs just this one page.
const socket = new WebSocket(`ws://${location.host}/plain/ws`);
const output = document.querySelector("output");
socket.onmessage = (message) => { output.textContent = JSON.parse(message.data).count; };
socket.onopen = () => { document.body.dataset.ready = ""; };
const [minus, plus] = document.querySelectorAll("button");
minus.onclick = () => socket.send('{"by":-1}');
plus.onclick = () => socket.send('{"by":1}');
