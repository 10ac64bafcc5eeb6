/* Muster without signal: its shell, the pages as last seen, and what waits to be sent.

   Served as /sw.js behind a head that imports flush, note, noted and waiting and names MARK and
   SHELL, today's static files, and WORDS by language and kind of notice. Caches: "shell <MARK>"; "pages <member>": one member's, gone with
   them, as is "pinned <member>", the documents they want here (pins.js). Pages tell { keep: [addresses], once: true for those that need not be new } and { forget: "/squads/<id>" }. */
const SHELL_NAME = `shell ${MARK}`;
const PATIENCE = 4000, MOST = 80;
const STATIC = /^\/static\/[^/]+\//;
const PAGES = /^\/(squads(\/[^/]+(\/checkin|\/calls\/new|\/posts\/[^/]+|\/logs(\/[^/]+)?)?)?|(visits|sweeps|logs)\/[^/]+|drive\/phone|api\/v1\/squads\/[^/]+\/map)$/;
const LIVE = /^\/squads\/[0-9a-f-]{36}$/;
const CONTENT = /^\/drive\/documents\/[^/]+\/versions\/\d+\/(file|pages\/\d+)$/, DOCUMENT = /^\/drive\/documents\/[^/]+/;
const isPages = (name) => /^(pages|pinned) /.test(name);
/* Nobody's phone keeps no pages, nor a place for them. */
const NONE = { match() {}, keys: () => [], put() {}, delete() {} };
async function pages() {
  const member = await noted('member');
  return member ? caches.open(`pages ${member}`) : NONE;
}

/* What its member wants to have here; nothing where they want nothing. */
async function pinned() {
  const name = `pinned ${await noted('member')}`;
  return (await caches.has(name)) ? caches.open(name) : NONE;
}

/** Whose phone it is now; what is kept of anybody else goes. */
async function belongs(member) {
  if ((await noted('member')) === member) return;
  await forget();
  await note('member', member);
}

async function forget() {
  for (const name of (await caches.keys()).filter(isPages)) await caches.delete(name);
  await note('member', undefined);
  await note('home', undefined);
}

async function shell(request) {
  const { pathname, search } = new URL(request.url), cache = await caches.open(SHELL_NAME);
  const asked = pathname + search, todays = asked.replace(STATIC, `/static/${MARK}/`);
  const kept = await cache.match(todays);
  if (kept && todays === asked) return kept;
  try {
    const answer = await fetch(request);
    if (answer.status === 200 && todays === asked) await cache.put(todays, answer.clone());
    return answer;
  } catch (error) {
    if (kept) return kept; // a page of another version, without signal
    throw error;
  }
}

async function keep(key, answer, path) {
  const member = answer.headers.get('Muster-Member');
  if (member) await belongs(member);
  if (!(await noted('member'))) return answer;
  const cache = await pages();
  if (answer.status === 200 && !answer.redirected) {
    await cache.delete(key);
    await cache.put(key, answer.clone());
    if (LIVE.test(path)) await note('home', path);
    for (const old of (await cache.keys()).slice(0, -MOST)) await cache.delete(old);
  } else if ([401, 403, 404].includes(answer.status)) await cache.delete(key);
  return answer;
}

/* The server's answer, or after a moment without one what was seen last. */
async function shown(event) {
  const { request } = event, { pathname } = new URL(request.url);
  const key = pathname + (request.headers.get('HX-Request') ? '?part' : '');
  if (await noted('leaving')) await depart();
  const kept = (await (await pages()).match(key)) ?? (await (await pinned()).match(key));
  const fresh = fetch(request).then((answer) => {
    if (answer.status > 501 && kept) return kept;
    return PAGES.test(pathname) ? keep(key, answer, pathname) : arrived(answer, pathname, key);
  });
  event.waitUntil(fresh.catch(() => {}));
  if (kept) return Promise.race([fresh, new Promise((done) => setTimeout(done, PATIENCE, kept))]).catch(() => kept);
  return fresh.catch(() => instead(request, pathname));
}

/* At the door nobody is signed in any more. */
async function arrived(answer, pathname, key) {
  const member = answer.headers.get('Muster-Member');
  if (member) await belongs(member);
  else if (answer.status === 200 && pathname === '/signin') await forget();
  if (DOCUMENT.test(pathname)) await renew(answer, pathname, key);
  return answer;
}

/* A document that is kept here is shown as it was last; one that is closed to its member goes at once. */
async function renew(answer, pathname, key) {
  const cache = await pinned(), [there] = DOCUMENT.exec(pathname);
  if (answer.status === 200 && (await cache.match(key))) await cache.put(key, answer.clone());
  if (![403, 404].includes(answer.status)) return;
  for (const request of await cache.keys()) if (new URL(request.url).pathname.startsWith(there)) await cache.delete(request);
}

