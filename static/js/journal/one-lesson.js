// On a phone the grid is one lesson wide: its column beside the names, with a step to the lesson before and after.
const named = (date) => new Intl.DateTimeFormat(document.documentElement.lang, {
  day: "numeric", month: "long", weekday: "short", timeZone: "UTC",
}).format(new Date(date));

export const attachOneLesson = ({ sheet, selection }) => {
  const bar = document.querySelector("[data-one-lesson]");
  if (!bar || !sheet.lessons.length) return;
  const [back, forward] = bar.querySelectorAll("button");
  const title = bar.querySelector("[data-lesson-title]");
  let shown = null;

  const mark = (col, isOn) => {
    if (col === null) return;
    sheet.lessons[col].head.classList.toggle("is-lesson", isOn);
    sheet.column(col).forEach(({ td }) => td.classList.toggle("is-lesson", isOn));
  };

  const show = (col) => {
    if (col === shown) return;
    mark(shown, false);
    mark(col, true);
    shown = col;
    const link = document.createElement("a");
    link.href = sheet.lessons[col].head.querySelector("a").href;
    link.textContent = named(sheet.lessons[col].date);
    title.replaceChildren(link);
    back.disabled = col === 0;
    forward.disabled = col === sheet.lessons.length - 1;
  };

  const step = (by) => () => {
    const cell = sheet.at(selection.here().row, shown + by);
    if (cell) selection.to(cell, { focus: false });
  };
  back.addEventListener("click", step(-1));
  forward.addEventListener("click", step(1));

  sheet.table.dataset.one = "";
  bar.hidden = false;
  return { show };
};
