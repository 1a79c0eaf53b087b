// Starts the service worker, and tells of a kept page since when it stands and whether there is news.
import { inWords } from "./when.js";

const { keptAt, bsTheme, vision, visionSize } = document.documentElement.dataset;
const notice = document.querySelector("[data-shown-since]");
const again = notice.querySelector("button");
let touched = false;

const say = (what) => {
  notice.hidden = false;
  notice.querySelector("p").textContent = notice.dataset[what].replace("{when}", inWords(keptAt, notice.dataset.at));
  again.hidden = what !== "changed";
};

// Whoever has begun to read or to type is asked first; others get the new page in place of the old.
const show = () => (touched ? say("changed") : location.reload());

const answers = {
  same: () => { notice.hidden = true; },
  offline: () => say("offline"),
  changed: show,
  gone: () => location.reload(),
};

const filesSeen = () =>
  performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => name.startsWith(`${location.origin}/static/`));

const startWorker = async () => {
  const isFirst = !navigator.serviceWorker.controller;
  await navigator.serviceWorker.register("/service-worker.js");
  const look = [document.documentElement.lang, bsTheme, vision, visionSize].join();
  const { active } = await navigator.serviceWorker.ready;
  if (isFirst) active.postMessage({ seen: location.href, files: filesSeen() });
  if (localStorage.getItem("offline-look") === look) return;
  localStorage.setItem("offline-look", look);
  active.postMessage("look changed");
};

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.addEventListener("message", ({ data }) => keptAt && answers[data.news]?.());
  startWorker().catch(() => {}); // a browser that forbids it works on without
}
if (keptAt) {
  say(navigator.onLine ? "asking" : "offline");
  for (const kind of ["pointerdown", "keydown", "wheel", "touchmove"]) addEventListener(kind, () => { touched = true; }, { once: true });
  again.addEventListener("click", () => location.reload());
}
