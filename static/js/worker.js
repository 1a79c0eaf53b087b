// The service worker: pages a family has seen open at once and without a connection, with their date.
// What may be kept the portal says in each answer (X-Keep-Offline, asurso/offline.py), and whose it is
// (X-Reader). One reader's pages at a time: another reader, or none, empties the store. The portal forbids
// the browser's own cache to keep these pages; this store is ours and ends as docs/offline.md tells.
const PAGES = "pages";
const STATIC = "static";
const READER = "/reader"; // in PAGES: whose pages lie there
const OFFLINE = "/offline/";
const STATIC_KEPT = 300; // files
const PAGES_KEPT = 60;
const SETTLING = 60_000; // ms after a change within which a page is asked of the portal first
const HASHED = /\.[0-9a-f]{12}\.\w+$/;
const DOORS = /^\/(sign-in|sign-out|account|social)\//;

let emptied = 0; // grows with each emptying: an answer asked for before it is not kept
let settledAt = 0;
const fresh = new Map(); // address → the page that replaces a kept one, for one reload

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(keepOfflinePage());
});
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("message", (event) => {
  if (event.data === "forget") event.waitUntil(forgetPages());
  if (event.data === "look changed") event.waitUntil(keepOfflinePage());
  if (event.data.seen) event.waitUntil(keepSeen(event.data));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method !== "GET") {
    settledAt = Date.now() + SETTLING;
    if (DOORS.test(url.pathname)) event.waitUntil(forgetPages());
  } else if (request.mode === "navigate" && !url.pathname.startsWith("/admin/")) {
    event.respondWith(page(event, url));
  } else if (url.pathname.startsWith("/static/")) event.respondWith(staticFile(request, url));
});

const page = async (event, url) => {
  const replacing = fresh.get(url.href);
  fresh.delete(url.href);
  if (replacing) return asPage(replacing);
  const kept = await (await caches.open(PAGES)).match(url.href);
  const askFirst = Date.now() < settledAt || event.request.cache !== "default";
  if (!kept || askFirst) return fromPortal(event, url, kept);
  event.waitUntil(refresh(event, url, await kept.clone().text()));
  return marked(kept);
};

const fromPortal = async (event, url, kept) => {
  const before = emptied;
  try {
    const answer = await fetch(event.request);
    if (kept && answer.status > 500) return marked(kept);
    event.waitUntil(take(answer.clone(), url, before, kept));
    return answer;
  } catch {
    return kept && before === emptied ? marked(kept) : offlinePage();
  }
};

// Ask the portal behind a page that is shown already, and tell the page what came of it.
const refresh = async (event, url, shown) => {
  const news = await newsOf(event, url, shown).catch(() => "offline");
  const client = await clients.get(event.resultingClientId);
  client?.postMessage({ news });
};

const newsOf = async (event, url, shown) => {
  const before = emptied;
  const answer = await fetch(url.href, { redirect: "manual", credentials: "same-origin" });
  if (answer.status >= 500) return "offline";
  const html = answer.ok ? await answer.clone().text() : "";
  await take(answer, url, before, true);
  if (!answer.headers.has("X-Keep-Offline")) return "gone";
  if (told(html) === told(shown)) return "same";
  fresh.set(url.href, html);
  return "changed";
};

// What a page says, without what differs each time it is asked for.
const told = (html) => html.replaceAll(/name="csrfmiddlewaretoken" value="[^"]*"/g, "");

// Keep a page; forget all when the answer shows that their reader is not here any more.
const take = async (answer, url, before, wasKept) => {
  if (answer.status >= 500 || !isPage(answer)) return;
  const known = await (await (await caches.open(PAGES)).match(READER))?.text();
  const reader = answer.headers.get("X-Reader");
  const isAnothers = answer.type === "opaqueredirect" ? Boolean(wasKept) : known !== undefined && reader !== known;
  if (before !== emptied) return;
  if (isAnothers) await forgetPages();
  if (answer.headers.has("X-Keep-Offline")) await keep(await answer.text(), reader, url.href);
  else if (wasKept) await (await caches.open(PAGES)).delete(url.href);
};

const isPage = (answer) => answer.type === "opaqueredirect" || answer.headers.get("Content-Type")?.startsWith("text/html");

// A page that tells of what was just done is seen once, and not kept.
const keep = async (html, reader, address) => {
  const before = emptied;
  if (/id="messages"[^>]*>\s*<p/.test(html)) return;
  const pages = await caches.open(PAGES);
  await pages.put(READER, new Response(reader));
  await pages.put(address, dated(html));
  await shorten(pages, PAGES_KEPT);
  if (before !== emptied) await caches.delete(PAGES);
};

const dated = (html) =>
  new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8", "X-Kept-At": new Date().toISOString() } });

const asPage = (html) => new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" } });

// A kept page says of itself since when it stands.
const marked = async (kept) => asPage((await kept.text()).replace("<html ", `<html data-kept-at="${kept.headers.get("X-Kept-At")}" `));

const forgetPages = async () => {
  emptied += 1;
  fresh.clear();
  await caches.delete(PAGES);
};

const keepOfflinePage = async () => {
  try {
    const store = await caches.open(STATIC);
    const answer = await fetch(OFFLINE, { cache: "no-cache", credentials: "same-origin" });
    const files = [...(await answer.clone().text()).matchAll(/(?:src|href)="([^"#]+\.(?:js|css|svg|png))/g)];
    await store.put(OFFLINE, answer);
    await keepFiles(files.map(([, address]) => address));
  } catch {
    // Asked for again with the next page.
  }
};

// What was opened before the worker stood between: the page, and the files it was drawn with.
const keepSeen = async ({ seen, files }) => {
  const before = emptied;
  await keepFiles(files);
  const answer = await fetch(seen, { redirect: "manual", credentials: "same-origin" });
  await take(answer, new URL(seen), before);
};

const keepFiles = async (addresses) => {
  const store = await caches.open(STATIC);
  for (const address of addresses) {
    if (!(await store.match(address))) await store.add(address).catch(() => {});
  }
};

const offlinePage = async () => (await (await caches.open(STATIC)).match(OFFLINE)) ?? Response.error();

// A file with a hash in its name never changes; others (in development) are asked for first.
const staticFile = async (request, url) => {
  const store = await caches.open(STATIC);
  const kept = await store.match(request);
  if (kept && HASHED.test(url.pathname)) return kept;
  try {
    const answer = await fetch(request);
    if (answer.ok && answer.type === "basic") {
      await store.put(request, answer.clone());
      await shorten(store, STATIC_KEPT);
    }
    return answer;
  } catch {
    return kept ?? Response.error();
  }
};

// The oldest goes first.
const shorten = async (store, most) => {
  const names = await store.keys();
  const rest = names.filter(({ url }) => ![READER, OFFLINE].includes(new URL(url).pathname));
  for (const name of rest.slice(0, Math.max(0, rest.length - most))) await store.delete(name);
};
