// The page opens at today: on phones the day stands under earlier ones. A link to a day of its own wins,
// and so does the place a reader comes back to.
const here = document.querySelector("[data-open-here]");
const cameBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
const oneColumn = !matchMedia("(min-width: 1024px)").matches;

if (here && oneColumn && !location.hash && !cameBack && here.getBoundingClientRect().top > innerHeight / 2) {
  here.scrollIntoView({ block: "start", behavior: "instant" });
}
