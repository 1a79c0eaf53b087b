// Who signs out leaves nothing unsaved behind on a shared computer. Entries of the journal that were not
// sent yet stay, for their person alone, and are sent after signing in again: that is asked first.
import { forgetAll } from "./kept.js";
import { recordsOf } from "./journal/store.js";

addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-sign-out]")) return;
  const unsent = recordsOf(document.body.dataset.person).length;
  if (unsent && !confirm(form.dataset.unsent.replace("{n}", unsent))) event.preventDefault();
  else forgetAll();
});
