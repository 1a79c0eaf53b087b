// The value that is being typed into a cell, until it is complete. It belongs to the cell where it was begun,
// wherever the keyboard goes.
import { complete, shorter, shownText, step } from "./draft.js";
import { tell, words } from "./words.js";

export const createTyping = ({ sheet, selection, states, entering, painter }) => {
  let draft = null;
  let cell = null;

  const show = () => {
    if (!draft) {
      delete cell.td.dataset.state;
      states.refresh(cell);
      return;
    }
    const before = draft.adding ? `${painter.textOf(cell.content)} ` : "";
    cell.td.textContent = (before + shownText(draft)).trim();
    cell.td.dataset.state = "edited";
  };

  const drop = () => {
    if (!draft) return;
    draft = null;
    show();
  };

  // Enters what was typed so far, if anything; then goes on, unless the cell has a question.
  const finish = (then) => {
    const typed = draft;
    drop();
    if (typed && typed.typed !== "") entering.take(cell, complete(typed, sheet.scale), then);
    else then?.();
  };

  const down = () => selection.by(1, 0);

  // Gives false for a key that types nothing.
  const type = (event) => {
    const next = step(draft, event, sheet.scale);
    if (!next) return false;
    cell = selection.here();
    if (!cell.isOpen) {
      tell(words.closed);
      return true;
    }
    if (next.draft) {
      draft = next.draft;
      show();
    } else {
      drop();
      entering.take(cell, next, down);
    }
    return true;
  };

  const shorten = () => {
    draft = shorter(draft);
    show();
  };

  return { isOn: () => draft !== null, type, finish, drop, shorten };
};
