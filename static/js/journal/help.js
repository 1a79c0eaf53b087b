// All keys of the journal, over the page: by the key ? and by a button. The kinds of work are this school's.
import { lettersOfKinds } from "./keys.js";

const element = (name, ...inside) => {
  const made = document.createElement(name);
  made.append(...inside);
  return made;
};

export const attachHelp = ({ kinds }) => {
  const dialog = document.querySelector("[data-journal-help]");

  const names = new Map(kinds.map(({ id, name }) => [id, name]));
  dialog.querySelector("[data-help-kinds]").replaceChildren(...[...lettersOfKinds(kinds)].map(([letter, id]) => element(
    "div",
    element("dt", element("kbd", "Alt"), " + ", element("kbd", letter.toUpperCase())),
    element("dd", names.get(id)),
  )));

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
};
