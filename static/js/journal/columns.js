// Which kind of work the next marks of a column are of: the column's own until another is chosen.
export const createColumns = (sheet) => {
  const chosen = new Map();
  const names = new Map(sheet.kinds.map((kind) => [kind.id, kind]));
  const kindOf = (cell) => chosen.get(cell.lesson) ?? sheet.lessonOf(cell).kind;

  return {
    kindOf,
    nameOf: (cell) => names.get(kindOf(cell))?.name ?? "",
    named: (id) => names.get(id)?.name ?? "",
    choose(cell, id) {
      chosen.set(cell.lesson, id);
      sheet.headOf(cell).dataset.chosenKind = names.get(id)?.code ?? "";
    },
  };
};
