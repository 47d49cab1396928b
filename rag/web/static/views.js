// The views beside the conversation: timeline, comparison, the reports and a report's profile.

import { announce, byId, closest, element, request } from "./dom.js";
import { reportsChanged } from "./uploads.js";

const VIEWS = ["ask", "timeline", "compare", "reports"];
const looking = new Map();  // what each form awaits, with what stops it

export function showView(name) {
  const view = VIEWS.includes(name) ? name : "ask";
  if (view !== "ask" && document.body.dataset.view !== view) document.body.classList.remove("cw-has-evidence");
  document.body.dataset.view = view;
  for (const link of document.querySelectorAll("[data-view-link]")) {
    if (link.dataset.viewLink === view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  for (const section of document.querySelectorAll(".cw-view")) section.hidden = section.dataset.name !== view;
  if (view === "reports") loadReports();
}

const hash = () => location.hash.slice(1);
addEventListener("hashchange", () => {
  showView(hash());
  scrollTo({ top: 0 });
});
document.addEventListener("cw-view", (event) => {
  if (document.body.dataset.view !== event.detail) location.hash = event.detail === "ask" ? "" : event.detail;
});

// What the filters say, as the line under the question knows it.
function filters() {
  const query = new URLSearchParams();
  const line = document.querySelector("#cw-scope [data-scope]");
  const scope = line ? JSON.parse(line.dataset.scope) : {};
  for (const name of ["reports", "organisations", "years"]) {
    for (const value of scope[name] ?? []) query.append(name, value);
  }
  return query;
}

function ended(place, kind, title, words) {
  const line = element("p", "", "cw-status " + kind);
  line.setAttribute("role", "alert");
  line.append(element("strong", title), element("span", words));
  place.replaceChildren(line);
}

// Ends what a form awaits, here and on the server; whether it awaited anything.
function stopLooking(form) {
  const run = looking.get(form);
  if (!run) return false;
  looking.delete(form);
  clearInterval(run.clock);
  run.ended.abort();
  request("views/stop?asked=" + run.asked, { method: "POST" });
  return true;
}

async function look(form) {
  stopLooking(form);
  const place = form.parentElement.querySelector(".cw-found");
  const began = Date.now();
  const run = { ended: new AbortController(), asked: `${began}-${Math.random()}` };
  looking.set(form, run);
  const query = filters();
  query.set("text", form.elements.text.value);
  query.set("asked", run.asked);
  const status = element("p", "", "cw-status cw-working");
  status.setAttribute("role", "status");
  const words = element("strong", form.dataset.doing);
  status.append(words);
  const stop = element("button", "Stop", "cw-stop-looking");
  stop.type = "button";
  stop.dataset.stopLooking = "";
  place.replaceChildren(status, stop);
  place.setAttribute("aria-busy", "true");
  run.clock = setInterval(() => {
    const seconds = Math.round((Date.now() - began) / 1000);
    if (seconds > 2) words.textContent = form.dataset.doing + " " + seconds + " s";
  }, 1000);
  const reply = await request("views/" + form.dataset.look + "?" + query, { signal: run.ended.signal });
  if (looking.get(form) !== run) return;
  looking.delete(form);
  clearInterval(run.clock);
  place.removeAttribute("aria-busy");
  if (reply.ok) {
    place.innerHTML = reply.words;
    announce("Done");
  } else ended(place, "cw-error", "Nothing to show", reply.words);
}

function stopped(button) {
  const form = button.closest(".cw-view").querySelector("form");
  if (!stopLooking(form)) return;
  const place = form.parentElement.querySelector(".cw-found");
  place.removeAttribute("aria-busy");
  ended(place, "cw-error", "Stopped", "Nothing is kept of it.");
  form.elements.text.focus();
}

let listed = 0;
async function loadReports() {
  const turn = ++listed;
  const place = byId("cw-reports-table");
  const reply = await request("views/reports?part=" + encodeURIComponent(byId("cw-reports-part").value));
  if (turn !== listed) return;
  if (place.querySelector("[data-sure]")) setTimeout(loadReports, 1000);  // a button asks whether one is sure
  else if (reply.ok) place.innerHTML = reply.words;
  else place.replaceChildren(element("p", reply.words, "cw-problem"));
}
document.addEventListener("cw-reports", () => { if (document.body.dataset.view === "reports") loadReports(); });

async function profile(reportId) {
  location.hash = "reports";
  const place = byId("cw-profile");
  const reply = await request("views/profile?report=" + encodeURIComponent(reportId));
  if (reply.ok) place.innerHTML = reply.words;
  else place.replaceChildren(element("p", reply.words, "cw-problem"));
  const heading = place.querySelector("h2, p");
  heading.tabIndex = -1;
  heading.scrollIntoView({ block: "start" });
  heading.focus({ preventScroll: true });
}

// A report that is removed or read again is asked about first, in place: the button becomes the question.
async function change(button) {
  if (!button.dataset.sure) {
    button.dataset.sure = button.textContent;
    button.textContent = button.dataset.confirm;
    setTimeout(() => {
      if (!button.isConnected || !button.dataset.sure) return;
      button.textContent = button.dataset.sure;
      delete button.dataset.sure;
    }, 5000);
    return;
  }
  const line = byId("cw-reports-said");
  delete button.dataset.sure;
  button.disabled = true;
  button.textContent = button.dataset.doing;
  line.classList.remove("cw-failed");
  line.textContent = button.dataset.doing;
  const reply = await request(button.dataset.address, { method: button.dataset.method, body: "" });
  line.classList.toggle("cw-failed", !reply.ok);
  line.textContent = reply.words;
  await loadReports();
  reportsChanged();
}

document.addEventListener("input", (event) => {
  if (event.target.id === "cw-reports-part") loadReports();
});

document.addEventListener("submit", (event) => {
  if (closest(event, "[data-find-reports]")) event.preventDefault();
  const form = closest(event, "form[data-look]");
  if (!form) return;
  event.preventDefault();
  look(form);
});

document.addEventListener("click", (event) => {
  const opened = closest(event, "[data-profile]");
  if (opened) profile(opened.dataset.profile);
  const stopping = closest(event, "[data-stop-looking]");
  if (stopping) stopped(stopping);
  const changed = closest(event, "[data-address]");
  if (changed) change(changed);
  const example = closest(event, "[data-look-for]");
  if (example) {
    const form = example.closest(".cw-view").querySelector("form");
    form.elements.text.value = example.dataset.lookFor;
    form.requestSubmit();
  }
});

// Gradio draws the page after this runs, and the bar anew with each change of the reports.
new MutationObserver(() => {
  const drawn = document.querySelector(".cw-view") && document.querySelector("[data-view-link]");
  if (drawn && !document.querySelector("[data-view-link][aria-current]")) showView(document.body.dataset.view || hash());
}).observe(document.documentElement, { childList: true, subtree: true });
