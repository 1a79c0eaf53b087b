// Undo and redo: steps of one or many cells, each with what the cell held before and after.
const MOST = 200;

export const createPast = () => {
  const done = [];
  const undone = [];
  const turn = (from, onto) => {
    const changes = from.pop();
    if (changes) onto.push(changes);
    return changes ?? null;
  };
  return {
    add(changes) {
      done.push(changes);
      if (done.length > MOST) done.shift();
      undone.length = 0;
    },
    undo: () => turn(done, undone),
    redo: () => turn(undone, done),
  };
};
