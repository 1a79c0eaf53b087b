// Draws a cell's content as the server does (docs/journal-entries.md, "What a cell draws").
const element = (name, ...inside) => {
  const made = document.createElement(name);
  made.append(...inside);
  return made;
};

const dayAndMonth = (date) => `${date.slice(8, 10)}.${date.slice(5, 7)}`;

export const createPainter = ({ kinds, values, absences }, words) => {
  const isTest = new Set(kinds.filter(({ test }) => test).map(({ id }) => id));
  const tones = new Map(values.map(({ text, tone }) => [text, tone]));
  const letters = new Map(absences.map(({ code, letter }) => [code, letter]));

  const absenceText = ({ code, minutes }) => `${letters.get(code) ?? code}${minutes ?? ""}`;

  const drawnMark = ({ value, kind, corrected }) => {
    let drawn = document.createTextNode(value);
    if (tones.get(value) === "two") drawn = element("u", drawn);
    if (isTest.has(kind)) drawn = element("b", drawn);
    if (corrected) {
      drawn = element("ins", drawn);
      drawn.title = words.correction;
    }
    return drawn;
  };

  const drawnAbsence = (absence) => {
    const drawn = element("i", absenceText(absence));
    drawn.dataset.code = absence.code;
    return drawn;
  };

  // The same as one line of text, for words about the cell.
  const textOf = ({ marks, absence, point }) => [
    ...(absence.code ? [absenceText(absence)] : []),
    ...marks.map(({ value }) => value),
    ...(point && !marks.length ? [dayAndMonth(point.due_on)] : []),
  ].join(" ");

  const draw = (td, { marks, absence, point }, kindOfColumn) => {
    const parts = [
      ...(absence.code ? [drawnAbsence(absence)] : []),
      ...marks.map((mark) => drawnMark({ ...mark, kind: mark.kind ?? kindOfColumn })),
      ...(point ? [element("em", dayAndMonth(point.due_on))] : []),
    ];
    td.replaceChildren(...parts.flatMap((part, place) => (place ? [" ", part] : [part])));
    td.classList.toggle("said", marks.some(({ comment }) => comment !== ""));
  };

  return { draw, textOf };
};