/* What never changes is shown from here; a film asks for parts of it. */
async function content(event) {
  const { request } = event, { pathname } = new URL(request.url), cache = await pinned(), kept = await cache.match(pathname);
  if (!kept) return request.mode === 'navigate' ? shown(event) : fetch(request);
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get('Range') ?? '') ?? [];
  const headers = new Headers(kept.headers), part = Number(headers.get('Muster-Part'));
  if (!from && !to && !part) return kept;
  const whole = part ? { size: Number(headers.get('Muster-Size')) } : await kept.blob(), { size } = whole;
  if (!from && !to) return new Response(flowing(cache, pathname, part, 0, size - 1), { headers });
  const start = from ? Number(from) : Math.max(0, size - Number(to)), end = from && to ? Math.min(Number(to), size - 1) : size - 1;
  headers.set('Content-Range', start > end ? `bytes */${size}` : `bytes ${start}-${end}/${size}`);
  if (start > end) return new Response(null, { status: 416, headers });
  headers.set('Content-Length', end - start + 1);
  const body = part ? flowing(cache, pathname, part, start, end) : whole.slice(start, end + 1);
  return new Response(body, { status: 206, headers });
}

/* Bytes of what lies here in parts of that size, one part in memory at a time. */
function flowing(cache, pathname, part, start, end) {
  let at = start;
  return new ReadableStream({
    async pull(to) {
      if (at > end) return to.close();
      const n = Math.floor(at / part), kept = await cache.match(`${pathname}?part=${n}`);
      const piece = (await kept.blob()).slice(at - n * part, end + 1 - n * part);
      to.enqueue(new Uint8Array(await piece.arrayBuffer()));
      at += piece.size;
    },
  });
}

async function instead({ mode }, pathname) {
  if (mode !== 'navigate') return Response.error();
  const home = await noted('home');
  if (pathname === '/drive' && (await (await pinned()).match('/drive/phone'))) return Response.redirect('/drive/phone');
  if (home && pathname === '/') return Response.redirect(home);
  if (home && pathname === '/checkin') return Response.redirect(`${home}/checkin`);
  return (await caches.match('/offline')) ?? Response.error();
}

/* Nothing stays behind on this phone, also where the server cannot be told yet. */
async function leave(request) {
  const { pathname } = new URL(request.url);
  await forget();
  try {
    return await fetch(request);
  } catch {
    await note('leaving', pathname);
    return caches.match('/offline');
  }
}

async function depart() {
  try {
    const answer = await fetch(await noted('leaving'), { method: 'POST', redirect: 'manual' });
    if (answer.type === 'opaqueredirect' || answer.ok || answer.status === 401) await note('leaving', undefined);
  } catch (error) {
    console.warn('still signed in at the server', error);
  }
}

async function told({ keep: wanted = [], once, forget: gone }) {
  for (const address of wanted) {
    const request = new Request(address), { pathname } = new URL(request.url);
    if (STATIC.test(pathname)) await shell(request);
    else if (PAGES.test(pathname) && !(once && await (await pages()).match(pathname))) await keep(pathname, await fetch(request), pathname);
  }
  if (!gone) return;
  const cache = await pages();
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith(gone) || pathname.startsWith(`/api/v1${gone}`) || /^\/(visits|sweeps|logs)\//.test(pathname)) await cache.delete(request);
  }
}

const quietly = (work) => work.catch((error) => console.warn('worker', error));

addEventListener('install', (event) => event.waitUntil(
  caches.open(SHELL_NAME).then((cache) => cache.addAll(SHELL)).then(() => skipWaiting())));
addEventListener('activate', (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (!isPages(name) && name !== SHELL_NAME) await caches.delete(name);
  await clients.claim();
})()));
addEventListener('message', (event) => event.waitUntil(quietly(told(event.data))));
/* Rejected, the browser asks again later. */
addEventListener('sync', (event) => event.waitUntil((async () => {
  const member = await noted('member');
  if (!member) return;
  await flush(member);
  if ((await waiting(member)).some(({ failed }) => !failed)) throw Error('still waiting');
})()));
/* A kind and a link come, never words: what it is about is on the page. Who looks at one sees its bell. */
addEventListener('push', (event) => event.waitUntil((async () => {
  const { kind, link } = event.data.json();
  const open = await clients.matchAll({ type: 'window' });
  if (open.some(({ visibilityState }) => visibilityState === 'visible')) return;
  const lang = (await noted('lang')) ?? navigator.language.slice(0, 2), words = WORDS[lang] ?? WORDS.en;
  await registration.showNotification('Muster', { body: words[kind] ?? words.several, tag: link, data: link, icon: ICON });
})()));
addEventListener('notificationclick', (event) => event.waitUntil((async () => {
  event.notification.close();
  const [open] = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  const link = new URL(event.notification.data, location.origin);
  if (link.origin !== location.origin) return;
  const shown = await open?.navigate(link).catch(() => null);
  await (shown ? shown.focus() : clients.openWindow(link));
})()));
addEventListener('fetch', (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.method === 'POST' && /^\/signout(\/everywhere)?$/.test(pathname)) event.respondWith(leave(request));
  else if (request.method !== 'GET') return;
  else if (STATIC.test(pathname)) event.respondWith(shell(request));
  else if (CONTENT.test(pathname)) event.respondWith(content(event));
  else if (request.mode === 'navigate' || PAGES.test(pathname)) event.respondWith(shown(event));
});
