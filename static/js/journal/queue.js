// The entries of one person that wait for the server, and what its answers do to them. A cell has at most
// one entry that was tried, which stays as it is (the server may know its key), and one after it, in which
// later changes are merged: it keeps the token that was shown first, and takes over the one of the answer.
import { contentOf, idsGiven, over, same, withIds } from "./content.js";
import { nameFor, read, recordsOf, remove, uuid, write } from "./store.js";

export const cellOf = ({ lesson, student }) => `${lesson}-${student}`;

export const entriesOf = (person) => recordsOf(person);
export const isWaiting = ({ state }) => state === "waiting";
export const isRefused = ({ state }) => state !== "waiting";

const ofCell = (person, cell) => recordsOf(person).filter((record) => cellOf(record) === cell);

// `was` is what the cell held before: whoever comes back to it has nothing to send.
export const put = (person, { url, lesson, student, shown, was, content, sure = false }) => {
  const before = ofCell(person, cellOf({ lesson, student })).at(-1);
  if (before && isWaiting(before) && !before.tried) {
    if (same(before.was, content)) return remove(before.name);
    return write({ ...before, content, sure });
  }
  // What was refused is mended by the new entry, which still answers to what was shown.
  if (before && isRefused(before)) remove(before.name);
  if (same(was, content)) return undefined;
  return write({
    name: nameFor(person), key: uuid(), person, url, lesson, student, content, sure, was,
    shown: before ? before.shown : shown, tried: false, state: "waiting",
  });
};

// As the server wants it: see docs/journal-entries.md.
export const asSent = (record) => ({
  key: record.key,
  person: Number(record.person),
  lesson: record.lesson,
  student: record.student,
  shown: record.shown,
  marks: record.content.marks.map(({ id, value, kind, comment }) => ({ id, value, kind, comment })),
  absence: record.content.absence,
  point: record.content.point,
  sure: record.sure,
});

export const nextOf = (person) => recordsOf(person).find(isWaiting) ?? null;

export const tried = (record) => {
  const now = { ...record, tried: true };
  write(now);
  return now;
};

// Another tab changed the entry in the moment it left: the change becomes an entry of its own.
const settle = (record) => {
  const now = read(record.name);
  if (now && !same(now.content, record.content)) write({ ...now, key: uuid(), tried: false });
  else remove(record.name);
};

export const saved = (person, record, answer) => {
  settle(record);
  const given = idsGiven(record.content, answer.cell);
  for (const later of ofCell(person, cellOf(record))) {
    write({
      ...later, shown: answer.cell.token, content: withIds(later.content, given), was: withIds(later.was, given),
    });
  }
  return given;
};

// Refused, conflict, question or forbidden. Who has entered something since then has mended it already.
export const refused = (person, record, { state, message = "", cell = null }) => {
  const isMended = ofCell(person, cellOf(record)).some((other) => other.name > record.name);
  if (isMended) remove(record.name);
  else write({ ...record, state, message, answered: cell });
};

export const drop = (record) => remove(record.name);

// «Поставить 4»: the same once more, as a new entry that knows what is stored now.
export const insist = (person, record, { content = record.content, sure = false } = {}) => {
  const { answered } = record;
  const stored = answered ? contentOf(answered) : null;
  remove(record.name);
  write({
    ...record, name: nameFor(person), key: uuid(), tried: false, state: "waiting", message: "", answered: null,
    content: stored ? over(content, stored) : content, was: stored ?? record.was,
    shown: answered ? answered.token : record.shown, sure,
  });
};
