// A menu made of <details> closes when the reader turns elsewhere: Escape, a press outside, focus gone.
for (const menu of document.querySelectorAll("[data-menu]")) {
  const close = () => { menu.open = false; };

  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      close();
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("pointerdown", (event) => {
    if (!menu.contains(event.target)) close();
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) close();
  });
}
