// Adding reports: files chosen or dropped, sent one after the other, each with its bar and what became of it.

import { byId, closest, element } from "./dom.js";

const MOST_BYTES = 100 * 1024 * 1024;
const WAIT_MS = 1500;  // before a file is sent again that the server had no room for yet

function show(row, upload) {
  row.bar.value = upload.percent;
  row.words.textContent = upload.words;
  const ended = upload.state === "done" || upload.state === "refused";
  row.item.className = upload.state === "refused" ? "cw-refused" : upload.state === "done" ? "cw-ready" : "";
  if (ended) row.bar.remove();
  return ended;
}

function addRow(name) {
  const item = document.createElement("li");
  const bar = document.createElement("progress");
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", "Progress of " + name);
  const words = element("small", "Waiting to be sent");
  item.append(element("b", name), bar, words);
  byId("cw-upload-list").append(item);
  return { item, bar, words };
}

function post(file, row) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", "uploads?name=" + encodeURIComponent(file.name));
    request.setRequestHeader("content-type", "application/octet-stream");
    row.words.textContent = "Sending";
    request.upload.onprogress = (event) => {
      row.bar.value = event.lengthComputable ? 5 * event.loaded / event.total : 0;
    };
    const refuse = (words) => resolve({ state: "refused", percent: 0, words });
    request.onerror = () => refuse("The server did not take the file. Check that Citewell is still running.");
    request.onload = () => {
      if (request.status === 200) resolve(JSON.parse(request.responseText));
      else if (request.status === 429) resolve({ state: "later", percent: 0, words: "Waiting for room on the server" });
      else refuse(request.responseText);
    };
    request.send(file);
  });
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function send(file, row) {
  for (;;) {
    const upload = await post(file, row);
    if (upload.state !== "later") return upload;
    show(row, upload);
    await pause(WAIT_MS);
  }
}

let following = 0;
async function follow(upload, row) {
  following += 1;
  while (!show(row, upload)) {
    await pause(300);
    try {
      const reply = await fetch("uploads/" + upload.id);
      upload = reply.ok ? await reply.json() : { state: "refused", percent: 0, words: await reply.text() };
    } catch (error) { row.words.textContent = "Waiting for the server"; }
  }
  following -= 1;
  if (upload.state === "done") reportsChanged();
}

let telling = 0;
// The list of reports is drawn again, once for many files that end together.
export function reportsChanged() {
  clearTimeout(telling);
  telling = setTimeout(() => {
    byId("cw-refresh").click();
    document.dispatchEvent(new CustomEvent("cw-reports"));
  }, following ? 1000 : 0);
}

async function add(files) {
  const waiting = [];
  for (const file of [...files]) {
    const row = addRow(file.name);
    if (file.size <= MOST_BYTES) { waiting.push([file, row]); continue; }
    const words = "Larger than 100 MB, which is the most that this page takes.";
    show(row, { state: "refused", percent: 0, words });
  }
  for (const [file, row] of waiting) follow(await send(file, row), row);
}

document.addEventListener("change", (event) => {
  if (event.target.id !== "cw-files") return;
  add(event.target.files);
  event.target.value = "";
});

document.addEventListener("click", (event) => {
  if (!closest(event, "[data-clear-uploads]")) return;
  for (const item of document.querySelectorAll("#cw-upload-list .cw-ready, #cw-upload-list .cw-refused")) item.remove();
});

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    if (!event.dataTransfer || ![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();  // a file dropped beside the field must not replace the page
    document.querySelector(".cw-drop")?.classList.toggle("cw-over", kind === "dragover");
    if (kind === "drop") add(event.dataTransfer.files);
  });
}
