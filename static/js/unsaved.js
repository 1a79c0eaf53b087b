// A form with changes that are not saved says so, and asks before it is left.
for (const form of document.querySelectorAll("form[data-unsaved]")) {
  const state = form.querySelector("[data-save-state]");
  const words = ([name, value]) => [name, typeof value === "string" ? value : value.name];
  const snapshot = () => new URLSearchParams([...new FormData(form)].map(words)).toString();
  const saved = "refused" in form.dataset ? "" : snapshot();
  let sending = false;

  const changed = () => !sending && !("discarded" in form.dataset) && snapshot() !== saved;
  const show = () => {
    const unsaved = changed();
    state.dataset.unsaved = unsaved;
    const text = unsaved ? state.dataset.unsavedText : "";
    if (state.textContent !== text) state.textContent = text;
  };

  form.addEventListener("input", show);
  form.addEventListener("change", show);
  form.addEventListener("submit", () => { sending = true; });
  addEventListener("pageshow", (event) => {
    if (event.persisted) sending = false;
    show();
  });
  addEventListener("beforeunload", (event) => {
    if (changed()) event.preventDefault();
  });
}
