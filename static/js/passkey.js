// A passkey that was cancelled or not read: say so on the page instead of in the console.
const words = document.querySelector("[data-passkey-failed]");

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  words.hidden = false;
});
