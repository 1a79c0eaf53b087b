// The keyboard in the grid: which key does what. Marks and letters go through typing.js, the rest is here.
// A handler that answers false leaves the key to the browser.
import { EMPTY, withKind } from "./content.js";
import { isAlt, isControl, isPlain, kindOn, lettersOfKinds } from "./keys.js";
import { STEPS } from "./steps.js";
import { createTyping } from "./typing.js";
import { filled, tell, words } from "./words.js";

export const attachKeyboard = (journal) => {
  const { sheet, selection, columns, edits, states, entering, popups } = journal;
  const letters = lettersOfKinds(sheet.kinds);
  const typing = createTyping(journal);
  let isLeaving = false;

  const here = () => selection.here();
  const within = (place, end) => Math.max(0, Math.min(place, end - 1));
  const go = (row, col) => selection.to(sheet.at(within(row, sheet.rows), within(col, sheet.lessons.length)));
  const first = 0;
  const last = Infinity;

  const arrow = (event) => {
    const [rows, cols] = STEPS[event.key];
    if (event.shiftKey && !rows) return false;
    if (event.shiftKey) selection.extend(rows);
    else typing.finish(() => go(here().row + rows, here().col + cols));
    return true;
  };

  // Tab and Enter run down the column. Past its end, and after Escape, Tab leaves the grid.
  const run = (event) => {
    const next = sheet.at(here().row + (event.shiftKey ? -1 : 1), here().col);
    if (event.key === "Tab" && (isLeaving || !next)) {
      typing.finish();
      return false;
    }
    const isAsked = event.key === "Enter" && !typing.isOn() && states.isRefused(here());
    if (isAsked) popups.refusal.open(here());
    else typing.finish(() => selection.to(next));
    return true;
  };

  const escape = () => {
    if (popups.sheet.isOpen()) popups.sheet.close();
    else if (typing.isOn()) typing.drop();
    else if (states.unreadableAt(here())) states.forgive(here());
    else if (selection.isRange()) selection.collapse();
    else {
      isLeaving = true;
      tell(words.leaving);
    }
  };

  const empty = (event) => {
    if (event.key === "Backspace" && typing.isOn()) {
      typing.shorten();
      return;
    }
    typing.drop();
    const cells = selection.range();
    if (cells.length === 1) entering.enter(cells[0], EMPTY);
    else edits.apply(cells.filter((cell) => !cell.onlyReasons).map((cell) => ({ cell, content: EMPTY })));
  };

  // Of the mark that stands in the cell; in an empty cell, of the marks that follow in the column.
  const chooseKind = (event) => {
    const id = kindOn(event, letters);
    if (id === undefined) return false;
    const cell = here();
    const isOfTheMark = !typing.isOn() && cell.isOpen && cell.base.marks.length > 0;
    if (isOfTheMark) entering.enter(cell, withKind(cell.base, id));
    else columns.choose(cell, id);
    tell(filled(words.kindChosen, { kind: columns.named(id) }));
    journal.onKind();
    return true;
  };

  const turn = (step) => {
    typing.drop();
    const cell = step();
    if (cell) selection.to(cell);
    else tell(words.nothingToTurn);
  };
  const card = () => typing.finish(() => popups.card.open(here()));
  const point = () => popups.point.open(here());

  const plain = { Enter: run, Tab: run, Escape: escape, Delete: empty, Backspace: empty, F2: card, "=": card };
  plain.F4 = () => typing.finish(() => location.assign(sheet.historyOf(here())));
  plain.Home = () => go(here().row, first);
  plain.End = () => go(here().row, last);
  const withControl = {
    KeyZ: ({ shiftKey }) => turn(shiftKey ? edits.redo : edits.undo),
    KeyY: () => turn(edits.redo),
    KeyD: () => typing.finish(journal.fillDown),
    Home: () => go(first, first),
    End: () => go(last, last),
    ArrowUp: () => go(first, here().col),
    ArrowDown: () => go(last, here().col),
    ArrowLeft: () => go(here().row, first),
    ArrowRight: () => go(here().row, last),
  };

  const isPoint = (event) => event.key === "." || event.code === "NumpadDecimal" || event.code === "Period";

  const handlerOf = (event) => {
    if (isAlt(event)) return chooseKind;
    if (isControl(event)) return withControl[event.code];
    if (!isPlain(event)) return undefined;
    if (event.key in STEPS) return arrow;
    if (isPoint(event) && !typing.isOn()) return point;
    return plain[event.key] ?? typing.type;
  };

  sheet.table.addEventListener("keydown", (event) => {
    if (!sheet.cellAt(event.target) || event.isComposing) return;
    if (!["Tab", "Shift"].includes(event.key)) isLeaving = false;
    const handler = handlerOf(event);
    if (handler && handler(event) !== false) event.preventDefault();
  });

  // Who turns elsewhere in the middle of a value leaves it entered.
  sheet.table.addEventListener("focusout", () => typing.finish());
};
