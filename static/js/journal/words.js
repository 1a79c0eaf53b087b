// The page's words, in the language of the page: data attributes of [data-journal-words]; {name} is filled in.
export const words = document.querySelector("[data-journal-words]")?.dataset ?? {};

export const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_whole, name) => values[name] ?? "");

// Said to those who listen, once they have a moment.
export const tell = (text) => {
  const live = document.querySelector("[data-journal-said]");
  if (live) live.textContent = text;
};
