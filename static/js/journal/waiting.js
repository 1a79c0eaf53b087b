// On the pages around the journal: entries that wait on this device for this person are sent from here too,
// and the page says so. Refused ones wait in their journals.
import { createSender } from "./sender.js";
import { entriesOf, isWaiting } from "./queue.js";
import { filled } from "./words.js";

const box = document.querySelector("[data-waiting-entries]");

const show = (connection) => {
  const entries = entriesOf(box.dataset.person);
  const waiting = entries.filter(isWaiting).length;
  const refused = entries.length - waiting;
  const parts = [
    waiting && connection.state !== "online" ? filled(box.dataset.waiting, { n: waiting }) : "",
    refused ? filled(box.dataset.refused, { n: refused }) : "",
  ].filter(Boolean);
  box.querySelector("[data-waiting-text]").textContent = parts.join(" ");
  box.hidden = parts.length === 0;
};

if (box && entriesOf(box.dataset.person).length) {
  const sender = createSender({
    person: box.dataset.person, csrf: "", words: box.dataset, onAnswer: () => {}, onConnection: show,
  });
  sender.request();
}
