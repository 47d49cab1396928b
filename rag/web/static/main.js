// The script of the page. It works by delegation on plain attributes, since Gradio draws its parts anew:
//   data-cite opens the evidence, data-back returns        evidence.js
//   data-turn, data-zoom, data-as-text on a page          pages.js
//   data-ask, data-edit, data-copy                         answers.js
//   data-verdict says whether an answer is right           feedback.js
//   data-view-link, data-look, data-profile, data-address  views.js
//   data-open, data-naming, data-deleting                 conversations.js
//   data-clear-uploads, and files chosen or dropped        uploads.js
//   data-side opens the reports and filters                here

import { byId, closest } from "./dom.js";
import "./evidence.js";
import "./answers.js";
import "./feedback.js";
import "./uploads.js";
import "./conversations.js";
import "./views.js";

document.addEventListener("click", (event) => {
  const toggle = closest(event, "[data-side]");
  if (!toggle) return;
  const open = document.body.classList.toggle("cw-side-open");
  toggle.setAttribute("aria-expanded", String(open));
  if (open) byId("cw-side").scrollIntoView({ block: "start" });
});
