// Where unsaved entries lie: in the tab's own storage, which ends with the tab. A full or forbidden
// storage keeps nothing, and the page works on.
const PREFIX = "kept:";

export const read = (name) => {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + name));
  } catch {
    return null;
  }
};

export const write = (name, kept) => {
  try {
    sessionStorage.setItem(PREFIX + name, JSON.stringify(kept));
  } catch {
    // Nothing is kept.
  }
};

export const forget = (name) => sessionStorage.removeItem(PREFIX + name);

export const forgetAll = () => {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
};
