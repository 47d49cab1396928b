// Saying whether an answer is right.

import { NO_REPLY, closest } from "./dom.js";

const marks = new Map();  // by conversation and turn, since a turn is drawn anew when the next question is asked
const nameOf = (box) => box.dataset.conversation + " " + box.dataset.turn;
const shownAs = (name) => [...document.querySelectorAll(".cw-feedback")].find((box) => nameOf(box) === name);

// `verdict` is what is shown and `kept` what the server has; `words` stand in the line, `told` were sent
function markOf(name) {
  const fresh = { verdict: "", kept: "", open: false, words: "", told: "", queue: Promise.resolve() };
  if (!marks.has(name)) marks.set(name, fresh);
  return marks.get(name);
}

function drawMark(box) {
  const mark = markOf(nameOf(box));
  box.dataset.drawn = "";
  for (const button of box.querySelectorAll("[data-verdict]")) {
    button.setAttribute("aria-pressed", String(button.dataset.verdict === mark.verdict));
  }
  box.querySelector("form").hidden = !mark.open;
  const field = box.querySelector("input");
  if (field.value !== mark.words) field.value = mark.words;
}

function say(name, words, failed) {
  const box = shownAs(name);
  if (!box) return;
  drawMark(box);
  const line = box.querySelector(".cw-said");
  line.classList.toggle("cw-failed", failed);
  line.textContent = words;
  if (box.contains(document.activeElement)) box.scrollIntoView({ block: "nearest", behavior: "auto" });
}

function sendMark(name, verdict, comment) {
  const mark = markOf(name);
  const [conversation, turn] = name.split(" ");
  const body = JSON.stringify({ conversation, turn: Number(turn), verdict, comment });
  mark.verdict = verdict;
  mark.told = comment;
  say(name, "", false);
  mark.queue = mark.queue.then(async () => {  // one after the other: the last click is the last line
    let words, kept = false;
    try {
      const headers = { "content-type": "application/json" };
      const reply = await fetch("api/v1/feedback", { method: "POST", headers, body });
      words = await reply.text();
      kept = reply.ok;
    } catch (error) {
      words = NO_REPLY;
    }
    if (kept) mark.kept = verdict;
    else [mark.verdict, mark.told] = [mark.kept, ""];
    say(name, words, !kept);
    return kept;
  });
  return mark.queue;
}

function choose(button) {
  const name = nameOf(button.closest(".cw-feedback"));
  const mark = markOf(name);
  const verdict = button.dataset.verdict;
  mark.open = verdict !== "right" && !(mark.open && mark.verdict === verdict);
  if (verdict !== mark.verdict) sendMark(name, verdict, "");
  drawMark(shownAs(name));
  if (mark.open) openComment(name);
}

function openComment(name) {
  const box = shownAs(name);
  box.scrollIntoView({ block: "nearest", behavior: "auto" });
  box.querySelector("input").focus({ preventScroll: true });
}

function closeComment(name) {
  const box = shownAs(name);
  const inside = box.querySelector("form").contains(document.activeElement);
  const mark = markOf(name);
  mark.open = false;
  drawMark(box);
  if (inside) box.querySelector(`[data-verdict="${mark.verdict || "right"}"]`).focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const verdict = closest(event, "[data-verdict]");
  // the second click of a double click lands on whatever the first one brought under the pointer
  if (verdict && event.detail < 2) choose(verdict);
});

document.addEventListener("keydown", (event) => {
  const comment = closest(event, ".cw-comment");
  if (event.key === "Escape" && comment) closeComment(nameOf(comment.closest(".cw-feedback")));
});

document.addEventListener("input", (event) => {
  const box = closest(event, ".cw-feedback");
  if (box) markOf(nameOf(box)).words = event.target.value;
});

document.addEventListener("submit", async (event) => {
  const box = closest(event, ".cw-feedback");
  if (!box) return;
  event.preventDefault();
  const name = nameOf(box);
  const mark = markOf(name);
  const words = mark.words.trim();
  if (words === mark.told || await sendMark(name, mark.verdict, words)) closeComment(name);
});

new MutationObserver(() => {
  for (const box of document.querySelectorAll(".cw-feedback:not([data-drawn])")) drawMark(box);
}).observe(document.documentElement, { childList: true, subtree: true });
