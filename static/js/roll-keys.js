// The roll by keyboard: a letter marks the row under the pointer or in focus, by its place on the keyboard
// (н in either layout), with Shift for the rest of the day too. Up and Down go from student to student,
// Ctrl-Enter saves. Everything works without this script.
const CODES = { KeyY: "unstated", Comma: "ill", KeyE: "valid", KeyG: "invalid", KeyJ: "late", KeyP: "exempt", Delete: "", Backspace: "" };

const isTyping = (element) => element.matches("textarea, select, input:not([type=radio], [type=checkbox])");

for (const table of document.querySelectorAll("[data-roll-keys]")) {
  const rows = [...table.querySelectorAll(".roll-row")];
  let current = null;

  const chosen = (row) => row?.querySelector(".segments input:checked");
  const next = (row, step) => rows[rows.indexOf(row) + step];

  const choose = (row, code, restOfDay) => {
    const choice = row.querySelector(`.segments input[value="${code}"]`);
    if (!choice) return;
    choice.checked = true;
    const carry = row.querySelector(".carry input");
    if (carry && (restOfDay || !code)) carry.checked = Boolean(code);
    choice.dispatchEvent(new Event("input", { bubbles: true }));
    const minutes = row.querySelector(".minutes input");
    if (code === "late") minutes.focus();
    else if (row.contains(document.activeElement)) (chosen(next(row, 1)) ?? choice).focus();
  };

  for (const event of ["pointerover", "focusin"]) {
    table.addEventListener(event, ({ target }) => { current = target.closest(".roll-row"); });
  }
  table.addEventListener("pointerleave", () => { current = document.activeElement.closest(".roll-row"); });

  document.addEventListener("keydown", (event) => {
    const active = document.activeElement;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      table.closest("form").requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Enter" && active.closest(".minutes")) {
      event.preventDefault();
      chosen(next(active.closest(".roll-row"), 1))?.focus();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && active.closest(".segments")) {
      event.preventDefault(); // a radio's own arrows would change the choice
      chosen(next(active.closest(".roll-row"), step))?.focus();
      return;
    }
    if (!(event.code in CODES) || !current || isTyping(active)) return;
    event.preventDefault();
    choose(current, CODES[event.code], event.shiftKey);
  });
}
