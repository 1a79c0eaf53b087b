// All keys of the journal, over the page: by the key ? and by a button.
const dialog = document.querySelector("[data-journal-help]");

for (const button of document.querySelectorAll("[data-open-help]")) {
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea") || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  dialog.showModal();
});
