// Results by keyboard: a key that stands for a whole value enters it and goes down, in either keyboard
// layout; Enter and the arrows move. The reason is asked for where the decision is far from what is
// suggested. The server knows all of it too: everything works without this script.
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
    const reason = row.querySelector(".results-reason");
    reason.hidden = !isFar(value, row.dataset.suggested) && !reason.querySelector("input").value;
  };

  table.addEventListener("input", (event) => {
    if (event.target.matches(".mark-input")) show(event.target);
  });

  table.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.matches(".mark-input") || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1, Enter: 1 }[event.key];
    const whole = field.selectionStart === 0 && field.selectionEnd === field.value.length;
    const value = keys[event.key.toLowerCase()] ?? keys[OTHER_LAYOUT[event.code]];
    if (step) {
      event.preventDefault();
      move(field, step);
    } else if (value && whole) {
      event.preventDefault();
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      // Where a reason is wanted the caret goes there first.
      const reason = field.closest("tr").querySelector(".results-reason");
      if (reason.hidden || reason.querySelector("input").value) move(field, 1);
      else reason.querySelector("input").focus();
    }
  });

  // From the reason Enter goes on to the next student.
  table.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.closest(".results-reason")) return;
    event.preventDefault();
    move(event.target.closest("tr").querySelector(".mark-input"), 1);
  });
}
