// What typed or pasted text means on a scale: marks, an absence, or both.
const ABSENCES = {
  н: "unstated", от: "unstated", б: "ill", у: "valid", ув: "valid", уп: "valid",
  п: "invalid", нп: "invalid", нв: "invalid", о: "late", оп: "late", з: "exempt",
};
const LATE = /^оп?(\d{1,2})$/;

export const absenceFor = (letter) => ABSENCES[letter];

// As parse() reads it again, in whichever language the page is.
export const absenceAsText = ({ code, minutes }) => (
  Object.keys(ABSENCES).find((letter) => ABSENCES[letter] === code) + (minutes ?? "")
);

const valueOf = (text, scale) => scale.find((value) => value.text.toLowerCase() === text)?.text;

const absenceOf = (text) => {
  const late = LATE.exec(text);
  if (late) return { code: "late", minutes: Number(late[1]) };
  return text in ABSENCES ? { code: ABSENCES[text], minutes: null } : undefined;
};

// { values: [text…], absence: null | { code, minutes } }, or null for what cannot be read.
export const parse = (text, scale) => {
  const plain = text.trim().toLowerCase();
  const whole = valueOf(plain, scale);
  if (whole) return { values: [whole], absence: null };

  const read = { values: [], absence: null };
  for (const part of plain.split(/[\s/]+/).filter(Boolean)) {
    const value = valueOf(part, scale);
    const absence = value ? undefined : absenceOf(part);
    if (value) read.values.push(value);
    else if (absence && !read.absence) read.absence = absence;
    else return null;
  }
  return read.values.length || read.absence ? read : null;
};

// On a scale of single characters a mark is complete with its first key; "10" or «зч» wait for Enter.
export const isQuick = (scale) => {
  const counting = scale.filter(({ text }) => /^\d/.test(text));
  return (counting.length ? counting : scale).every(({ text }) => text.length === 1);
};
