// Lists that narrow each other: a choice asks for the next list at once, without the button.
const FOCUS = "cascade-focus";

for (const form of document.querySelectorAll("[data-cascade]")) {
  form.querySelector("[data-cascade-go]").hidden = true;
  const lists = [...form.querySelectorAll("select")];

  lists.forEach((list, place) => {
    list.addEventListener("change", () => {
      // What was narrowed by the old choice is asked anew.
      lists.slice(place + 1).forEach((later) => { later.disabled = true; });
      sessionStorage.setItem(FOCUS, String(place + 1));
      form.requestSubmit();
    });
  });

  const place = sessionStorage.getItem(FOCUS);
  sessionStorage.removeItem(FOCUS);
  if (place !== null) (lists[Number(place)] ?? document.querySelector("[name=username]"))?.focus();
}
