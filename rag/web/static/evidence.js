// The evidence beside the answer: opened by a citation, left with Escape or the button, turned page by page.

import { byId, closest, element, request } from "./dom.js";
import { drawPages, textInstead } from "./pages.js";

let opener = null;  // the citation that the evidence was opened from: Escape returns to it
let latest = 0;     // only the reply to the last click may fill the panel

async function fill(address) {
  const turn = ++latest;
  const reply = await request(address, { headers: { accept: "text/html" } });
  if (turn !== latest) return false;
  const content = document.createElement("div");
  if (reply.ok) content.innerHTML = reply.words;
  else content.append(element("p", reply.words, "cw-problem"));
  const back = element("button", "Back to the answer", "cw-back");
  back.type = "button";
  back.dataset.back = "";
  document.body.classList.add("cw-has-evidence");
  byId("cw-evidence").replaceChildren(back, ...content.childNodes);
  return true;
}

function goTo(target) {
  const column = byId("cw-proof");
  if (getComputedStyle(column).overflowY === "auto") {  // beside the answer, only the panel moves
    const box = target.getBoundingClientRect();
    column.scrollTop += box.top - column.getBoundingClientRect().top - column.clientHeight / 3;
  } else target.scrollIntoView({ block: "center", behavior: "auto" });
  target.focus({ preventScroll: true });
}

export async function openEvidence(link) {
  document.querySelectorAll("[data-cite][aria-current]").forEach((other) => other.removeAttribute("aria-current"));
  link.setAttribute("aria-current", "true");
  opener = link;
  const address = link.href?.baseVal ?? link.href;  // a link inside a picture keeps its address in an object
  if (!await fill(address + "&part=1")) return;
  const turn = latest;
  const pages = byId("cw-evidence").querySelector(".cw-pages");
  if (pages && !await drawPages(pages)) textInstead(pages);
  if (turn !== latest) return;
  const shown = byId("cw-quote");
  const boxed = byId("cw-evidence").querySelector("[data-boxed]");
  goTo(shown?.offsetParent ? shown : boxed ?? byId("cw-evidence").querySelector("[data-back]"));
}

function backToAnswer() {
  if (!opener || !opener.isConnected) return byId("cw-question")?.querySelector("textarea")?.focus();
  opener.scrollIntoView({ block: "center", behavior: "auto" });
  opener.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const cite = closest(event, "a[data-cite]");
  if (cite && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
    event.preventDefault();
    openEvidence(cite);
    return;
  }
  if (closest(event, "[data-back]")) backToAnswer();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && closest(event, "#cw-evidence")) backToAnswer();
});
