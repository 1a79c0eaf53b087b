// Many cells at once: fill down, and a column from a spreadsheet.
import { isEmpty, withAbsence, withValues } from "./content.js";
import { becomes } from "./entering.js";
import { absenceAsText, parse } from "./parse.js";
import { filled, tell, words } from "./words.js";

export const createRanges = ({ sheet, selection, columns, edits, states, entering }) => {
  // The first cell's value over the chosen ones; without a choice, into the empty cells below.
  const fillDown = () => {
    const [first, ...chosen] = selection.range();
    const below = sheet.column(first.col).slice(first.row + 1).filter((cell) => isEmpty(cell.content));
    const { marks, absence } = first.content;
    const values = marks.map(({ value }) => value);
    const kind = marks.at(-1)?.kind ?? columns.kindOf(first);
    const changes = (selection.isRange() ? chosen : below).filter(({ isOpen }) => isOpen).map((cell) => (
      { cell, content: withAbsence(withValues(cell.base, values, kind), absence) }
    ));
    tell(filled(words.filledDown, { n: edits.apply(changes) }));
  };

  const cellsOf = (lines, start) => lines.flatMap((line, row) => (
    line.split("\t").map((text, col) => ({ text: text.trim(), cell: sheet.at(start.row + row, start.col + col) }))
  )).filter(({ text }) => text !== "");

  // A line that cannot be read stays at its cell and is not sent; an empty one leaves its cell alone.
  const paste = (text) => {
    const start = selection.range()[0];
    const found = cellsOf(text.replace(/\r/g, "").replace(/\n$/, "").split("\n"), start);
    const inside = found.filter(({ cell }) => cell?.isOpen);
    const readable = inside.map((each) => ({ ...each, read: parse(each.text, sheet.scale) }));
    const entered = edits.apply(readable.filter(({ read }) => read).map(({ cell, read }) => (
      { cell, content: becomes(cell, { read }, columns.kindOf(cell)) }
    )));
    const unread = readable.filter(({ read }) => !read);
    unread.forEach(({ cell, text: typed }) => states.refuse(cell, typed.slice(0, 8), entering.unreadable(typed.slice(0, 20))));
    const left = found.length - inside.length + unread.length;
    tell(filled(left ? words.pastedPartly : words.pasted, { n: entered, left }));
  };

  const asText = ({ content: { marks, absence } }) => (
    [...(absence.code ? [absenceAsText(absence)] : []), ...marks.map(({ value }) => value)].join(" ")
  );
  const copied = () => selection.range().map(asText).join("\n");

  const isHere = (event) => sheet.cellAt(event.target) !== undefined;
  document.addEventListener("copy", (event) => {
    if (!isHere(event) || String(getSelection()) !== "") return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", copied());
  });
  document.addEventListener("paste", (event) => {
    if (!isHere(event)) return;
    event.preventDefault();
    paste(event.clipboardData.getData("text/plain"));
  });

  return { fillDown, paste };
};
