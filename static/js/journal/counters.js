// What waits and what was refused, counted in the bar; whether there is a connection and a session.
import { filled, tell, words } from "./words.js";

const CALM = 400; // what is saved at once does not make the bar flicker

// How it stands with the server, in the words of [data-journal-words]; each has a longer one that is said.
const WORDS = { offline: "offline", trouble: "trouble", "signed-out": "signedOut" };

const button = (text, act) => {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "journal-refused";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
};

const note = (text) => Object.assign(document.createElement("span"), { className: "journal-waiting", textContent: text });

const signInLink = (address) => {
  const url = new URL(address, location.origin);
  url.searchParams.set("next", location.pathname + location.search);
  return Object.assign(document.createElement("a"), { className: "journal-sign-in", href: url, textContent: words.signIn });
};

export const createCounters = (box, { onRefused }) => {
  let counts = { waiting: 0, refused: 0 };
  let connection = { state: "online" };
  let shown = "";
  let timer = null;

  const parts = () => {
    const { waiting, refused } = counts;
    const isAway = waiting > 0 && connection.state !== "online";
    const texts = [];
    if (isAway) texts.push(note(words[WORDS[connection.state]]));
    if (waiting) texts.push(note(filled(words.waiting, { n: waiting })));
    if (isAway && connection.sign_in) texts.push(signInLink(connection.sign_in));
    if (refused) texts.push(button(filled(words.refused, { n: refused }), onRefused));
    return texts;
  };

  const show = () => {
    timer = null;
    const key = JSON.stringify([counts, connection.state]);
    if (key === shown) return;
    shown = key;
    box.replaceChildren(...parts());
  };

  const soon = () => { timer ??= setTimeout(show, CALM); };

  return {
    count(now) { counts = now; soon(); },
    connect(answer) {
      if (answer.state !== connection.state && counts.waiting) tell(words[`${WORDS[answer.state]}Said`] ?? "");
      connection = answer;
      soon();
    },
  };
};
