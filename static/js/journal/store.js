// Entries on the device, in the browser's local storage: written before anything else happens, seen by every
// tab, still there after the tab was closed. One item an entry, named by person and order, so that two tabs
// never write over each other and nobody else's entries are looked at. Numbers and marks only, no names.
const PREFIX = "journal:";
const KEPT = 30 * 24 * 60 * 60 * 1000; // milliseconds; by then the journal says something else, and computers are shared
const inMemory = new Map(); // where the storage is full or forbidden: lost with the tab, which warns

const of = (person) => `${PREFIX}${person}:`;
let last = 0;

export const nameFor = (person) => {
  last = Math.max(Date.now(), last + 1);
  return `${of(person)}${last}:${uuid()}`;
};

export const uuid = () => {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // a page without TLS has no randomUUID
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return [...bytes].map((byte, place) => (
    ([4, 6, 8, 10].includes(place) ? "-" : "") + byte.toString(16).padStart(2, "0")
  )).join("");
};

const namesIn = (storage) => {
  try {
    return Object.keys(storage);
  } catch {
    return [];
  }
};

export const read = (name) => {
  try {
    return inMemory.get(name) ?? JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
};

export const write = (record) => {
  try {
    localStorage.setItem(record.name, JSON.stringify(record));
    inMemory.delete(record.name);
  } catch {
    inMemory.set(record.name, record);
  }
};

export const remove = (name) => {
  inMemory.delete(name);
  try {
    localStorage.removeItem(name);
  } catch {
    // It was never there.
  }
};

// In the order they were entered: names of one length sort like their numbers.
export const recordsOf = (person) => {
  let stored = [];
  try {
    stored = namesIn(localStorage);
  } catch {
    // Forbidden: what is in memory is all.
  }
  const names = [...stored, ...inMemory.keys()].filter((name) => name.startsWith(of(person))).sort();
  const outdated = of(person) + (Date.now() - KEPT);
  while (names.length && names[0] < outdated) remove(names.shift());
  return names.map(read).filter(Boolean);
};

export const isOnDevice = () => inMemory.size === 0;
