// Marks by keyboard: a mark typed goes on to the next student, Enter and the arrows move between the rows.
// What a field holds is coloured as a mark at once; everything works without this script.
const TONES = { 5: "five", 4: "four", 3: "three", 2: "two", 1: "two" };
const START_OF_LONGER = /^1$/; // 1 may become 10 on other scales: wait for Enter

for (const table of document.querySelectorAll("[data-mark-fields]")) {
  const rows = [...table.querySelectorAll(".roll-row")];

  // In a row without as many marks the caret lands in the last field: the empty one for a new mark.
  const move = (field, step) => {
    const row = field.closest(".roll-row");
    const kept = field.classList.contains("mark-new");
    const place = [...row.querySelectorAll(".mark-input")].indexOf(field);
    const next = rows[rows.indexOf(row) + step];
    if (!next) return false;
    const fields = [...next.querySelectorAll(".mark-input")];
    const target = kept ? fields.at(-1) : fields[Math.min(place, fields.length - 1)];
    target?.focus();
    target?.select();
    return true;
  };

  table.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches(".mark-input")) return;
    const value = field.value.trim();
    if (value in TONES) field.dataset.tone = TONES[value];
    else delete field.dataset.tone;
    if (event.inputType === "insertText" && /^\d$/.test(value) && !START_OF_LONGER.test(value)) move(field, 1);
  });

  table.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.matches(".mark-input")) return;
    const step = { ArrowDown: 1, ArrowUp: -1, Enter: 1 }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    move(field, step);
  });
}
