// What a cell holds, as plain data that is never changed in place:
// { marks: [{ ref, id, value, kind, comment }], absence: { code, minutes }, point: null | { due_on, kind } }.
// `id` is the server's, null for a mark it does not know yet; `ref` is ours and outlives the wait for an id.
export const PRESENT = Object.freeze({ code: "", minutes: null });
export const EMPTY = Object.freeze({ marks: [], absence: PRESENT, point: null });
const AWAY = new Set(["unstated", "ill", "valid", "invalid"]);

let made = 0;
const newRef = () => `n${Date.now().toString(36)}-${(made += 1)}`;

// A cell as the server tells it. `known` maps its marks' ids to refs given before.
export const contentOf = (cell, known = new Map()) => ({
  marks: cell.marks.map(({ id, value, kind, comment, corrected }) => (
    { ref: known.get(id) ?? `m${id}`, id, value, kind, comment: comment ?? "", corrected: corrected ?? false }
  )),
  absence: { code: cell.absence?.code ?? "", minutes: cell.absence?.minutes ?? null },
  point: cell.point ? { due_on: cell.point.due_on, kind: cell.point.kind ?? null } : null,
});

const sameMark = (one, other) => one.value === other.value && one.comment === other.comment && one.kind === other.kind;

export const same = (one, other) => one.marks.length === other.marks.length
  && one.marks.every((mark, place) => sameMark(mark, other.marks[place]))
  && one.absence.code === other.absence.code && one.absence.minutes === other.absence.minutes
  && one.point?.due_on === other.point?.due_on;

export const isEmpty = (content) => same(content, EMPTY);

// A mark for somebody who was away: perhaps meant, as for work handed in later. It is asked.
export const isDoubtful = ({ marks, absence }) => marks.length > 0 && AWAY.has(absence.code);

const newMark = (value, kind) => ({ ref: newRef(), id: null, value, kind, comment: "" });

// The first values replace the marks that are there, which keep their work and comment; the rest are new.
export const withValues = (content, values, kind) => ({
  ...content,
  marks: values.map((value, place) => (
    place < content.marks.length ? { ...content.marks[place], value } : newMark(value, kind)
  )),
});

export const withAdded = (content, values, kind) => (
  { ...content, marks: [...content.marks, ...values.map((value) => newMark(value, kind))] }
);

export const withAbsence = (content, absence) => ({ ...content, absence: { ...PRESENT, ...absence } });

export const withPoint = (content, point) => ({ ...content, point });

// Of several marks the last one is meant: it was entered last.
export const withKind = (content, kind) => (
  { ...content, marks: content.marks.map((mark, place, all) => (place === all.length - 1 ? { ...mark, kind } : mark)) }
);

// An earlier content put back on a cell as it is now: marks that went meanwhile come as new ones.
export const rebased = (wanted, now) => ({
  ...wanted,
  marks: wanted.marks.map((mark) => {
    const kept = now.marks.find(({ ref, id }) => ref === mark.ref || (id !== null && id === mark.id));
    return { ...mark, id: kept ? kept.id : null };
  }),
});

// Ours put over what somebody else entered meanwhile: their marks become ours, so far as there are as many.
export const over = (content, stored) => {
  const ids = stored.marks.map(({ id }) => id);
  const free = ids.filter((id) => !content.marks.some((mark) => mark.id === id));
  return {
    ...content,
    marks: content.marks.map((mark) => ({ ...mark, id: ids.includes(mark.id) ? mark.id : free.shift() ?? null })),
  };
};

// Which ids the server gave to the marks that were sent without one: a map of ref to id.
export const idsGiven = (sent, cell) => {
  const before = new Set(sent.marks.map(({ id }) => id));
  const free = cell.marks.filter(({ id }) => !before.has(id));
  const given = new Map();
  for (const mark of sent.marks) {
    if (mark.id !== null) continue;
    const alike = (stored) => stored.value === mark.value && (mark.kind === null || stored.kind === mark.kind);
    const place = Math.max(free.findIndex(alike), 0);
    if (free[place]) given.set(mark.ref, free.splice(place, 1)[0].id);
  }
  return given;
};

export const withIds = (content, given) => (
  { ...content, marks: content.marks.map((mark) => ({ ...mark, id: mark.id ?? given.get(mark.ref) ?? null })) }
);
