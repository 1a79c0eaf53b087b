// An entry with data-longest says how many characters still fit once it is nearly full, and how many are too
// many: nothing is ever cut. The server refuses what is too long, and says so at the field.
const NEAR = 0.8;
const words = document.querySelector("script[data-left][data-over]").dataset;

// Characters as the server counts them.
const length = (text) => [...text].length;

const counterOf = (field) => {
  const place = field.closest("label") ?? field;
  if (place.nextElementSibling?.matches("[data-counter]")) return place.nextElementSibling;
  const counter = document.createElement("p");
  counter.dataset.counter = "";
  counter.role = "status";
  place.after(counter);
  return counter;
};

const count = (field) => {
  const most = Number(field.dataset.longest);
  const left = most - length(field.value);
  const counter = counterOf(field);
  counter.hidden = left > most * (1 - NEAR);
  counter.className = left < 0 ? "field-error" : "field-help";
  counter.textContent = (left < 0 ? words.over : words.left).replace("{number}", Math.abs(left));
};

addEventListener("input", ({ target }) => {
  if (target.dataset?.longest) count(target);
});
