// A form marked data-submit-once goes out once: its button rests until the answer comes.
const buttons = (form) => form.querySelectorAll("button:not([type=button])");

for (const form of document.querySelectorAll("form[data-submit-once]")) {
  form.addEventListener("submit", () => {
    // After the event: a disabled button would not be sent along.
    setTimeout(() => buttons(form).forEach((button) => { button.disabled = true; }));
  });
}

// Back from the next page, out of the browser's memory: the form can be sent again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-submit-once]")) {
    buttons(form).forEach((button) => { button.disabled = false; });
  }
});
