// Who signs out leaves nothing unsaved behind on a shared computer.
import { forgetAll } from "./kept.js";

addEventListener("submit", (event) => {
  if (event.target.matches("[data-sign-out]")) forgetAll();
});
