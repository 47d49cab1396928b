// The conversations that the server keeps: listed, searched, opened, named, deleted. The one shown is opened again when
// the page is loaded anew.

import { announce, byId, closest, element, request, type } from "./dom.js";

const ADDRESS = "api/v1/conversations";
const SHOWN = "citewell-conversation";  // in the session's storage: each window has its own
let asked = 0;
let current = "";

const remember = (key) => {
  current = key;
  try { sessionStorage.setItem(SHOWN, key); } catch (error) { /* storage is switched off */ }
};
const remembered = () => {
  try { return sessionStorage.getItem(SHOWN) ?? ""; } catch (error) { return ""; }
};

function button(words, name, data) {
  const made = element("button", words);
  made.type = "button";
  made.setAttribute("aria-label", name);
  Object.assign(made.dataset, data);
  return made;
}

function row(talk) {
  const item = document.createElement("li");
  item.dataset.key = talk.id;
  const open = element("button", talk.name || "Without a question", "cw-talk-open");
  open.type = "button";
  open.dataset.open = talk.id;
  if (talk.id === current) open.setAttribute("aria-current", "true");
  const when = new Date(talk.updated);
  const facts = `${when.toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric" })} · ${talk.turns} ${talk.turns === 1 ? "question" : "questions"}`;
  open.append(element("small", facts));
  const name = talk.name || "conversation";
  item.append(open, button("Name", "Name " + name, { naming: "" }), button("Delete", "Delete " + name, { deleting: "" }));
  return item;
}

export async function listTalks() {
  const turn = ++asked;
  const words = byId("cw-talks-words");
  if (!words) return;
  const reply = await request(`${ADDRESS}?most=50&q=` + encodeURIComponent(words.value));
  if (turn !== asked) return;
  say(reply.ok ? "" : reply.words);
  if (!reply.ok || document.querySelector("#cw-talk-list input, #cw-talk-list [data-sure]")) return;  // being named, deleted
  const talks = JSON.parse(reply.words).conversations.filter((talk) => talk.turns);
  const none = element("li", words.value ? "None has these words." : "None yet.", "cw-empty");
  byId("cw-talk-list").replaceChildren(...(talks.length ? talks.map(row) : [none]));
}

function say(words) {
  byId("cw-talks-said").textContent = words;
}

function open(key) {
  document.dispatchEvent(new CustomEvent("cw-view", { detail: "ask" }));
  remember(key);
  type("cw-open", key + " " + Date.now());  // also the one that is shown already
  for (const other of document.querySelectorAll("[data-open]")) {
    if (other.dataset.open === key) other.setAttribute("aria-current", "true");
    else other.removeAttribute("aria-current");
  }
}

// The name is typed where it stands; Enter keeps it, Escape leaves it as it was.
function startNaming(item) {
  const shown = item.querySelector("[data-open]");
  const field = document.createElement("input");
  field.type = "text";
  field.maxLength = 120;
  field.value = shown.firstChild.textContent;
  field.setAttribute("aria-label", "Name of the conversation");
  field.addEventListener("keydown", async (event) => {
    if (event.key === "Escape") {
      field.remove();
      return listTalks();
    }
    if (event.key !== "Enter") return undefined;
    event.preventDefault();
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ name: field.value.trim() });
    const reply = await request(`${ADDRESS}/${item.dataset.key}`, { method: "PATCH", headers, body });
    if (!reply.ok) return say(reply.words);
    announce("Named");
    field.remove();
    return listTalks();
  });
  item.replaceChildren(field);
  field.select();
}

async function remove(item, pressed) {
  if (!pressed.dataset.sure) {
    pressed.dataset.sure = "1";
    pressed.textContent = "Delete for good?";
    setTimeout(() => {
      if (!pressed.isConnected || !pressed.dataset.sure) return;
      delete pressed.dataset.sure;
      pressed.textContent = "Delete";
      listTalks();
    }, 5000);
    return;
  }
  delete pressed.dataset.sure;
  const reply = await request(`${ADDRESS}/${item.dataset.key}`, { method: "DELETE" });
  if (!reply.ok) { say(reply.words); return; }
  if (item.dataset.key === current) byId("cw-new").click();
  announce("Deleted");
  await listTalks();
  byId("cw-talks-words").focus();
}

document.addEventListener("click", (event) => {
  const opened = closest(event, "[data-open]");
  if (opened) open(opened.dataset.open);
  const item = closest(event, "#cw-talk-list li");
  if (closest(event, "[data-naming]")) startNaming(item);
  const deleting = closest(event, "[data-deleting]");
  if (deleting) remove(item, deleting);
  if (closest(event, "#cw-new")) {
    remember("");
    document.dispatchEvent(new CustomEvent("cw-view", { detail: "ask" }));
    listTalks();
    byId("cw-question").querySelector("textarea").focus();
  }
});

document.addEventListener("input", (event) => {
  if (event.target.id === "cw-talks-words") listTalks();
});

// A new answer may be of a new conversation; the first drawing of the page opens the one that was shown before.
let begun = false;
new MutationObserver(() => {
  if (!begun && byId("cw-talk-list") && document.querySelector(".cw-welcome")) {
    begun = true;
    if (remembered()) open(remembered());
    listTalks();
  }
  const turn = document.querySelector("#cw-now .cw-turn[data-conversation]");
  if (turn && turn.dataset.conversation !== current) remember(turn.dataset.conversation);
  const answered = document.querySelector("#cw-now .cw-next[data-conversation]:not([data-listed])");
  if (!answered) return;
  answered.dataset.listed = "";
  listTalks();
}).observe(document.documentElement, { childList: true, subtree: true });
