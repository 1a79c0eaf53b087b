// The value that is being typed into the cell with the keyboard's focus, until it is complete.
import { complete, shorter, shownText, step } from "./draft.js";
import { tell, words } from "./words.js";

export const createTyping = ({ sheet, selection, states, entering, painter }) => {
  let draft = null;

  const show = () => {
    const cell = selection.here();
    if (!draft) {
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
    if (!typed || typed.typed === "") {
      drop();
      then?.();
      return;
    }
    drop();
    entering.take(selection.here(), complete(typed, sheet.scale), then);
  };

  const down = () => selection.by(1, 0);

  // Gives false for a key that types nothing.
  const type = (event) => {
    const next = step(draft, event, sheet.scale);
    if (!next) return false;
    if (!selection.here().isOpen) {
      tell(words.closed);
      return true;
    }
    draft = next.draft ?? null;
    if (draft) show();
    else entering.take(selection.here(), next, down);
    return true;
  };

  const shorten = () => {
    draft = shorter(draft);
    show();
  };

  return { isOn: () => draft !== null, type, finish, drop, shorten };
};
