/* Sharing one's position while a sweep runs: what this phone sends, and who is seen meanwhile.

   Needs: form#sharing as in sweeps/parts.html; with data-sends this page sends, while it is open: seldom,
   and only what has moved. The names are those of #strip. Says: #map.shared, [{id, at, until}], and the
   event "shared" on #map. */
import { clock } from './times.js';

const EARTH = 111195;
const bar = document.getElementById('sharing'), map = document.getElementById('map');
const { me } = document.body.dataset;
const every = bar.dataset.every * 1000, stale = bar.dataset.stale * 1000;
const others = new Map();
let watch = null, latest = null, sent = null, sentAt = 0, due = null, refused = false;

const name = (id) => document.querySelector(`#strip [data-person="${id}"]`)?.textContent ?? '…';

/** Writes the bar and hands on what the map is to show. */
function show() {
  for (const [id, one] of others) if (one.expires < Date.now()) others.delete(id);
  if (!others.has(me) && others.size) others.clear(); // who is not seen does not see
  const { dataset: words } = bar, names = [...others.keys()].filter((id) => id !== me).map(name);
  const list = new Intl.ListFormat(document.documentElement.lang).format(names);
  const said = refused ? words.off : names.length ? words.with.replace('{names}', list) : watch === null ? words.elsewhere : words.alone;
  const line = bar.querySelector('span');
  if (line.textContent !== said) line.textContent = said;
  map.shared = [...others].map(([id, { at, until }]) => ({ id, at, until }));
  map.dispatchEvent(new Event('shared'));
}

function begin() {
  if (watch !== null || bar.hidden || !('sends' in bar.dataset) || !navigator.geolocation) return;
  watch = navigator.geolocation.watchPosition(({ coords }) => {
    refused = false;
    latest = coords;
    soon();
  }, ({ code }) => {
    refused = code === 1;
    show();
  }, { enableHighAccuracy: true, maximumAge: 5000 });
}

function pause() {
  if (watch !== null) navigator.geolocation.clearWatch(watch);
  clearTimeout(due);
  watch = due = null;
}

/** It is over: nothing is sent, nobody is seen. */
function end() {
  pause();
  delete bar.dataset.sends;
  bar.hidden = true;
  latest = sent = null;
  others.clear();
  show();
}

function moved() {
  if (!sent) return true;
  const north = latest.latitude - sent.lat, east = (latest.longitude - sent.lon) * Math.cos((sent.lat * Math.PI) / 180);
  return EARTH * Math.hypot(north, east) >= bar.dataset.metres;
}

function soon() {
  if (latest && moved()) due ??= setTimeout(send, Math.max(0, sentAt + every - Date.now()));
}

async function send() {
  due = null;
  if (watch === null) return;
  const was = sent, { latitude: lat, longitude: lon, accuracy } = latest ?? {};
  const position = latest && moved() ? { lat, lon, accuracy } : null;
  sentAt = Date.now();
  if (position) sent = position;
  const told = await put(position);
  if (told === 'over') return end();
  if (told !== true) sent = told === false ? null : was; // unknown there, or not arrived: once more
  if (told === false) soon();
}

/* true: they know where I am; false: they do not; null: not now; 'over'. */
async function put(position) {
  try {
    const answer = await fetch(`/api/v1/sweeps/${bar.dataset.sweep}/position`, {
      method: 'PUT', headers: { 'Content-Type': 'application/json', 'Muster-Member': me }, body: JSON.stringify({ position }),
    });
    if (answer.ok) return (await answer.json()).shown;
    return [401, 403, 404, 409].includes(answer.status) ? 'over' : null;
  } catch {
    return null;
  }
}

function seen({ member, position, until, fresh_for: fresh, sweep }) {
  if (!position) {
    others.delete(member);
    return;
  }
  others.set(member, { at: [position.lon, position.lat], until, expires: Date.now() + fresh * 1000 });
  if (member !== me) return;
  bar.hidden = false;
  bar.dataset.sweep = sweep;
  bar.action = `/sweeps/${sweep}/sharing`;
  const time = bar.querySelector('time');
  if (time.dateTime !== until) Object.assign(time, { dateTime: until, textContent: clock(new Date(until)) });
}

/** A frame of the live page. */
export function take({ kind, data }) {
  if (kind === 'sweep' && data.id === bar.dataset.sweep && data.state !== 'running') return end();
  if (kind === 'reset') return bar.hidden ? end() : begin();
  if (kind !== 'shared') return undefined;
  seen(data);
  if (data.member === me && !data.position && watch === null) return end(); // stopped on the phone that sends
  return show();
}

begin();
show();
/* A server that was away may have forgotten who is where. */
document.addEventListener('live:state', ({ detail }) => detail === 'on' && sent && send());
addEventListener('pagehide', pause);
addEventListener('pageshow', ({ persisted }) => persisted && begin());
setInterval(() => (others.size ? show() : null), 20000);
setInterval(() => Date.now() - sentAt > stale / 2 && send(), stale / 4);
