// The table as somebody writes it who needs just this one: data by WebSocket, rows by cloning one.
const socket = new WebSocket(`ws://${location.host}/plain_table/ws`);
const body = document.querySelector("tbody");
const row = document.querySelector("template").content.firstElementChild;
let selected = null;

const rows = (items) => items.map(([id, label]) => {
  const made = row.cloneNode(true);
  made.dataset.id = id;
  made.firstChild.firstChild.data = id;
  made.children[1].firstChild.firstChild.data = label;
  return made;
});
const find = (id) => body.querySelector(`[data-id="${id}"]`);
const act = {
  run: (items) => body.replaceChildren(...rows(items)),
  add: (items) => body.append(...rows(items)),
  update: (labels) => {
    for (const [index, label] of labels) body.children[index].children[1].firstChild.firstChild.data = label;
  },
  select: (id) => {
    if (selected) selected.className = "";
    selected = find(id);
    selected.className = "danger";
  },
  remove: (id) => find(id).remove(),
  swaprows: ([one, two]) => {
    const [first, last] = [body.children[one], body.children[two]];
    const next = last.nextSibling;
    body.insertBefore(last, first);
    body.insertBefore(first, next);
  },
  clear: () => body.replaceChildren(),
};
socket.onmessage = ({ data }) => {
  const [name, news] = JSON.parse(data);
  act[name](news);
};
socket.onopen = () => { document.body.dataset.ready = ""; };
document.addEventListener("click", ({ target }) => {
  if (target.id) socket.send(JSON.stringify([target.id]));
  else if (target.closest("a")) socket.send(JSON.stringify([target.closest(".remove") ? "remove" : "select", +target.closest("tr").dataset.id]));
});
