// The grid as cells: what stands in the page's table and in its #grid-data (docs/journal-entries.md).
import { EMPTY, contentOf } from "./content.js";

const AWAY = ["unstated", "ill", "valid", "invalid"];

// ["<token>", [[id, "4", kind, "comment", 1]], ["late", 7], ["2026-12-20", 3]], the silent ends left out.
const unpacked = ([token, marks, absence, point]) => ({
  token,
  marks: (marks || []).map(([id, value, kind, comment = "", corrected = 0]) => (
    { id, value, kind, comment, corrected: Boolean(corrected) }
  )),
  absence: absence ? { code: absence[0], minutes: absence[1] ?? null } : { code: "", minutes: null },
  point: point ? { due_on: point[0], kind: point[1] ?? null } : null,
});

const lessonOf = (head, col) => ({
  col,
  head,
  id: Number(head.dataset.lesson),
  date: head.dataset.date,
  open: head.dataset.open ?? "",
  kind: Number(head.dataset.kind) || null,
});

const makeCell = (td, row, col, lesson, stored) => ({
  td,
  row,
  col,
  lesson: lesson.id,
  student: Number(td.parentElement.dataset.student),
  isOpen: lesson.open !== "" && !td.classList.contains("off"),
  onlyReasons: lesson.open === "reasons",
  token: stored?.token ?? "",
  stored: stored ? contentOf(stored) : EMPTY,
  content: stored ? contentOf(stored) : EMPTY, // what it shows
  base: stored ? contentOf(stored) : EMPTY, // what a change starts from: nothing that was refused
});

// A first average gets the link that the page gives to the others; one that went leaves none behind.
const showAverage = (mean, average) => {
  const address = mean.closest("table").dataset.averages.replace("/0/", `/${mean.parentElement.dataset.student}/`);
  const link = Object.assign(document.createElement("a"), { href: address, textContent: average });
  mean.replaceChildren(...(average ? [link] : []));
};

// The average, and the suggestion in its brackets unless a result was decided.
const showResult = (tr, { average, suggestion }) => {
  const [mean, result] = [tr.querySelector("[data-average]"), tr.querySelector("[data-result]")];
  if (mean) showAverage(mean, average);
  if (!result || (result.textContent.trim() !== "" && !result.querySelector("span"))) return;
  const offered = document.createElement("span");
  offered.textContent = suggestion ? `(${suggestion})` : "";
  result.replaceChildren(offered);
};

export const readSheet = (table) => {
  const data = JSON.parse(document.getElementById("grid-data").textContent);
  const lessons = [...table.querySelectorAll("thead th[data-lesson]")].map(lessonOf);
  const rows = [...table.querySelectorAll("tbody tr[data-student]")];
  const cells = rows.map((tr, row) => lessons.map((lesson, col) => {
    const packed = data.cells[lesson.id]?.[tr.dataset.student];
    const td = tr.querySelectorAll("td")[col];
    return makeCell(td, row, col, lesson, packed && unpacked(packed));
  }));
  cells.flat().filter(({ isOpen }) => !isOpen).forEach(({ td }) => td.setAttribute("aria-readonly", "true"));
  const byTd = new Map(cells.flat().map((cell) => [cell.td, cell]));
  const byKey = new Map(cells.flat().map((cell) => [`${cell.lesson}-${cell.student}`, cell]));

  return {
    table,
    lessons,
    kinds: data.kinds,
    scale: data.values.filter((value) => !value.old),
    values: data.values,
    absences: data.absences,
    url: table.dataset.entriesUrl,
    today: table.dataset.today,
    rows: rows.length,
    all: () => cells.flat(),
    at: (row, col) => cells[row]?.[col],
    cellAt: (td) => byTd.get(td),
    find: ({ lesson, student }) => byKey.get(`${lesson}-${student}`),
    column: (col) => cells.map((row) => row[col]),
    lessonOf: (cell) => lessons[cell.col],
    headOf: (cell) => lessons[cell.col].head,
    historyOf: (cell) => `${lessons[cell.col].head.querySelector("a").href}students/${cell.student}/history/`,
    nameOf: (cell) => rows[cell.row].querySelector(".grid-name").firstChild.textContent.trim(),
    reveal: (cell) => cell.td.scrollIntoView({ block: "nearest", inline: "nearest" }),
    setResult: (cell, answer) => showResult(rows[cell.row], answer),
  };
};

// What this person may make of a cell: everything, or only another reason of an absence that is there.
export const mayBecome = (cell, content) => {
  if (!cell.isOpen) return false;
  if (!cell.onlyReasons) return true;
  const { absence, marks } = cell.base;
  return AWAY.includes(absence.code) && AWAY.includes(content.absence.code) && marks.length === content.marks.length
    && marks.every((mark, place) => mark.value === content.marks[place].value);
};
