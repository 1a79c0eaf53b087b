// Results by keyboard: a key that stands for a whole value enters it and goes down, in either keyboard
// layout; Enter and the arrows move. Where the decision is far from what is suggested the reason is asked for
// below the cell, without taking a key: Enter in a cell that has its value, or Tab, leads there.
// The server knows all of it too: everything works without this script.
const OTHER_LAYOUT = { KeyY: "н", KeyJ: "о", KeyP: "з", KeyF: "а" };
const TONES = { 5: "five", 4: "four", 3: "three", 2: "two", 1: "two" };

const isNumber = (text) => /^\d+$/.test(text);
const isFar = (value, suggested) => {
  if (!value || !suggested) return false;
  if (isNumber(value) !== isNumber(suggested)) return true;
  return isNumber(value) && Math.abs(value - suggested) > 1;
};

for (const table of document.querySelectorAll("[data-result-fields]")) {
  const keys = JSON.parse(table.dataset.resultFields);
  const fields = [...table.querySelectorAll(".mark-input")];

  let atFocus = "";
  const reasonOf = (field) => field.closest("tr").nextElementSibling.querySelector("input");
  const wantsReason = (field) => isFar(field.value.trim(), field.closest("tr").dataset.suggested)
    && !reasonOf(field).value.trim();

  const tellOfReason = (field) => {
    const status = table.closest("form").querySelector("[data-reason-status]");
    const wanted = field.closest("tr").nextElementSibling.querySelector("[data-reason-wanted]");
    status.textContent = `${reasonOf(field).ariaLabel}. ${wanted.textContent}`;
  };

  const move = (field, step) => {
    const next = fields[fields.indexOf(field) + step];
    next?.focus();
    next?.select();
  };

  const show = (field) => {
    const value = field.value.trim();
    const row = field.closest("tr");
    if (value in TONES) field.dataset.tone = TONES[value];
    else delete field.dataset.tone;
    const more = row.nextElementSibling;
    const keeps = more.querySelector(".field-error") || more.querySelector("input").value;
    more.hidden = !isFar(value, row.dataset.suggested) && !keeps;
    more.querySelector("[data-reason-wanted]").hidden = !wantsReason(field);
  };

  const enter = (field, value) => {
    field.value = value;
    show(field);
    move(field, 1);
    if (document.activeElement === field) atFocus = value; // the last one: Enter leads to its reason
    if (wantsReason(field)) tellOfReason(field);
  };

  table.addEventListener("focusin", (event) => {
    if (event.target.matches(".mark-input")) atFocus = event.target.value;
  });

  table.addEventListener("input", (event) => {
    const field = event.target;
    if (field.closest(".results-reason")) {
      show(field.closest("tr").previousElementSibling.querySelector(".mark-input"));
      return;
    }
    if (!field.matches(".mark-input")) return;
    const value = keys[field.value.toLowerCase()];
    if (event.inputType === "insertText" && value) enter(field, value);
    else show(field);
  });

  table.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.matches(".mark-input") || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1, Enter: 1 }[event.key];
    const whole = field.selectionStart === 0 && field.selectionEnd === field.value.length;
    const value = /^[a-z]$/i.test(event.key) && keys[OTHER_LAYOUT[event.code]];
    if (!step && !(value && whole)) return;
    event.preventDefault();
    const stays = event.key === "Enter" && field.value === atFocus;
    if (stays && wantsReason(field)) reasonOf(field).focus();
    else if (step) move(field, step);
    else {
      enter(field, value);
      table.dispatchEvent(new Event("input", { bubbles: true })); // the form has changed: unsaved.js
    }
  });

  // From the reason Enter goes on to the next student.
  table.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.closest(".results-reason")) return;
    event.preventDefault();
    const field = event.target.closest("tr").previousElementSibling.querySelector(".mark-input");
    if (fields.indexOf(field) + 1 < fields.length) move(field, 1);
    else field.focus();
  });
}
