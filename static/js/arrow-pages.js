// Left and right arrow keys turn the page, unless the keys are wanted by a field. On a page with
// [data-swipe-pages] so does a swipe to the side, unless it begins in something that scrolls sideways itself
// or the page is zoomed in.
const turn = (rel) => document.querySelector(`a[rel="${rel}"][href]`)?.click();

addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  if (rel) turn(rel);
});

const FAR = 70; // px
const swipes = document.querySelector("[data-swipe-pages]") !== null;
let start = null;

function scrollsSideways(element) {
  for (let at = element; at && at !== document.body; at = at.parentElement) {
    if (at.scrollWidth > at.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(at).overflowX)) return true;
  }
  return false;
}

addEventListener(
  "touchstart",
  (event) => {
    const one = swipes && event.touches.length === 1 && !scrollsSideways(event.target);
    start = one ? { x: event.touches[0].clientX, y: event.touches[0].clientY } : null;
  },
  { passive: true },
);

addEventListener(
  "touchend",
  (event) => {
    if (!start || event.touches.length || visualViewport?.scale > 1.01) return;
    const across = event.changedTouches[0].clientX - start.x;
    const down = event.changedTouches[0].clientY - start.y;
    start = null;
    if (Math.abs(across) < FAR || Math.abs(across) < 2 * Math.abs(down)) return;
    turn(across > 0 ? "prev" : "next");
  },
  { passive: true },
);
