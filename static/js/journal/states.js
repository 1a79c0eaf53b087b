// What a cell shows: the entry that waits for it or was refused, else what is stored; and how it stands.
import { contentOf, idsGiven, withIds } from "./content.js";
import { cellOf, entriesOf, isRefused, isWaiting } from "./queue.js";

const TICK = 2000;

export const createStates = ({ sheet, person, painter, onCount }) => {
  const unreadable = new Map(); // cell → what was typed or pasted and could not be read: it is not sent
  const ticks = new Map();

  const entryOf = (cell) => entriesOf(person).filter((entry) => cellOf(entry) === cellOf(cell)).at(-1) ?? null;

  const show = (cell, state) => {
    if (state) cell.td.dataset.state = state;
    else delete cell.td.dataset.state;
    if (state === "refused") cell.td.setAttribute("aria-invalid", "true");
    else cell.td.removeAttribute("aria-invalid");
  };

  const count = () => {
    const entries = entriesOf(person);
    onCount({
      waiting: entries.filter(isWaiting).length,
      refused: entries.filter((entry) => isRefused(entry) && sheet.find(entry)).length + unreadable.size,
    });
  };

  const draw = (cell, entry) => {
    cell.content = entry?.content ?? cell.stored;
    cell.base = entry && isWaiting(entry) ? entry.content : cell.stored;
    if (cell.td.dataset.state === "edited") return; // something is being typed over it
    if (unreadable.has(cell)) {
      cell.td.textContent = unreadable.get(cell).text;
      show(cell, "refused");
      return;
    }
    painter.draw(cell.td, cell.content, sheet.lessonOf(cell).kind);
    if (entry) show(cell, isWaiting(entry) ? "waiting" : "refused");
    else show(cell, ticks.has(cell) ? "saved" : "");
  };

  const refresh = (cell) => {
    draw(cell, entryOf(cell));
    count();
  };

  const refreshAll = () => {
    const entries = new Map(entriesOf(person).map((entry) => [cellOf(entry), entry]));
    for (const cell of sheet.all()) {
      const entry = entries.get(cellOf(cell));
      if (entry || cell.td.dataset.state) draw(cell, entry ?? null);
    }
    count();
  };

  const tick = (cell) => {
    clearTimeout(ticks.get(cell));
    ticks.set(cell, setTimeout(() => {
      ticks.delete(cell);
      if (cell.td.dataset.state === "saved") show(cell, "");
    }, TICK));
  };

  // What the server stores now. Marks keep the names they were entered under, for undo.
  const store = (cell, stored, sent) => {
    const given = idsGiven(sent, stored);
    cell.token = stored.token;
    cell.stored = contentOf(stored, new Map(withIds(sent, given).marks.map(({ id, ref }) => [id, ref])));
  };

  return {
    entryOf,
    refresh,
    refreshAll,
    tick,
    store,
    hasUnreadable: () => unreadable.size > 0, // kept in this page alone
    unreadableAt: (cell) => unreadable.get(cell) ?? null,
    refuse: (cell, text, message) => { unreadable.set(cell, { text, message }); refresh(cell); },
    forgive: (cell) => { if (unreadable.delete(cell)) refresh(cell); },
    isRefused: (cell) => cell.td.dataset.state === "refused",
    refusedCells: () => sheet.all().filter((cell) => cell.td.dataset.state === "refused"),
  };
};
