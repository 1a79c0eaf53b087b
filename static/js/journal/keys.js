// Keys by their place on the keyboard: a Russian letter is on the same key in either layout.
const ROWS = [
  ["KeyQ KeyW KeyE KeyR KeyT KeyY KeyU KeyI KeyO KeyP BracketLeft BracketRight", "йцукенгшщзхъ"],
  ["KeyA KeyS KeyD KeyF KeyG KeyH KeyJ KeyK KeyL Semicolon Quote", "фывапролджэ"],
  ["KeyZ KeyX KeyC KeyV KeyB KeyN KeyM Comma Period", "ячсмитьбю"],
];
const LETTERS = new Map(ROWS.flatMap(([codes, letters]) => codes.split(" ").map((code, place) => [code, letters[place]])));

export const letterOn = (event) => LETTERS.get(event.code) ?? "";

export const isPlain = (event) => !event.ctrlKey && !event.metaKey && !event.altKey;
export const isControl = (event) => (event.ctrlKey || event.metaKey) && !event.altKey;

// The right Alt of many layouts is Ctrl and Alt at once: it types letters of its own.
export const isAlt = (event) => event.altKey && !event.ctrlKey && !event.metaKey && !event.getModifierState?.("AltGraph");

// A letter for each kind of work: the first of its own that no kind before it has taken.
export const lettersOfKinds = (kinds) => {
  const taken = new Map();
  for (const kind of kinds) {
    const letters = [...`${kind.code}${kind.name}`.toLowerCase()].filter((letter) => /\p{L}/u.test(letter));
    const free = letters.find((letter) => !taken.has(letter));
    if (free) taken.set(free, kind.id);
  }
  return taken;
};

// The kind whose letter is on the key, with the letter as the layout has it or as the Russian one has it.
export const kindOn = (event, letters) => letters.get(letterOn(event)) ?? letters.get(event.key.toLowerCase());
