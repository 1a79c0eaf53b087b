// Which cell the keyboard is at, and the cells above or below it that were taken along with Shift. One cell
// at a time is in the tab order; the row's name and the column's head are tinted along with it.
export const createSelection = (sheet, { onMove }) => {
  let here = null;
  let until = null; // the row where a range ends, in the column of `here`

  const range = () => {
    const [from, to] = [here.row, until ?? here.row].sort((one, other) => one - other);
    return Array.from({ length: to - from + 1 }, (_none, place) => sheet.at(from + place, here.col));
  };

  const tint = (isOn) => {
    if (!here) return;
    here.td.parentElement.classList.toggle("is-active", isOn);
    sheet.headOf(here)?.classList.toggle("is-active", isOn);
    for (const { td } of range()) {
      if (isOn && until !== null) td.setAttribute("aria-selected", "true");
      else td.removeAttribute("aria-selected");
    }
  };

  const to = (cell, { focus = true, end = null } = {}) => {
    if (!cell) return false;
    tint(false);
    const isElsewhere = cell !== here;
    if (here) here.td.tabIndex = -1;
    here = cell;
    until = end;
    here.td.tabIndex = 0;
    tint(true);
    if (focus) here.td.focus({ preventScroll: true });
    if (focus) sheet.reveal(end === null ? here : sheet.at(end, here.col));
    if (isElsewhere) onMove(here);
    return true;
  };

  const by = (rows, cols) => to(sheet.at(here.row + rows, here.col + cols));
  const extend = (rows) => {
    const row = (until ?? here.row) + rows;
    return sheet.at(row, here.col) ? to(here, { end: row === here.row ? null : row }) : false;
  };

  const extendTo = (cell) => to(here, { end: cell.row === here.row ? null : cell.row });
  const collapse = () => to(here, { end: null });

  return { to, by, extend, extendTo, collapse, range, here: () => here, isRange: () => until !== null };
};
