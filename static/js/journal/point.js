// A point («точка»): the teacher waits for a student's work until a day, the next lesson unless chosen otherwise.
import { withPoint } from "./content.js";
import { filled, tell, words } from "./words.js";

const WEEK = 7 * 24 * 3600 * 1000;

export const createPoint = ({ sheet, columns, popup, entering, selection }) => {
  const nextLesson = (cell) => {
    const from = sheet.lessonOf(cell).date > sheet.today ? sheet.lessonOf(cell).date : sheet.today;
    return sheet.lessons.find(({ date }) => date > from)?.date
      ?? new Date(Date.parse(from) + WEEK).toISOString().slice(0, 10);
  };

  const fill = (host, cell) => {
    const { point } = cell.base;
    const day = host.querySelector("[name=due]");
    day.value = point?.due_on ?? nextLesson(cell);
    host.querySelector("[data-title]").textContent = filled(words.pointTitle, { name: sheet.nameOf(cell) });
    host.querySelector("[data-cancel]").addEventListener("click", () => popup.close({ back: true }));
    host.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      const due = day.value;
      popup.close({ back: true });
      const wanted = due ? { due_on: due, kind: point?.kind ?? columns.kindOf(cell) } : null;
      if (entering.enter(cell, withPoint(cell.base, wanted))) selection.by(1, 0);
    });
  };

  return {
    open(cell) {
      if (cell.isOpen && sheet.scale.length) popup.open(cell, "point", (host) => fill(host, cell));
      else tell(words.closed);
    },
  };
};
