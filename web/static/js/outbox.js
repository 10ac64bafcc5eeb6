/* What is said must not be lost: kept on this phone, sent in order, once, in its member's name.

   An item: { member, squad, kind, id (a UUIDv7 made here), queue, method, url, body, at (ms), shown },
   "opens" where nothing of its queue may go before it was taken, "follows" (an id) what waits for
   another item; once kept, its number n; once refused, failed: { status, title, errors, now }. A file in the
   body makes it a form, and words never wait for files. Knows no page, for the service worker sends too.
   Says on `news`, in every tab: change, detail { item, state: new | going | waiting | sent | failed | gone,
   answer, part (of 1, while a file is going) }. */
const REFUSED = [400, 403, 404, 405, 409, 413, 415, 422];
const PATIENCE = 20000, SILENCE = 120000;
const channel = new BroadcastChannel('outbox');
const opened = new Promise((done, failed) => {
  const asked = indexedDB.open('muster', 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore('outbox', { keyPath: 'n', autoIncrement: true });
    asked.result.createObjectStore('about');
  };
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => failed(asked.error);
});
const lanes = {};
let last = 0, tries = 0, retry, going;

export const news = new EventTarget();

async function change(name, mode, work) {
  const deed = (await opened).transaction(name, mode, { durability: 'strict' });
  const asked = work(deed.objectStore(name));
  return new Promise((done, failed) => {
    deed.oncomplete = () => done(asked.result);
    deed.onabort = deed.onerror = () => failed(deed.error);
  });
}

const items = (work, mode = 'readwrite') => change('outbox', mode, work);
/** A note about this phone: "member" is who is signed in, "leaving" that they have gone without signal. */
export const noted = (name) => change('about', 'readonly', (store) => store.get(name));
export const note = (name, value) => change('about', 'readwrite', (store) => store.put(value, name));

/** All that waits in a member's name, oldest first; what was refused among it. */
export const waiting = async (member) =>
  (await items((store) => store.getAll(), 'readonly')).filter((item) => item.member === member);

const hear = (detail) => news.dispatchEvent(Object.assign(new Event('change'), { detail }));
channel.onmessage = ({ data }) => hear(data);
function say(detail) {
  hear(detail);
  channel.postMessage(detail);
}

/** A UUIDv7. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const now = last = Math.max(Date.now(), last + 1);
  for (let i = 0; i < 6; i++) bytes[i] = now / 2 ** (40 - 8 * i);
  bytes[6] = (bytes[6] & 15) | 112;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Keep items, all or none, then try to send them; resolves once they are on the disk. */
export const add = (...all) => replace([], ...all);

/** As `add`, in place of what was refused (and what follows it), at once. */
export async function replace(refused, ...all) {
  const asked = [];
  await items((store) => {
    for (const { n } of refused) store.delete(n);
    return all.map((item) => asked[asked.push(store.add(item)) - 1]).at(-1);
  });
  for (const item of refused) say({ item, state: 'gone' });
  all.forEach((item, i) => say({ item: Object.assign(item, { n: asked[i].result }), state: 'new' }));
  flush(all[0].member);
}

const laneOf = ({ body }) => (body?.file ? 'outbox files' : 'outbox');

/* One tab at a time in each lane, one item at a time. */
const alone = (lane, work) => {
  if (globalThis.navigator.locks) return navigator.locks.request(lane, work);
  return lanes[lane] = Promise.resolve(lanes[lane]).then(work, work);
};

/** Take an item back; false when it was sent before that. */
export function take(item) {
  if (going?.n === item.n) going.way.abort();
  return alone(laneOf(item), async () => {
    if (!(await items((store) => store.get(item.n), 'readonly'))) return false;
    await items((store) => store.delete(item.n));
    say({ item, state: 'gone' });
    return true;
  });
}

/** Try a refused item once more. */
export async function again(item) {
  delete item.failed;
  await items((store) => store.put(item));
  say({ item, state: 'new' });
  return flush(item.member);
}

