// Changes of cells: shown at once, put into the queue, and kept for undo. A change that asks (a mark for
// somebody who is away) is asked at its cell first.
import { isDoubtful, rebased, same } from "./content.js";
import { createPast } from "./past.js";
import { put } from "./queue.js";

export const createEdits = ({ sheet, person, states, sender }) => {
  const past = createPast();

  const write = (cell, content, sure) => {
    if (same(cell.content, content)) {
      states.refresh(cell);
      return;
    }
    put(person, {
      url: sheet.url, lesson: cell.lesson, student: cell.student,
      shown: cell.token, was: cell.base, content, sure,
    });
    states.refresh(cell);
  };

  // `changes`: [{ cell, content }], one step for undo.
  const apply = (changes, { sure = false } = {}) => {
    const real = changes.filter(({ cell, content }) => cell.isOpen && !same(cell.content, content));
    if (real.length) past.add(real.map(({ cell, content }) => ({ cell, before: cell.base, after: content })));
    changes.forEach(({ cell }) => states.forgive(cell));
    real.forEach(({ cell, content }) => write(cell, content, sure));
    if (real.length) sender.request();
    return real.length;
  };

  // Back and forth: what a cell held then, on top of what it holds now. It was asked about before.
  const turn = (step, side) => {
    if (!step) return null;
    for (const change of step) {
      const content = rebased(change[side], change.cell.content);
      write(change.cell, content, isDoubtful(content));
    }
    sender.request();
    return step[0].cell;
  };

  return {
    apply,
    undo: () => turn(past.undo(), "before"),
    redo: () => turn(past.redo(), "after"),
  };
};
