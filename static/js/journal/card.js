// All of a cell in fields: its marks with kind and comment, one more mark, the absence with minutes.
import { PRESENT } from "./content.js";
import { filled, words } from "./words.js";

const option = (value, text, isChosen) => {
  const made = new Option(text, value, isChosen, isChosen);
  return made;
};

export const createCard = ({ sheet, columns, popup, entering }) => {
  const phrases = sheet.table.dataset.phrases;

  const row = (host, cell, mark) => {
    const made = host.querySelector("[data-mark-row]").content.firstElementChild.cloneNode(true);
    const [value, kind, comment] = ["value", "kind", "comment"].map((name) => made.querySelector(`[name=${name}]`));
    const values = sheet.values.filter((each) => !each.old || each.text === mark?.value);
    value.append(option("", "—", !mark), ...values.map(({ text }) => option(text, text, text === mark?.value)));
    const chosen = mark?.kind ?? columns.kindOf(cell);
    kind.append(...sheet.kinds.map(({ id, code, name }) => option(id, `${code} · ${name}`, id === chosen)));
    comment.value = mark?.comment ?? "";
    if (phrases) comment.setAttribute("list", phrases);
    if (mark) made.dataset.ref = mark.ref;
    return made;
  };

  // A mark whose value was emptied goes; the row without a mark makes one once it has a value.
  const marksIn = (host, cell) => [...host.querySelectorAll("[data-row]")].flatMap((made) => {
    const [value, kind, comment] = ["value", "kind", "comment"].map((name) => made.querySelector(`[name=${name}]`).value);
    if (!value) return [];
    const old = cell.content.marks.find(({ ref }) => ref === made.dataset.ref);
    const ref = old?.ref ?? `c${Date.now().toString(36)}`;
    return [{ ref, id: null, ...old, value, kind: Number(kind) || null, comment: comment.trim() }];
  });

  const absenceIn = (host) => {
    const code = host.querySelector("[name=absence]").value;
    const minutes = Number.parseInt(host.querySelector("[name=minutes]").value, 10);
    return code ? { code, minutes: code === "late" && minutes > 0 ? minutes : null } : PRESENT;
  };

  const fillAbsence = (host, { absence }) => {
    const list = host.querySelector("[name=absence]");
    list.append(...sheet.absences.map(({ code, letter, name }) => option(code, `${letter} · ${name}`, code === absence.code)));
    const minutes = host.querySelector("[name=minutes]");
    minutes.value = absence.minutes ?? "";
    const show = () => { minutes.closest("label").hidden = list.value !== "late"; };
    list.addEventListener("change", show);
    show();
  };

  const fill = (host, cell) => {
    const { marks } = cell.content;
    host.querySelector("[data-title]").textContent = filled(words.cardTitle, { name: sheet.nameOf(cell) });
    const rows = sheet.scale.length ? [...marks, null].map((mark) => row(host, cell, mark)) : [];
    host.querySelector("[data-rows]").replaceChildren(...rows);
    fillAbsence(host, cell.content);
    host.querySelector("[data-history]").href = sheet.historyOf(cell);
    host.querySelector("[data-cancel]").addEventListener("click", () => popup.close({ back: true }));
    host.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      const content = { ...cell.content, marks: marksIn(host, cell), absence: absenceIn(host) };
      popup.close({ back: true });
      entering.enter(cell, content);
    });
    // The comment is what one opens it for most.
    (host.querySelector(marks.length ? "[name=comment]" : "[name=value]") ?? host.querySelector("select")).dataset.first = "";
  };

  return { open: (cell) => { if (cell.isOpen) popup.open(cell, "card", (host) => fill(host, cell)); } };
};
