// Asking and what can be done with an answer: ask again, edit, copy, stop, go on; and a connection that is lost.

import { announce, byId, calm, closest, element, request, type } from "./dom.js";

const SECONDS_BETWEEN_LOOKS = 3;   // at whether the server is still there, while an answer is awaited
const LOST = "The connection was lost before the answer was whole. The question is kept: load the page again when "
  + "Citewell runs, and go on where you were.";

const box = () => byId("cw-question").querySelector("textarea");
const working = () => document.querySelector("#cw-now .cw-working");

// Asks a question; `scope` (JSON) is what it is asked within, else what the filters say.
export function ask(question, scope = "") {
  document.dispatchEvent(new CustomEvent("cw-view", { detail: "ask" }));
  type("cw-within", scope);
  type("cw-question", question);
  setTimeout(() => byId("cw-send").click(), 60);
}

function edit(question) {
  document.dispatchEvent(new CustomEvent("cw-view", { detail: "ask" }));
  type("cw-question", question);
  box().focus();
  box().setSelectionRange(question.length, question.length);
}

// The answer as text: its marks as [1], its quotations and lists in lines, then the sources.
function asText(turn) {
  const copy = turn.querySelector(".cw-text").cloneNode(true);
  for (const mark of copy.querySelectorAll(".cw-mark")) mark.textContent = " [" + mark.textContent + "]";
  for (const cell of copy.querySelectorAll("td:not(:first-child)")) cell.prepend(" | ");
  for (const line of copy.querySelectorAll("p, li, tr, blockquote, br")) line.append("\n");
  const words = copy.textContent.replace(/\n{3,}/g, "\n\n").trim();
  const sources = [...turn.querySelectorAll(".cw-source")].map((source) => {
    const [number, title, place] = [".cw-mark", "b", "small"].map((part) => source.querySelector(part)?.textContent);
    return "[" + number + "] " + title + (place ? " · " + place : "");
  });
  return [turn.querySelector(".cw-question").textContent, words, sources.join("\n")].filter(Boolean).join("\n\n");
}

async function copy(button) {
  const words = asText(button.closest(".cw-turn"));
  try {
    await navigator.clipboard.writeText(words);
  } catch (error) {  // not allowed where the page is served without encryption
    const field = element("textarea", words, "cw-hidden");
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    button.focus();
  }
  button.textContent = "Copied";
  announce("Answer copied");
  setTimeout(() => { button.textContent = "Copy"; }, 2000);
}

document.addEventListener("click", (event) => {
  const asked = closest(event, "[data-ask]");
  if (asked) ask(asked.dataset.ask, asked.dataset.scope);
  const edited = closest(event, "[data-edit]");
  if (edited) edit(edited.dataset.edit);
  const copied = closest(event, "[data-copy]");
  if (copied) copy(copied);
});

// A menu that is open closes where the next click is elsewhere, and with Escape.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".cw-save[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && closest(event, ".cw-save[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// ---- questions to go on with, once an answer is there
async function offer(place) {
  place.dataset.drawn = "";
  const query = new URLSearchParams({ conversation: place.dataset.conversation, turn: place.dataset.turn });
  const reply = await request("follow-ups?" + query);
  if (!reply.ok || !place.isConnected) return;
  const questions = JSON.parse(reply.words);
  if (!questions.length) return;
  const list = document.createElement("ul");
  for (const question of questions) {
    const button = element("button", question);
    button.type = "button";
    button.dataset.ask = question;
    const item = document.createElement("li");
    item.append(button);
    list.append(item);
  }
  place.replaceChildren(element("h3", "Ask on"), list);
}

// ---- a question that is too long to send, and a connection that is lost while an answer is awaited
const MOST = 50000;    // characters: the server says in a sentence what is too long, if it gets to see it
const SILENT_MS = 60000;
let pending = "";      // a question that was sent and is not on the page yet
let changed = 0;       // when the page last changed what it shows of the answer
let missed = 0;

function say(words) {
  byId("cw-question-said").textContent = words;
}

function sending(event) {
  const words = box().value;
  if (words.length <= MOST) {
    pending = words.trim();
    changed = Date.now();
    say("");
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  say(`The question has ${words.length.toLocaleString()} characters; 2,000 is the most. Ask one thing in a sentence or two.`);
}

document.addEventListener("click", (event) => { if (closest(event, "#cw-send")) sending(event); }, true);
document.addEventListener("click", (event) => {
  const asked = closest(event, "#cw-stop") && working()?.dataset.asked;
  if (asked) request("views/stop?" + new URLSearchParams({ asked }), { method: "POST" });
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && closest(event, "#cw-question")) sending(event);
}, true);

function lost(turn) {
  const status = element("p", "", "cw-status cw-error");
  status.setAttribute("role", "alert");
  status.append(element("strong", "No answer"), element("span", LOST));
  const actions = element("div", "", "cw-actions");
  const reload = element("button", "Load the page again");
  reload.type = "button";
  reload.dataset.reload = "";
  actions.append(reload);
  if (turn) turn.replaceChildren(turn.querySelector(".cw-question"), status, actions);
  else byId("cw-question-said").replaceChildren(status, actions);
}

document.addEventListener("click", (event) => { if (closest(event, "[data-reload]")) location.reload(); });

setInterval(async () => {
  if (!working() && !pending) { missed = 0; return; }
  const reply = await request("robots.txt", { cache: "no-store" });
  missed = reply.status === 0 ? missed + 1 : 0;
  if (missed < 2 && Date.now() - changed < SILENT_MS) return;
  if (working() || pending) lost(working()?.closest(".cw-turn"));
  missed = 0;
  pending = "";
}, 1000 * SECONDS_BETWEEN_LOOKS);

// ---- a question that was not sent is in the box again when the page is loaded anew, as after a restart of the server
const UNSENT = "citewell-unsent";  // in the session's storage: each window has its own
let restored = false;

addEventListener("pagehide", () => {
  const words = byId("cw-question") ? box().value : "";
  try { sessionStorage.setItem(UNSENT, words.length <= MOST ? words : ""); } catch (error) { /* storage is switched off */ }
});

function restore() {
  restored = true;
  try {
    const words = sessionStorage.getItem(UNSENT);
    if (words) type("cw-question", words);
  } catch (error) { /* storage is switched off */ }
}

// A new question comes to the top of the page once; after that the reader scrolls.
let shown = "";
let seen = "";
new MutationObserver(() => {
  const unnamed = document.querySelectorAll("#cw-filters input:not([placeholder='All'])");
  for (const field of unnamed) field.placeholder = "All";
  document.body.classList.toggle("cw-busy", working() !== null);
  if (!restored && document.querySelector(".cw-welcome, #cw-now .cw-turn")) restore();
  const next = document.querySelector("#cw-now .cw-next:not([data-drawn])");
  if (next) offer(next);
  const turn = document.querySelector("#cw-now .cw-turn");
  const state = turn ? turn.textContent.length + turn.className : "";
  if (state !== seen) [seen, changed, pending] = [state, Date.now(), turn ? "" : pending];
  const name = turn ? turn.getAttribute("aria-label") : "";
  if (name === shown) return;
  shown = name;
  // the turn before it moves up in the same update: wait until it stands
  setTimeout(() => turn?.scrollIntoView({ block: "start", behavior: calm() }), 120);
}).observe(document.documentElement, { childList: true, subtree: true, attributeFilter: ["aria-label"] });
