// A small sheet beside a cell, one at a time; on phones at the bottom of the screen. Its parts are <template>s
// of the page, named by data-popup. Escape closes it and gives the focus back to the cell.
const GAP = 6;
const narrow = matchMedia("(max-width: 767.98px)");

const fields = (node) => [...node.querySelectorAll("button, input, select, textarea, a[href]")].filter((field) => !field.disabled);

export const createPopup = (host) => {
  let anchor = null;
  let left = null;

  const place = () => {
    if (!anchor) return;
    host.style.removeProperty("left");
    host.style.removeProperty("top");
    if (narrow.matches) return;
    const cell = anchor.getBoundingClientRect();
    const own = host.getBoundingClientRect();
    const beside = cell.right + GAP + own.width <= innerWidth ? cell.right + GAP : cell.left - GAP - own.width;
    host.style.left = `${Math.max(GAP, beside)}px`;
    host.style.top = `${Math.max(GAP, Math.min(cell.top - GAP, innerHeight - own.height - GAP))}px`;
  };

  const close = ({ back = false } = {}) => {
    if (!anchor) return;
    const td = anchor;
    const wasInside = host.contains(document.activeElement);
    anchor = null;
    host.hidden = true;
    host.replaceChildren();
    if (back || wasInside) td.focus({ preventScroll: true });
    left?.();
    left = null;
  };

  // `fill` puts words and listeners on the parts; `focus` is false for what must not take the keyboard away.
  const open = (cell, name, fill, { focus = true, onClose = null } = {}) => {
    close();
    anchor = cell.td;
    left = onClose;
    host.dataset.kind = name;
    host.replaceChildren(document.querySelector(`template[data-popup="${name}"]`).content.cloneNode(true));
    fill(host);
    host.hidden = false;
    place();
    if (focus) (host.querySelector("[data-first]") ?? fields(host)[0])?.focus({ preventScroll: true });
  };

  host.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") close({ back: true });
    if (event.key !== "Tab") return;
    const all = fields(host);
    const end = event.shiftKey ? all[0] : all.at(-1);
    if (document.activeElement !== end) return;
    event.preventDefault();
    (event.shiftKey ? all.at(-1) : all[0]).focus();
  });
  addEventListener("scroll", place, { capture: true, passive: true });
  addEventListener("resize", place);

  return { open, close, isAt: (cell) => anchor === cell.td, isOpen: () => anchor !== null };
};
