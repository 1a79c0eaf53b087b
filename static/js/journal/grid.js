// The teacher's journal: puts the parts of the grid together (protocol: docs/journal-entries.md).
import { attachHelp } from "./help.js";
import { attachKeyboard } from "./keyboard.js";
import { attachOneLesson } from "./one-lesson.js";
import { attachPad } from "./pad.js";
import { createCard } from "./card.js";
import { createColumns } from "./columns.js";
import { createCounters } from "./counters.js";
import { createEdits } from "./edits.js";
import { createEntering } from "./entering.js";
import { createPainter } from "./paint.js";
import { createPoint } from "./point.js";
import { createPopup } from "./popup.js";
import { createQuestion } from "./question.js";
import { createRanges } from "./ranges.js";
import { createRefusal } from "./refusal.js";
import { createSelection } from "./selection.js";
import { createSender } from "./sender.js";
import { createStates } from "./states.js";
import { isOnDevice } from "./store.js";
import { readSheet } from "./sheet.js";
import { filled, tell, words } from "./words.js";

const wide = matchMedia("(min-width: 768px)");
const withMouse = matchMedia("(hover: hover) and (pointer: fine)");

// Today's column, else the last one before today that is open.
const startOf = (sheet) => {
  const past = sheet.lessons.filter(({ date }) => date <= sheet.today);
  const lesson = past.findLast(({ open }) => open !== "") ?? past.at(-1) ?? sheet.lessons[0];
  return sheet.at(0, lesson.col);
};

const start = (table) => {
  const person = table.dataset.person;
  const sheet = readSheet(table);
  const painter = createPainter(sheet, words);
  const columns = createColumns(sheet);
  const popup = createPopup(document.querySelector("[data-cell-popup]"));
  const journal = { sheet, person, painter, columns, popup };

  const showRefused = () => {
    const [cell] = journal.states.refusedCells();
    if (!cell) return;
    journal.selection.to(cell);
    journal.popups.refusal.open(cell);
  };
  const counters = createCounters(document.getElementById("journal-state"), { onRefused: showRefused });

  const onAnswer = (entry, answer) => {
    const cell = sheet.find(entry);
    if (!cell) {
      journal.states.refreshAll();
      return;
    }
    if (answer.cell) journal.states.store(cell, answer.cell, entry.content);
    if (answer.state === "saved") {
      sheet.setResult(cell, answer);
      journal.states.tick(cell);
    }
    journal.states.refresh(cell);
    if (answer.state !== "saved") announce(cell, answer);
  };

  // Beside the cell, while the keyboard stays where it is.
  const announce = (cell, { message }) => {
    tell(`${filled(words.refusedTitle, { name: sheet.nameOf(cell) })}. ${message ?? ""}`);
    if (wide.matches && !popup.isOpen()) journal.popups.refusal.open(cell, { focus: false });
  };

  const onMove = (cell) => {
    journal.onKind();
    oneLesson?.show(cell.col);
    pad.describe();
    const isShown = popup.isOpen() && !popup.isAt(cell);
    if (journal.states.isRefused(cell) && wide.matches) journal.popups.refusal.open(cell, { focus: false });
    else if (isShown && journal.states.refusedCells().length === 0) popup.close();
  };

  journal.onKind = () => {
    const box = document.querySelector("[data-kind-now]");
    if (box) box.textContent = columns.nameOf(journal.selection.here());
  };
  journal.sender = createSender({ person, csrf: table.dataset.csrf, words, onAnswer, onConnection: counters.connect });
  journal.states = createStates({ sheet, person, painter, onCount: counters.count });
  journal.edits = createEdits(journal);
  journal.selection = createSelection(sheet, { onMove });
  journal.question = createQuestion(journal);
  journal.entering = createEntering(journal);
  journal.popups = {
    sheet: popup, refusal: createRefusal(journal), card: createCard(journal), point: createPoint(journal),
  };
  Object.assign(journal, createRanges(journal));

  const oneLesson = attachOneLesson(journal);
  const pad = attachPad(journal);
  attachKeyboard(journal);
  attachPointer(journal);
  attachHelp(sheet);
  table.setAttribute("role", "grid");
  table.setAttribute("aria-multiselectable", "true");
  table.parentElement.removeAttribute("tabindex");
  journal.states.refreshAll();
  const first = startOf(sheet);
  journal.selection.to(first, { focus: withMouse.matches && wide.matches && !location.hash && document.activeElement === document.body });

  addEventListener("storage", () => journal.states.refreshAll());
  addEventListener("beforeunload", (event) => {
    if (!isOnDevice() || journal.states.hasUnreadable()) event.preventDefault();
  });
  journal.sender.request();
};

const attachPointer = ({ sheet, selection, popups }) => {
  const cellOf = (event) => sheet.cellAt(event.target.closest("td"));
  sheet.table.addEventListener("mousedown", (event) => {
    const cell = cellOf(event);
    if (!cell || event.button !== 0) return;
    event.preventDefault(); // no text is selected, the focus is ours
    if (event.shiftKey && cell.col === selection.here().col) selection.extendTo(cell);
    else selection.to(cell);
  });
  sheet.table.addEventListener("dblclick", (event) => {
    const cell = cellOf(event);
    if (cell) popups.card.open(cell);
  });
};

const table = document.querySelector("table[data-journal][data-entries-url]");
if (table && document.getElementById("grid-data")) start(table);
