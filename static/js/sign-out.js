// Who signs out leaves nothing unsaved behind on a shared computer. Entries of the journal that were not
// sent yet stay, for their person alone, and are sent after signing in again: that is asked first. What was
// refused goes.
import { forgetAll } from "./kept.js";
import { isRefused, isWaiting } from "./journal/queue.js";
import { recordsOf, remove } from "./journal/store.js";

addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-sign-out]")) return;
  const entries = recordsOf(document.body.dataset.person);
  const unsent = entries.filter(isWaiting).length;
  if (unsent && !confirm(form.dataset.unsent.replace("{n}", unsent))) event.preventDefault();
  else {
    forgetAll();
    globalThis.caches?.delete("pages"); // of the service worker
    for (const { name } of entries.filter(isRefused)) remove(name);
  }
});
