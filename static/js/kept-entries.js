// Entries of a form that were not saved outlive a lost session: they are kept in this tab, by the form's
// name (lesson and person), put back with a notice, and forgotten once saved, discarded or signed out.
// Files cannot be put back into a form, and are left out.
import { forget, read, write } from "./kept.js";

const isSaved = (name) => document.querySelector(`#messages [data-saved="${name}"]`) !== null;
const pairs = (form) => [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
const now = () => new Intl.DateTimeFormat(document.documentElement.lang, { hour: "numeric", minute: "2-digit" }).format();

// A mark that somebody took away has no field any more: it goes along unseen, and the answer tells of it.
const fill = (form, [name, value]) => {
  const field = form.elements.namedItem(name);
  if (field) {
    field.value = value;
    return;
  }
  const hidden = Object.assign(document.createElement("input"), { type: "hidden", name, value });
  form.append(hidden);
};

const restore = (form, kept) => {
  kept.entries.forEach((pair) => fill(form, pair));
  for (const field of form.elements) field.dispatchEvent(new Event("input", { bubbles: true }));
  const notice = document.querySelector("[data-kept-notice]");
  notice.querySelector("[data-kept-text]").textContent = notice.dataset.keptNotice.replace("{time}", kept.at);
  notice.hidden = false;
  notice.querySelector("[data-kept-discard]").addEventListener("click", () => {
    forget(form.dataset.keep);
    form.dataset.discarded = "";
    location.reload();
  });
};

for (const form of document.querySelectorAll("form[data-keep]")) {
  const name = form.dataset.keep;
  const refused = "refused" in form.dataset;
  const asShown = JSON.stringify(pairs(form));
  const keep = () => write(name, { at: now(), entries: pairs(form) });

  if (isSaved(name)) forget(name);
  const kept = read(name);
  if (refused) keep();
  else if (kept && JSON.stringify(kept.entries) !== asShown) restore(form, kept);

  form.addEventListener("input", () => {
    if (refused || JSON.stringify(pairs(form)) !== asShown) keep();
    else forget(name);
  });
  form.addEventListener("submit", keep);
}
