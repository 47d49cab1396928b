// What the other modules share. Words reach the page with textContent; HTML comes from this server alone, which escapes
// every word of a report.

export const byId = (id) => document.getElementById(id);
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
export const closest = (event, selector) => event.target instanceof Element ? event.target.closest(selector) : null;
export const NO_REPLY = "The server does not answer. Check that Citewell is still running, then try again.";

export function element(tag, words, className) {
  const made = document.createElement(tag);
  made.textContent = words;
  if (className) made.className = className;
  return made;
}

// The reply as {ok, words}: `words` is its text, or a sentence that says why there is none.
export async function request(address, options) {
  try {
    const reply = await fetch(address, options);
    const words = await reply.text();
    const told = !reply.ok && reply.headers.get("content-type")?.startsWith("application/json");
    return { ok: reply.ok, status: reply.status, words: told ? JSON.parse(words).error?.message ?? words : words };
  } catch (error) {
    return { ok: false, status: 0, words: NO_REPLY };
  }
}

// Sets a field of Gradio's, which reads what is typed.
export function type(id, words) {
  const field = byId(id)?.querySelector("textarea, input");
  if (!field) return;
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

let saying = 0;
// A short word for what was just done, which screen readers read out.
export function announce(words) {
  const line = byId("cw-live");
  if (!line) return;
  line.textContent = words;
  clearTimeout(saying);
  saying = setTimeout(() => { line.textContent = ""; }, 4000);
}
