// What is set for the chosen day stands beside the form before it is saved: asked anew when the day, the
// minutes or the addressees change. Without this script a link leads to a page that says the same.
const WAIT = 300;
const NAMES = { homework_due: "due", homework_minutes: "minutes" };
const ASKED = ["due", "minutes", "homework", "whom", "group", "students"];

for (const place of document.querySelectorAll("[data-load]")) {
  const form = place.closest("form");
  const answer = place.querySelector("[data-load-answer]");
  let timer;
  let asked = "";

  const query = () => {
    const pairs = [...new FormData(form)]
      .map(([name, value]) => [NAMES[name] ?? name, value])
      .filter(([name, value]) => ASKED.includes(name) && typeof value === "string" && value !== "");
    return new URLSearchParams([...pairs, ["fragment", "1"]]).toString();
  };

  const ask = async () => {
    const now = query();
    if (now === asked) return;
    asked = now;
    try {
      const response = await fetch(`${place.dataset.load}?${now}`, { redirect: "error" });
      if (!response.ok || asked !== now) return;
      answer.innerHTML = await response.text();
    } catch {
      asked = ""; // no network: the next change asks again
    }
  };

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  ask();
}

// Only the list that the choice of addressees needs is shown.
for (const form of document.querySelectorAll("form")) {
  const parts = form.querySelectorAll("[data-whom]");
  const show = () => {
    const whom = new FormData(form).get("whom");
    parts.forEach((part) => { part.hidden = part.dataset.whom !== whom; });
  };
  if (parts.length === 0) continue;
  form.addEventListener("change", show);
  show();
}
