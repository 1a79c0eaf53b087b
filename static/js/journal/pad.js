// Large keys at the foot of the screen for fingers: a mark or an absence, and on to the next student.
import { EMPTY, withKind } from "./content.js";
import { isQuick, parse } from "./parse.js";

const MOST_KEYS = 8; // a longer scale gets a field
const wide = matchMedia("(min-width: 768px)");

export const attachPad = ({ sheet, selection, columns, entering, states, popups, onKind }) => {
  const pad = document.querySelector("[data-pad]");
  const part = (name) => pad.querySelector(`[data-pad-${name}]`);
  let isAdding = false;

  const close = () => {
    pad.hidden = true;
    delete document.body.dataset.padOpen;
  };

  const next = () => {
    add(false);
    if (!selection.by(1, 0)) close();
  };

  const add = (isOn) => {
    isAdding = isOn;
    part("add").setAttribute("aria-pressed", String(isOn));
  };

  const take = (read) => entering.take(selection.here(), { read, adding: isAdding }, next);

  const key = (text, label, act, tone) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "pad-key";
    made.textContent = text;
    if (label) made.setAttribute("aria-label", `${text}, ${label}`);
    if (tone) made.dataset.tone = tone;
    made.addEventListener("click", act);
    return made;
  };

  const values = () => {
    const usual = isQuick(sheet.scale) ? sheet.scale.filter(({ text }) => text.length === 1) : sheet.scale;
    part("typed").hidden = usual.length <= MOST_KEYS;
    return usual.slice(0, part("typed").hidden ? MOST_KEYS : 0).map(({ text, name, tone }) => (
      key(text, name, () => take({ values: [text], absence: null }), tone)
    ));
  };

  const absences = () => sheet.absences.map(({ code, letter, name }) => key(letter, name, () => {
    take({ values: [], absence: { code, minutes: null } });
  }));

  const describe = () => {
    const cell = selection.here();
    part("name").textContent = sheet.nameOf(cell);
    part("kind").value = String(cell.content.marks.at(-1)?.kind ?? columns.kindOf(cell) ?? "");
  };

  const open = () => {
    describe();
    pad.hidden = false;
    document.body.dataset.padOpen = "";
    sheet.reveal(selection.here());
  };

  const chooseKind = () => {
    const id = Number(part("kind").value);
    const cell = selection.here();
    if (cell.base.marks.length) entering.enter(cell, withKind(cell.base, id));
    else columns.choose(cell, id);
    onKind();
  };

  part("values").replaceChildren(...values());
  part("absences").replaceChildren(...absences());
  part("kind").replaceChildren(...sheet.kinds.map(({ id, code, name }) => new Option(`${code} · ${name}`, id)));
  part("kind").addEventListener("change", chooseKind);
  part("add").addEventListener("click", () => add(!isAdding));
  part("clear").addEventListener("click", () => entering.enter(selection.here(), EMPTY));
  part("card").addEventListener("click", () => popups.card.open(selection.here()));
  part("point").addEventListener("click", () => popups.point.open(selection.here()));
  part("close").addEventListener("click", close);
  part("typed").addEventListener("submit", (event) => {
    event.preventDefault();
    const field = event.target.elements.value;
    const read = parse(field.value, sheet.scale);
    entering.take(selection.here(), read ? { read, adding: isAdding } : { unreadable: field.value }, next);
    field.value = "";
  });
  // A mouse has the keyboard beside it; a finger gets the pad.
  sheet.table.addEventListener("click", (event) => {
    const hasKeyboard = event.pointerType === "mouse" && wide.matches;
    const cell = sheet.cellAt(event.target.closest("td"));
    if (hasKeyboard || !cell?.isOpen) return;
    open();
    if (states.isRefused(cell)) popups.refusal.open(cell);
  });

  return { describe: () => { if (!pad.hidden) describe(); }, isOpen: () => !pad.hidden };
};
