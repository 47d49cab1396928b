"""The script of the chat page, as text, so that a wheel carries it without data files.

It works by delegation on plain attributes: `data-cite` opens the evidence, `data-ask` asks an example, `data-back`
returns to the answer, `data-side` opens the reports and filters, `data-verdict` says whether an answer is right. It
sets text with `textContent`, and takes HTML only from this server's own `/evidence/` route, where every word of a
report is escaped.
"""

SCRIPT = r"""
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  let opener = null;      // the citation that the evidence was opened from: Escape returns to it
  let latest = 0;         // only the reply to the last click may fill the panel

  function text(tag, words, className) {
    const element = document.createElement(tag);
    element.textContent = words;
    if (className) element.className = className;
    return element;
  }

  async function openEvidence(link) {
    const turn = ++latest;
    document.querySelectorAll("[data-cite][aria-current]").forEach((other) => other.removeAttribute("aria-current"));
    link.setAttribute("aria-current", "true");
    opener = link;
    const panel = byId("cw-evidence");
    let content;
    try {
      const reply = await fetch(link.href + "&part=1", { headers: { accept: "text/html" } });
      const body = await reply.text();
      if (turn !== latest) return;
      content = document.createElement("div");
      if (reply.ok) content.innerHTML = body;
      else content.append(text("p", body));
    } catch (error) {
      if (turn !== latest) return;
      content = document.createElement("div");
      content.append(text("p", "The server does not answer. Check that Citewell is still running, then click again."));
    }
    const back = text("button", "Back to the answer", "cw-back");
    back.type = "button";
    back.dataset.back = "";
    document.body.classList.add("cw-has-evidence");
    panel.replaceChildren(back, ...content.childNodes);
    const quote = byId("cw-quote") || back;
    const column = byId("cw-proof");
    if (getComputedStyle(column).overflowY === "auto") {  // beside the answer, only the panel moves
      const box = quote.getBoundingClientRect();
      column.scrollTop += box.top - column.getBoundingClientRect().top - column.clientHeight / 3;
    } else quote.scrollIntoView({ block: "center", behavior: "auto" });
    quote.focus({ preventScroll: true });
  }

  function backToAnswer() {
    if (!opener || !opener.isConnected) return byId("cw-question")?.querySelector("textarea")?.focus();
    opener.scrollIntoView({ block: "center", behavior: "auto" });
    opener.focus({ preventScroll: true });
  }

  function ask(question) {
    const box = byId("cw-question").querySelector("textarea");
    box.value = question;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => byId("cw-send").click(), 50);
  }

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const cite = target?.closest("a[data-cite]");
    if (cite && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      openEvidence(cite);
      return;
    }
    if (target?.closest("[data-back]")) backToAnswer();
    const example = target?.closest("[data-ask]");
    if (example) ask(example.dataset.ask);
    const verdict = target?.closest("[data-verdict]");
    if (verdict) choose(verdict);
    const toggle = target?.closest("[data-side]");
    if (toggle) {
      const open = document.body.classList.toggle("cw-side-open");
      toggle.setAttribute("aria-expanded", String(open));
      if (open) byId("cw-side").scrollIntoView({ block: "start" });
    }
  });

  document.addEventListener("keydown", (event) => {
    const inside = event.target instanceof Element && event.target.closest("#cw-evidence");
    if (event.key === "Escape" && inside) backToAnswer();
    const comment = event.target instanceof Element && event.target.closest(".cw-comment");
    if (event.key === "Escape" && comment) closeComment(nameOf(comment.closest(".cw-feedback")));
  });

  // ---- saying whether an answer is right
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
    box.querySelector("[aria-expanded]").setAttribute("aria-expanded", String(mark.open));
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
        words = "The server does not answer. Check that Citewell is still running, then try again.";
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
    mark.open = verdict === "wrong" && !(mark.open && mark.verdict === "wrong");
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
    markOf(name).open = false;
    drawMark(box);
    if (inside) box.querySelector("[aria-expanded]").focus({ preventScroll: true });
  }

  document.addEventListener("input", (event) => {
    const box = event.target.closest(".cw-feedback");
    if (box) markOf(nameOf(box)).words = event.target.value;
  });

  document.addEventListener("submit", async (event) => {
    const box = event.target.closest(".cw-feedback");
    if (!box) return;
    event.preventDefault();
    const name = nameOf(box);
    const mark = markOf(name);
    const words = mark.words.trim();
    const isNew = mark.verdict !== "wrong" || words !== mark.told;
    if (!isNew || await sendMark(name, "wrong", words)) closeComment(name);
  });

  // A new question comes to the top of the page once; after that the reader scrolls.
  let shown = "";
  new MutationObserver(() => {
    const unnamed = document.querySelectorAll("#cw-filters input:not([placeholder='All'])");
    for (const field of unnamed) field.placeholder = "All";
    for (const box of document.querySelectorAll(".cw-feedback:not([data-drawn])")) drawMark(box);
    const turn = document.querySelector("#cw-now .cw-turn");
    const name = turn ? turn.getAttribute("aria-label") : "";
    if (name === shown) return;
    shown = name;
    // the turn before it moves up in the same update: wait until it stands
    setTimeout(() => turn?.scrollIntoView({ block: "start", behavior: calm() }), 120);
  }).observe(document.documentElement, { childList: true, subtree: true, attributeFilter: ["aria-label"] });

  // ---- adding reports
  const LIMIT = { files: 50, bytes: 100 * 1024 * 1024 };

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
    const words = text("small", "Sending");
    item.append(text("b", name), bar, words);
    byId("cw-upload-list").prepend(item);
    return { item, bar, words };
  }

  function post(file, row) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", "uploads?name=" + encodeURIComponent(file.name));
      request.setRequestHeader("content-type", "application/octet-stream");
      request.upload.onprogress = (event) => {
        row.bar.value = event.lengthComputable ? 5 * event.loaded / event.total : 0;
      };
      const refuse = (words) => resolve({ state: "refused", percent: 0, words });
      request.onerror = () => refuse("The server did not take the file. Check that Citewell is still running.");
      request.onload = () => {
        if (request.status === 200) resolve(JSON.parse(request.responseText));
        else refuse(request.responseText);
      };
      request.send(file);
    });
  }

  async function follow(upload, row) {
    while (!show(row, upload)) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      try {
        const reply = await fetch("uploads/" + upload.id);
        upload = reply.ok ? await reply.json() : { state: "refused", percent: 0, words: await reply.text() };
      } catch (error) { row.words.textContent = "Waiting for the server"; }
    }
    if (upload.state === "done") byId("cw-refresh").click();
  }

  async function add(files) {
    const list = [...files];
    if (list.length > LIMIT.files) {
      const row = addRow(list.length + " files");
      const words = "At most " + LIMIT.files + " files at once. Add them in smaller lots.";
      show(row, { state: "refused", percent: 0, words });
      return;
    }
    const waiting = [];
    for (const file of list) {
      const row = addRow(file.name);
      if (file.size > LIMIT.bytes) {
        const words = "Larger than 100 MB, which is the most that this page takes.";
        show(row, { state: "refused", percent: 0, words });
        continue;
      }
      waiting.push([file, row]);
    }
    for (const [file, row] of waiting) follow(await post(file, row), row);
  }

  document.addEventListener("change", (event) => {
    if (event.target.id !== "cw-files") return;
    add(event.target.files);
    event.target.value = "";
  });
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      if (!event.dataTransfer || ![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();  // a file dropped beside the field must not replace the page
      document.querySelector(".cw-drop")?.classList.toggle("cw-over", kind === "dragover");
      if (kind === "drop") add(event.dataTransfer.files);
    });
  }
})();
"""
