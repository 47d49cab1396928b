// The pages of a PDF as pictures, the quotation boxed on them: turned, enlarged, and exchanged for the text.

import { announce, closest, element, request } from "./dom.js";

const ZOOMS = [1, 1.5, 2, 3];
const STEP = 200;  // pixels: widths asked for are multiples, so that pictures come from the cache

// Draws the page that holds the quotation; whether it could. The boxes are asked for once, and kept on the element.
export async function drawPages(place) {
  const { report, start, end } = place.dataset;
  const address = `api/v1/reports/${report}/boxes?start=${start}&end=${end}`;
  let reply = await request(address);
  if (reply.status === 503) {  // many pages are being drawn: once more, then the text is shown
    await new Promise((resolve) => setTimeout(resolve, 1500));
    reply = await request(address);
  }
  if (!reply.ok || !place.isConnected) return false;
  place.found = JSON.parse(reply.words);
  place.zoom = 0;
  const first = place.found.pages.find((page) => page.boxes.length) ?? place.found.pages[0];
  if (!first) return false;
  show(place, first.page);
  return true;
}

function show(place, number) {
  const { report, pages, title } = place.dataset;
  const at = place.found.pages.findIndex((page) => page.page === number);
  const own = place.found.pages[at];
  const aspect = place.found.aspect[at] ?? place.found.aspect[0] ?? 1.414;
  place.dataset.page = number;
  const sheet = place.querySelector(".cw-sheet");
  const page = element("div", "", "cw-paper");
  page.style.width = 100 * ZOOMS[place.zoom] + "%";
  page.style.aspectRatio = String(1 / aspect);
  const picture = document.createElement("img");
  const wanted = sheet.clientWidth * ZOOMS[place.zoom] * (devicePixelRatio || 1);
  picture.src = `api/v1/reports/${report}/pages/${number}/image?width=${Math.ceil(wanted / STEP) * STEP}`;
  picture.alt = `Page ${number} of ${title}` + (own?.boxes.length ? ", with the quotation boxed" : "");
  picture.onerror = () => {
    page.style.aspectRatio = "auto";
    page.replaceChildren(element("p", "This page could not be drawn. “Text” has its words.", "cw-problem"));
  };
  page.append(picture);
  (own?.boxes ?? []).forEach((box, position) => {
    const frame = element("div", "", "cw-box");
    for (const [side, value] of [["left", box.left], ["top", box.top]]) frame.style[side] = 100 * value + "%";
    frame.style.width = 100 * (box.right - box.left) + "%";
    frame.style.height = 100 * (box.bottom - box.top) + "%";
    if (position === 0) {
      frame.tabIndex = -1;
      frame.dataset.boxed = "";
      frame.setAttribute("role", "img");
      frame.setAttribute("aria-label", "The quotation begins here");
    }
    page.append(frame);
  });
  sheet.replaceChildren(page);
  place.querySelector(".cw-page-now").textContent = `Page ${number} of ${pages}`;
  place.querySelector("[data-turn='-1']").disabled = number <= 1;
  place.querySelector("[data-turn='1']").disabled = number >= Number(pages);
  place.querySelector("[data-zoom='-1']").disabled = place.zoom === 0;
  place.querySelector("[data-zoom='1']").disabled = place.zoom === ZOOMS.length - 1;
  place.querySelector("[data-to-quote]").hidden = own !== undefined;
  const lost = place.querySelector(".cw-unboxed");
  lost.hidden = !own || own.covered >= 0.5;
  const first = page.querySelector("[data-boxed]");
  if (first) {
    sheet.scrollTop = first.offsetTop - sheet.clientHeight / 3;
    sheet.scrollLeft = page.clientWidth * Math.min(...own.boxes.map((box) => box.left)) - 24;
  }
}

function showText(place, asText) {
  place.classList.toggle("cw-as-text", asText);
  place.parentElement.querySelector(".cw-document").hidden = !asText;
  const button = place.querySelector("[data-as-text]");
  button.textContent = asText ? "Page" : "Text";
}

// Without a picture the text is what there is to see.
export function textInstead(place) {
  place.hidden = true;
  place.parentElement.querySelector(".cw-document").hidden = false;
}

document.addEventListener("click", (event) => {
  const place = closest(event, ".cw-pages");
  if (!place?.found) return;
  const turn = closest(event, "[data-turn]");
  if (turn) {
    show(place, Number(place.dataset.page) + Number(turn.dataset.turn));
    announce(place.querySelector(".cw-page-now").textContent);
  }
  const zoom = closest(event, "[data-zoom]");
  if (zoom) {
    place.zoom = Math.min(ZOOMS.length - 1, Math.max(0, place.zoom + Number(zoom.dataset.zoom)));
    show(place, Number(place.dataset.page));
    announce(`Enlarged to ${100 * ZOOMS[place.zoom]} percent`);
  }
  if (closest(event, "[data-to-quote]")) show(place, place.found.pages[0].page);
  if (closest(event, "[data-as-text]")) showText(place, !place.classList.contains("cw-as-text"));
});
