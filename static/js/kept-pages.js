// The pages that this device keeps, by name and date, on the page that says there is no connection.
import { inWords } from "./when.js";

const section = document.querySelector("[data-kept-pages]");
const nothing = document.querySelector("[data-nothing-kept]");

const line = async (pages, request) => {
  const page = await pages.match(request);
  const title = new DOMParser().parseFromString(await page.text(), "text/html").title;
  const link = Object.assign(document.createElement("a"), { href: request.url, textContent: title });
  const date = Object.assign(document.createElement("span"), { className: "muted" });
  date.textContent = inWords(page.headers.get("X-Kept-At"), section.dataset.at);
  const item = document.createElement("li");
  item.append(link, " ", date);
  return item;
};

const pages = await globalThis.caches?.open("pages");
const requests = (await pages?.keys() ?? []).filter(({ url }) => !url.endsWith("/reader"));
section.querySelector("ul").append(...(await Promise.all(requests.reverse().map((each) => line(pages, each)))));
section.hidden = !requests.length;
nothing.hidden = requests.length > 0;
