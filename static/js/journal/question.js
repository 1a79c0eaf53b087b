// A mark and an absence of one student: perhaps meant, as for work handed in later. Asked at the cell;
// Enter says yes, Escape leaves the cell as it was.
import { PRESENT, same } from "./content.js";
import { filled, words } from "./words.js";

// What is left when not both were meant: the one that was entered now.
export const onlyTheNew = (was, content) => {
  const isMarkNew = was.absence.code === content.absence.code;
  return isMarkNew ? { ...content, absence: PRESENT } : { ...content, marks: [] };
};

const named = (was, content, textOf) => textOf({ ...onlyTheNew(was, content), point: null });

export const createQuestion = ({ sheet, painter, popup }) => ({
  // `then(content, sure)` gets what was chosen.
  ask(cell, { was, content, message = words.askBoth }, then, { focus = true } = {}) {
    const choose = (chosen, sure) => () => {
      popup.close({ back: true });
      then(chosen, sure);
    };
    popup.open(cell, "question", (host) => {
      host.querySelector("[data-title]").textContent = filled(words.askTitle, { name: sheet.nameOf(cell) });
      host.querySelector("[data-message]").textContent = message;
      const [both, one] = host.querySelectorAll("button");
      both.addEventListener("click", choose(content, true));
      one.textContent = filled(words.only, { value: named(was, content, painter.textOf) });
      one.addEventListener("click", choose(onlyTheNew(was, content), false));
      one.hidden = same(onlyTheNew(was, content), content);
    }, { focus });
  },
});
