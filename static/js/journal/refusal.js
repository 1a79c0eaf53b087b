// What was not taken, told at its cell: both values to choose from where somebody else was first, the
// question of a mark with an absence, else the server's words.
import { isEmpty } from "./content.js";
import { drop, insist } from "./queue.js";
import { filled, words } from "./words.js";

export const createRefusal = ({ sheet, person, painter, states, sender, popup, question }) => {
  const valued = (full, empty, content) => (isEmpty(content) ? empty : filled(full, { value: painter.textOf(content) }));

  const closing = (cell, act) => () => {
    popup.close({ back: true });
    act();
    states.refresh(cell);
    sender.request();
  };

  const choicesOf = (cell, entry) => {
    const leave = () => drop(entry);
    const again = () => insist(person, entry);
    if (entry.state === "fault") return [[words.again, again], [words.dismiss, leave]];
    if (entry.state !== "conflict") return [[words.dismiss, leave]];
    return [
      [valued(words.put, words.putEmpty, entry.content), again],
      [valued(words.keep, words.keepEmpty, cell.stored), leave],
    ];
  };

  const fill = (host, cell, message, choices) => {
    host.querySelector("[data-title]").textContent = filled(words.refusedTitle, { name: sheet.nameOf(cell) });
    host.querySelector("[data-message]").textContent = message;
    const buttons = host.querySelectorAll("button");
    buttons.forEach((button, place) => {
      const [label, act] = choices[place] ?? [];
      button.hidden = !label;
      if (!label) return;
      button.textContent = label;
      button.addEventListener("click", closing(cell, act));
    });
  };

  // `focus` false: shown beside the cell while the keyboard goes on elsewhere.
  const open = (cell, { focus = true } = {}) => {
    const typed = states.unreadableAt(cell);
    const entry = states.entryOf(cell);
    if (!typed && !entry) return;
    if (!typed && entry.state === "question") {
      question.ask(cell, entry, (content, sure) => {
        insist(person, entry, { content, sure });
        states.refresh(cell);
        sender.request();
      }, { focus });
      return;
    }
    const choices = typed ? [[words.dismiss, () => states.forgive(cell)]] : choicesOf(cell, entry);
    popup.open(cell, "refusal", (host) => fill(host, cell, (typed ?? entry).message, choices), { focus });
  };

  return { open };
};
