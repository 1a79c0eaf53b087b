// From what was typed to what a cell becomes. A mark and an absence together are asked about at the cell.
import { isDoubtful, withAbsence, withAdded, withValues } from "./content.js";
import { mayBecome } from "./sheet.js";
import { filled, tell, words } from "./words.js";

// `read` is what parse() understood; `adding` puts the marks beside those that are there.
export const becomes = (cell, { read, adding = false }, kind) => {
  let content = cell.base;
  if (read.values.length) {
    content = adding ? withAdded(content, read.values, kind) : withValues(content, read.values, kind);
  }
  return read.absence ? withAbsence(content, read.absence) : content;
};

export const createEntering = ({ sheet, columns, edits, states, question }) => {
  // Gives true when the cell has its new content, and the keyboard may go on to the next.
  const enter = (cell, content, then) => {
    if (!mayBecome(cell, content)) {
      tell(cell.onlyReasons ? words.onlyReasons : words.closed);
      return false;
    }
    if (isDoubtful(content) && !isDoubtful(cell.base)) {
      question.ask(cell, { was: cell.base, content }, (answered, sure) => {
        edits.apply([{ cell, content: answered }], { sure });
        then?.();
      });
      return false;
    }
    edits.apply([{ cell, content }], { sure: isDoubtful(content) });
    return true;
  };

  // A mark or absence that was typed to its end.
  const take = (cell, outcome, then) => {
    if (!cell.isOpen) {
      tell(words.closed);
      return;
    }
    if (outcome.unreadable) {
      states.refuse(cell, outcome.unreadable, unreadable(outcome.unreadable));
      tell(unreadable(outcome.unreadable));
      return;
    }
    if (enter(cell, becomes(cell, outcome, columns.kindOf(cell)), then)) then?.();
  };

  const unreadable = (text) => filled(words.unreadable, { text, values: sheet.scale.map((value) => value.text).join(", ") });

  return { enter, take, unreadable };
};
