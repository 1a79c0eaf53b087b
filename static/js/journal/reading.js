// A journal in which nothing can be entered: the keyboard goes through it, and a cell tells what it holds,
// leads to its history and, in a closed term, to asking for a correction.
import { createPopup } from "./popup.js";
import { createSelection } from "./selection.js";
import { isPlain } from "./keys.js";
import { readSheet } from "./sheet.js";
import { STEPS } from "./steps.js";
import { tell, words } from "./words.js";

const inWords = new Intl.DateTimeFormat(document.documentElement.lang, { day: "numeric", month: "long", timeZone: "UTC" });

const line = (host, text) => {
  const made = document.createElement("p");
  made.textContent = text;
  host.append(made);
};

const createReading = (sheet, popup) => {
  const kinds = new Map(sheet.kinds.map(({ id, name }) => [id, name]));
  const absences = new Map(sheet.absences.map(({ code, name }) => [code, name]));
  const correct = sheet.table.dataset.correct;

  const fill = (host, cell) => {
    const { marks, absence, point } = cell.content;
    host.querySelector("[data-title]").textContent = sheet.nameOf(cell);
    const held = host.querySelector("[data-held]");
    for (const { value, kind, comment } of marks) {
      line(held, [value, kinds.get(kind), comment && `«${comment}»`].filter(Boolean).join(" · "));
    }
    if (absence.code) line(held, [absences.get(absence.code), absence.minutes].filter(Boolean).join(" "));
    if (point) line(held, `${words.point} ${inWords.format(new Date(point.due_on))}`);
    if (!held.childElementCount) line(held, words.nothing);
    host.querySelector("[data-history]").href = sheet.historyOf(cell);
    const ask = host.querySelector("[data-correct]");
    ask.hidden = !correct;
    if (correct) ask.href = `${correct}?lesson=${cell.lesson}&student=${cell.student}`;
  };

  return (cell) => popup.open(cell, "reading", (host) => fill(host, cell));
};

const start = (table) => {
  const sheet = readSheet(table);
  const popup = createPopup(document.querySelector("[data-cell-popup]"));
  const open = createReading(sheet, popup);
  const selection = createSelection(sheet, { onMove: () => popup.close() });
  const here = () => selection.here();
  const within = (place, end) => Math.max(0, Math.min(place, end - 1));
  const go = (row, col) => selection.to(sheet.at(within(row, sheet.rows), within(col, sheet.lessons.length)));

  const keys = {
    Enter: () => open(here()), F2: () => open(here()), "=": () => open(here()),
    F4: () => location.assign(sheet.historyOf(here())),
    Home: () => go(here().row, 0), End: () => go(here().row, Infinity),
    Escape: () => popup.close(),
  };
  const handlerOf = (event) => {
    if (!isPlain(event)) return undefined;
    if (event.key in STEPS) return () => go(here().row + STEPS[event.key][0], here().col + STEPS[event.key][1]);
    // Whoever types a mark is told why it does not go in, beside the cell.
    return keys[event.key] ?? (event.key.length === 1 ? () => { tell(words.closed); open(here()); } : undefined);
  };

  table.addEventListener("keydown", (event) => {
    const handler = sheet.cellAt(event.target) && handlerOf(event);
    if (!handler) return;
    event.preventDefault();
    handler();
  });
  table.addEventListener("click", (event) => {
    const cell = sheet.cellAt(event.target.closest("td"));
    if (cell && selection.to(cell)) open(cell);
  });
  table.setAttribute("role", "grid");
  table.parentElement.removeAttribute("tabindex");
  selection.to(sheet.at(0, sheet.lessons.length - 1), { focus: false });
};

const table = document.querySelector("table[data-journal]:not([data-entries-url])");
if (table && document.getElementById("grid-data")) start(table);
