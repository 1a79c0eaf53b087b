// A task under way: [data-progress] holds the address that tells how far it is. At the end the page comes anew.
const SECONDS = 2;
const box = document.querySelector("[data-progress]");

const look = async () => {
  try {
    const response = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
    if (response.redirected || response.status === 404) return location.reload();
    if (response.ok) {
      const { done, total, ended } = await response.json();
      if (ended) return location.reload();
      box.querySelector("progress").max = total;
      box.querySelector("progress").value = done;
      box.querySelector("[data-progress-done]").textContent = done;
    }
  } catch {
    // No connection: the next look may find one.
  }
  setTimeout(look, SECONDS * 1000);
};

if (box) setTimeout(look, SECONDS * 1000);
