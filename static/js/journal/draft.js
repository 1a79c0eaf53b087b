// What is being typed into a cell, before it is complete. Letters are kept twice, as typed and as the
// Russian layout has them, so that «зч» comes out in either. A step gives { draft } to go on with,
// { read, adding } when complete, { unreadable } when it is none, or null for a key that types nothing.
import { isPlain, letterOn } from "./keys.js";
import { absenceFor, isQuick, parse } from "./parse.js";

const LONGEST = 12;

const begin = (adding = false) => ({ typed: "", russian: "", adding });

export const shownText = (draft) => (draft.adding ? "+" : "") + (/^[a-z,[\];'.]/.test(draft.typed) ? draft.russian : draft.typed);

export const complete = (draft, scale) => {
  const read = parse(draft.typed, scale) ?? parse(draft.russian, scale);
  return read ? { read, adding: draft.adding } : { unreadable: shownText(draft) };
};

const startsValue = (text, scale) => text !== "" && scale.some((value) => value.text.toLowerCase().startsWith(text));

// The letters of absences act at once, unless the scale has a longer value that begins with them.
const absence = (letter, character, scale) => {
  const code = absenceFor(letter);
  if (!code || code === "late") return null;
  const mayBeValue = startsValue(character, scale) || (!isQuick(scale) && startsValue(letter, scale));
  return mayBeValue ? null : { read: { values: [], absence: { code, minutes: null } }, adding: false };
};

// Minutes follow.
const isLate = ({ typed, russian }) => russian.startsWith("о") && !/^\d/.test(typed);

const isPlus = (event) => event.key === "+" || event.code === "NumpadAdd";
const isCharacter = (event) => event.key.length === 1 && /[\p{L}\p{N}/ ,[\];'.]/u.test(event.key);

export const step = (draft, event, scale) => {
  if (!isPlain(event)) return null;
  if (isPlus(event)) return { draft: begin(true) };
  if (!isCharacter(event)) return null;

  const character = event.key.toLowerCase();
  const letter = letterOn(event) || character;
  const now = draft ?? begin();
  if (now.typed === "" && character === " ") return null;
  if (now.typed === "" && !now.adding) {
    const missed = absence(letter, character, scale);
    if (missed) return missed;
  }
  const next = { ...now, typed: now.typed + character, russian: now.russian + letter };
  if (next.typed.length > LONGEST) return { draft: now };
  if (isLate(next) || !isQuick(scale)) return { draft: next };
  const whole = complete(next, scale);
  return whole.unreadable && !/\d/.test(character) ? null : whole;
};

export const shorter = (draft) => (
  draft.typed === "" ? null : { ...draft, typed: draft.typed.slice(0, -1), russian: draft.russian.slice(0, -1) }
);
