/* Documents that this phone keeps for bad signal, for the member who is signed in alone.

   They lie in the cache "pinned <member>", whence worker.js shows them, and are gone with it: at sign-out, when
   another member signs in. Its entry LIST says what is wanted and what is there: { documents: [ids], folders: [ids],
   names: { folder: name }, inside: { folder: [ids] }, kept: { id: { name, n, changed, type, pages, size, words, bytes, state, done, all } }, at (ms) },
   state: here | waits | refused | full; done of all: what is here while it waits or was refused. A large file comes in parts, each kept as it comes,
   so that after a cut only the rest does; its own entry then says "Muster-Part" and "Muster-Size" (bytes) and is empty. What the member may not see any more is not in the server's answer, and goes.
   Says on `news`: change, detail { id, done, all } while a document comes, else {}. */
import { noted } from './outbox.js';

const { me } = document.body.dataset;
const MINE = `pinned ${me}`, LIST = '/pinned', AT_ONCE = 50, OFTEN = 180000, PART = 4_000_000, AGAIN = 15000;
const HEADERS = { 'Muster-Member': me };
const PAGES = ['/drive/phone'];
let going, soon, cut;
/* What the server refused, on this visit to the page: by id how it was then. */
const refused = new Map();

export const news = new EventTarget();
export const able = Boolean(me && navigator.serviceWorker && navigator.locks && globalThis.caches);

/* What the server answered has a status, a line that was cut has none. */
const failed = ({ status }, path) => Object.assign(Error(`${status} ${path}`), { status });
const state = ({ version, changed_at: changed, words }) => `${version} ${changed} ${words}`;
const say = (detail = {}) => news.dispatchEvent(Object.assign(new Event('change'), { detail }));
const alone = (work) => navigator.locks.request('pins', work);

/** What is kept here, and what should be. */
export async function list() {
  const answer = (await caches.has(MINE)) && await (await caches.open(MINE)).match(LIST);
  return { documents: [], folders: [], names: {}, inside: {}, kept: {}, at: 0, ...(answer && await answer.json()) };
}

/* Whoever has left meanwhile, or made room for somebody else, leaves nothing behind. */
async function put(path, answer) {
  const mine = async () => (await noted('member')) === me;
  if (await mine()) await (await caches.open(MINE)).put(path, answer);
  if (await mine()) return;
  await caches.delete(MINE);
  throw new DOMException('another member', 'AbortError');
}

const save = (all) => put(LIST, new Response(JSON.stringify(all)));

async function drop(all, id) {
  const cache = await caches.open(MINE);
  for (const request of await cache.keys()) if (new URL(request.url).pathname.startsWith(`/drive/documents/${id}`)) await cache.delete(request);
  delete all.kept[id];
}

/* What of all that is wanted may be had, by id; nothing without signal. A sign-in that is over asks for nothing. */
async function asked(all) {
  const found = { folders: [], documents: {} };
  const slices = (ids) => Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_, i) => ids.slice(i * AT_ONCE, (i + 1) * AT_ONCE));
  const wanted = [...slices(all.documents).map((ids) => ids.map((id) => ['document', id])), ...slices(all.folders).map((ids) => ids.map((id) => ['folder', id]))];
  for (const some of wanted) {
    const answer = await fetch(`/api/v1/drive/pinned?${new URLSearchParams(some)}`, { headers: HEADERS }).catch(() => null);
    if (!answer?.ok) return null;
    const said = await answer.json();
    found.folders.push(...said.folders);
    for (const one of said.documents) found.documents[one.id] = one;
  }
  return found;
}

/* Pictures of its pages and the file are never changed; what says what it is called is fetched anew. */
const parts = ({ id, version, pages, cover }) => {
  const there = `/drive/documents/${id}`, now = `${there}/versions/${version}`;
  return { fixed: [...Array.from({ length: pages || Number(cover) }, (_, i) => `${now}/pages/${i + 1}`), `${now}/file`], fresh: [there, `${there}/show`] };
};

async function take(path, signal, ask = '') {
  const answer = await fetch(path + ask, { headers: HEADERS, signal });
  if (!answer.ok || answer.redirected) throw failed(answer, path);
  let bytes = 0;
  const count = new TransformStream({ transform(piece, on) { bytes += piece.byteLength; on.enqueue(piece); } });
  await put(path, new Response(answer.body.pipeThrough(count), { headers: answer.headers }));
  return bytes;
}

/* A file that is larger than a part: what came before a cut is not asked for again. `came` after each part. */
async function takeParts(path, size, signal, came) {
  const cache = await caches.open(MINE);
  let type;
  for (let start = 0; start < size; start += PART) {
    const key = `${path}?part=${start / PART}`, end = Math.min(start + PART, size) - 1;
    const known = await cache.match(key);
    if (known) type = known.headers.get('Content-Type');
    else {
      const answer = await fetch(`${path}?keep=1`, { headers: { ...HEADERS, Range: `bytes=${start}-${end}` }, signal });
      if (answer.status !== 206) throw failed(answer, path);
      type = answer.headers.get('Content-Type');
      await put(key, new Response(answer.body, { headers: { 'Content-Type': type } }));
    }
    came();
  }
  await put(path, new Response(null, { headers: { 'Content-Type': type, 'Accept-Ranges': 'bytes', 'Content-Disposition': 'inline', 'Muster-Part': PART, 'Muster-Size': size } }));
  return size;
}