/** Send what waits in this member's name, each thing once: words first, then the files that follow them. */
export async function flush(member) {
  clearTimeout(retry);
  try {
    if (await send(member, 'outbox')) await send(member, 'outbox files');
  } catch (error) {
    console.warn('outbox', error);
  }
}

/* What is held waits for what goes before it. False when nothing gets through at all. */
async function send(member, lane) {
  const all = await waiting(member), mine = all.filter((item) => laneOf(item) === lane);
  const held = new Set(all.filter((item) => laneOf(item) !== lane).map(({ id }) => id));
  let later = false;
  for (const { n, id, queue, follows, opens } of mine) {
    if (held.has(queue) || held.has(follows)) continue;
    const state = await alone(lane, () => one(n));
    if (state === 'stop') {
      await stay(member);
      return false;
    }
    later ||= state === 'waiting';
    if (state === 'waiting' || (state === 'failed' && opens)) held.add(queue);
    if (state !== 'sent') held.add(id);
  }
  if (later) soon(member);
  return true;
}

/* What need not be tried is told so, too. */
async function stay(member) {
  for (const item of await waiting(member)) if (!item.failed) say({ item, state: 'waiting' });
  soon(member);
}

function soon(member) {
  clearTimeout(retry);
  retry = setTimeout(flush, Math.min(60000, 1000 * 2 ** tries++) * (0.5 + Math.random()), member);
}

/* "stop": no signal, nobody signed in or too much at once, so the others need not try. */
async function one(n) {
  const item = await items((store) => store.get(n), 'readonly');
  if (!item) return 'sent'; // by another tab, or taken back
  if (item.failed) return 'failed';
  const answer = await post(item);
  const said = await answer?.json().catch(() => null);
  if (answer?.ok) {
    tries = 0;
    if (item.opens && said && said.id !== item.id) await renamed(item, said.id);
    await items((store) => store.delete(item.n));
    say({ item, state: 'sent', answer: said });
    return 'sent';
  }
  if (answer && REFUSED.includes(answer.status)) {
    item.failed = { status: answer.status, title: said?.title, errors: said?.errors, now: said?.now };
    await items((store) => store.put(item));
    say({ item, state: 'failed' });
    return 'failed';
  }
  if (!answer || [401, 429].includes(answer.status)) return 'stop';
  say({ item, state: 'waiting' });
  return 'waiting';
}

/* The server had to give the visit another id than the phone did. */
async function renamed(item, id) {
  for (const other of await waiting(item.member)) {
    if (other.queue !== item.queue || other.n === item.n) continue;
    other.url = other.url.replace(item.id, id);
    await items((store) => store.put(other));
  }
}

function post(item) {
  const { method, url, body, member } = item, address = `/api/v1${url}`;
  const headers = { Accept: 'application/json', 'Muster-Member': member };
  const form = body?.file && new FormData();
  if (form) for (const [name, value] of Object.entries(body)) form.append(name, value);
  if (form && globalThis.XMLHttpRequest) return upload(item, address, headers, form);
  if (!form) headers['Content-Type'] = 'application/json';
  const signal = AbortSignal.timeout(form ? SILENCE : PATIENCE);
  return fetch(address, { method, headers, body: form || JSON.stringify(body), signal }).catch(() => null);
}

/* It may take as long as it moves, and says how far it is. */
function upload({ body, ...item }, address, headers, form) {
  return new Promise((done) => {
    const way = new XMLHttpRequest();
    let silence;
    const hear = (part) => {
      clearTimeout(silence);
      silence = setTimeout(() => way.abort(), SILENCE);
      say({ item, state: 'going', part });
    };
    way.open(item.method, address);
    for (const [name, value] of Object.entries(headers)) way.setRequestHeader(name, value);
    way.upload.onprogress = ({ loaded, total }) => hear(loaded / total);
    way.onloadend = () => {
      clearTimeout(silence);
      going = null;
      done(way.status ? new Response(way.response || null, { status: way.status }) : null);
    };
    going = { n: item.n, way };
    hear(0);
    way.send(form);
  });
}
