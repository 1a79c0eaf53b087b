// The next topic of the programme with one key: Alt+T anywhere on the lesson page, Enter or the down arrow in
// the empty topic, or its button. Choosing another topic in the list fills the topic in as well, and the
// homework that the programme suggests goes into the empty field with one press. Without this script the
// list alone does it, once the form is sent.
for (const sheet of document.querySelectorAll("[data-next-topic]")) {
  const form = sheet.closest("form");
  const list = sheet.querySelector("select");
  const take = sheet.querySelector("[data-take]");
  const set = sheet.querySelector("[data-take-homework]");
  const topic = form.elements.namedItem("topic");
  const homework = form.elements.namedItem("homework_text");
  const offered = sheet.dataset.nextTopic;
  const chosen = () => list.selectedOptions[0];
  let filledIn = chosen()?.dataset.title ?? "";

  const tell = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));

  const fillIn = () => {
    const title = chosen()?.dataset.title;
    // Words of the teacher's own stay.
    if (title && (topic.value.trim() === "" || topic.value === filledIn)) {
      topic.value = title;
      filledIn = title;
      tell(topic);
    }
    show();
  };

  const show = () => {
    if (take) take.hidden = chosen()?.value !== "";
    const suggestion = chosen()?.dataset.homework ?? "";
    set.hidden = !(homework && suggestion && homework.value.trim() === "");
    set.querySelector("[data-take-homework-text]").textContent = suggestion;
  };

  const takeNext = () => {
    if (!offered || chosen()?.value) return;
    list.value = offered;
    fillIn();
    tell(list);
  };

  list.addEventListener("change", fillIn);
  homework?.addEventListener("input", show);
  take?.addEventListener("click", () => {
    takeNext();
    list.focus(); // the button goes away
  });
  set.addEventListener("click", () => {
    homework.value = chosen().dataset.homework;
    tell(homework);
    homework.focus();
  });

  topic.addEventListener("keydown", (event) => {
    const taking = (event.key === "Enter" || event.key === "ArrowDown") && topic.value.trim() === "";
    if (!taking || !offered || chosen()?.value || event.isComposing) return;
    event.preventDefault();
    takeNext();
  });
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.code !== "KeyT") return;
    if (!offered || chosen()?.value) return;
    event.preventDefault();
    takeNext();
  });

  show();
}