async function bring(all, one) {
  const { fixed, fresh } = parts(one), cache = await caches.open(MINE), many = Math.ceil(one.size / PART);
  const length = fixed.length + fresh.length + Math.max(0, many - 1);
  const was = all.kept[one.id], same = was?.n === one.version;
  const about = { name: one.name, n: one.version, changed: one.changed_at, type: one.type, pages: one.pages || Number(one.cover), size: one.size, words: one.words };
  const sizes = same ? { ...was.sizes } : {};
  going = { id: one.id, way: new AbortController() };
  const { signal } = going.way, file = fixed.at(-1);
  let done = 0;
  const came = () => say({ id: one.id, done: done += 1, all: length });
  say({ id: one.id, done, all: length });
  try {
    for (const path of [...fixed, ...fresh]) {
      const known = !fresh.includes(path) && path in sizes && await cache.match(path);
      if (path === file && many > 1 && !known) sizes[path] = await takeParts(path, one.size, signal, came);
      else {
        if (!known) sizes[path] = await take(path, signal, fresh.includes(path) ? '' : '?keep=1');
        if (path === file) done += Math.max(0, many - 1);
        came();
      }
    }
    const bytes = Object.values(sizes).reduce((sum, size) => sum + size, 0);
    for (const request of await cache.keys()) {
      const { pathname } = new URL(request.url);
      if (pathname.startsWith(`/drive/documents/${one.id}/versions/`) && !fixed.includes(pathname)) await cache.delete(request);
    }
    all.kept[one.id] = { ...about, sizes, bytes, state: 'here' };
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    const full = error.name === 'QuotaExceededError', fate = full ? 'full' : error.status ? 'refused' : 'waits';
    if (full && was?.state !== 'here') await drop(all, one.id);
    if (was?.state !== 'here') all.kept[one.id] = { ...about, sizes: full ? {} : sizes, bytes: 0, state: fate, done, all: length };
    else all.kept[one.id] = { ...was, older: fate };
    if (error.status >= 400 && error.status < 500) refused.set(one.id, state(one));
    cut ||= fate === 'waits';
    console.warn('pins', error);
  } finally {
    going = null;
  }
  await save(all);
  say();
}

/* Whether something that is wanted is not here yet, but for want of room, or because it was refused. */
const lacking = ({ documents, inside, kept }) =>
  [...documents, ...Object.values(inside).flat()].some((id) => !refused.has(id) && !['here', 'full'].includes(kept[id]?.older ?? kept[id]?.state));

async function brought(force) {
  const all = await list();
  if (!all.documents.length && !all.folders.length) return;
  if (!force && Date.now() - all.at < OFTEN && !lacking(all)) return;
  const found = await asked(all);
  if (!found) return;
  const within = found.folders.flatMap(({ documents }) => documents);
  all.folders = found.folders.map(({ id }) => id);
  all.names = Object.fromEntries(found.folders.map(({ id, name }) => [id, name]));
  all.inside = Object.fromEntries(found.folders.map(({ id, documents }) => [id, documents]));
  all.documents = all.documents.filter((id) => found.documents[id]);
  const wanted = new Set([...all.documents, ...within]);
  for (const id of Object.keys(all.kept)) if (!wanted.has(id)) await drop(all, id);
  all.at = Date.now();
  await save(all);
  cut = false;
  for (const id of wanted) {
    const one = found.documents[id], kept = all.kept[id];
    if (refused.get(id) === state(one)) continue;
    refused.delete(id);
    if (kept?.state !== 'here' || kept.n !== one.version || kept.changed !== one.changed_at || kept.words !== one.words) await bring(all, one);
  }
  for (const path of PAGES) await take(path);
  clearTimeout(soon);
  if (cut) soon = setTimeout(sync, AGAIN, true);
}

/** What is wanted is brought up to date with the server: now and then, or at once. */
export const sync = (force = false) => alone(() => brought(force)).catch((error) => {
  if (error.name !== 'AbortError') console.warn('pins', error);
}).then(() => say());

/** The same at once, with what was refused before. */
export const again = () => {
  refused.clear();
  return sync(true);
};

/** Keep a document or a folder ("documents" or "folders" and its id) here, or no longer. */
export async function pin(which, id, on) {
  going?.way.abort();
  await alone(async () => {
    const all = await list();
    all[which] = all[which].filter((one) => one !== id);
    if (on) all[which].push(id);
    else if (which === 'folders') delete all.inside[id];
    const wanted = new Set([...all.documents, ...Object.values(all.inside).flat()]);
    for (const one of Object.keys(all.kept)) if (!wanted.has(one)) await drop(all, one);
    await save(all);
  });
  if (on) await navigator.storage?.persist?.();
  await again();
}

/* Somebody else's, left by a tab that was closed too late. */
async function tidy() {
  for (const name of await caches.keys()) if (name.startsWith('pinned ') && name !== MINE) await caches.delete(name);
}

if (able) {
  tidy().then(() => sync(Boolean(document.getElementById('kept')))).catch((error) => console.warn('pins', error));
  addEventListener('online', () => sync(true));
  document.addEventListener('live:state', ({ detail }) => detail === 'on' && sync());
  document.addEventListener('live:frame', ({ detail }) => {
    if (detail.kind !== 'drive') return;
    clearTimeout(soon);
    soon = setTimeout(sync, 2000 * Math.random(), true);
  });
}
