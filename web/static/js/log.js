/* A day's log keeps itself: what is typed goes through the outbox, so it is on this phone at once, and on
   the server when there is signal. Where another device wrote the same line, both are shown and one is chosen.

   Needs: form#draft[data-squad][data-day][data-kind][data-url] with fields t-<key> and hidden r-<key> (the revision they began
   from); #kept, a pill with a span: data-saved ("… {time}"), data-waits, data-going; [data-wrong], [data-kept];
   <template id="t-other">: [data-text], [data-keep], [data-take]. */
import { add, news, newId, take, waiting } from './outbox.js';
import { kinds } from './send.js';
import { clock } from './times.js';

const PAUSE = 900;
const me = document.body.dataset.me;
const form = document.getElementById('draft');
const pill = document.getElementById('kept');
const { squad, day, kind, url } = form.dataset;
const queue = `log ${url}`;
const fields = new Map();
let kept, pause, chain = Promise.resolve();

/* What this phone wrote last itself it may write over, whichever answer was lost on the way. */
function known() {
  try {
    return localStorage.device ??= newId();
  } catch {
    return '';
  }
}

const device = known();

for (const area of form.querySelectorAll('[name^="t-"]')) {
  fields.set(area.name.slice(2), { area, base: form.elements[`r-${area.name.slice(2)}`], sent: area.value });
}

const lines = (which = () => true) => Object.fromEntries([...fields].filter(([, one]) => which(one))
  .map(([key, { area, base }]) => [key, { text: area.value, base: Number(base.value) }]));
const changed = ({ area, sent }) => area.value !== sent;

function tell(words, time) {
  pill.hidden = false;
  pill.lastElementChild.textContent = words.replace('{time}', time ? clock(new Date()) : '');
}

kinds.log = () => ({
  queue, method: 'POST', url: `/squads/${squad}/logs`, body: { day, kind, device, lines: lines() }, shown: { name: document.title },
});

/* What waits is overtaken by what is typed after it. */
async function save() {
  if (![...fields.values()].some(changed)) return;
  tell(pill.dataset.going);
  if (kept) await take(kept);
  const now = lines(changed);
  if (!Object.keys(now).length) return;
  kept = {
    kind: 'log', id: newId(), member: me, squad, queue, at: Date.now(), method: 'PATCH',
    url, body: { device, lines: now }, shown: { name: document.title },
  };
  await add(kept);
}

const soon = (work) => { chain = chain.then(work).catch((error) => console.warn('log', error)); };

function later() {
  clearTimeout(pause);
  pause = setTimeout(soon, PAUSE, save);
}

function both(key, { text, revision }) {
  const { area, base } = fields.get(key) ?? {};
  if (!area) return;
  const field = area.closest('.field');
  field.querySelector('.other')?.remove();
  const box = document.getElementById('t-other').content.firstElementChild.cloneNode(true);
  box.querySelector('[data-text]').textContent = text;
  base.value = revision;
  const settle = (words) => {
    area.value = words;
    fields.get(key).sent = text;
    box.remove();
    area.focus();
    soon(save);
  };
  box.querySelector('[data-keep]').addEventListener('click', () => settle(area.value));
  box.querySelector('[data-take]').addEventListener('click', () => settle(text));
  field.append(box);
  fields.get(key).sent = area.value; // it waits for the choice
}

async function refused(item) {
  const { now, title, errors } = item.failed;
  if (item.method !== 'PATCH' && !now) return;
  await take(item);
  if (now) {
    for (const [key, words] of Object.entries(now)) both(key, words);
    document.querySelector('.other')?.scrollIntoView({ block: 'center' });
    for (const key of Object.keys(item.body.lines)) if (!(key in now)) fields.get(key).sent = null;
    return soon(save);
  }
  const place = form.querySelector('[data-wrong]');
  place.querySelector('p').textContent = Object.values(errors ?? { title }).join(' ');
  place.hidden = false;
}

function heard({ item, state, answer }) {
  if (item.queue !== queue || item.member !== me || !('device' in item.body)) return;
  if (item.n === kept?.n && ['sent', 'failed', 'gone'].includes(state)) kept = null;
  if (state === 'waiting') tell(pill.dataset.waits);
  else if (state === 'failed') refused(item);
  else if (state === 'sent') {
    for (const { key, revision } of answer?.lines ?? []) {
      const field = fields.get(key);
      if (!field || !(key in item.body.lines)) continue;
      field.base.value = revision;
      field.sent = item.body.lines[key].text;
    }
    if (item.method === 'PATCH') tell(pill.dataset.saved, true);
  }
}

form.addEventListener('input', later);
form.addEventListener('focusout', () => soon(save));
document.addEventListener('visibilitychange', () => document.hidden && soon(save));
news.addEventListener('change', ({ detail }) => heard(detail));
form.querySelectorAll('[data-unless-script]').forEach((part) => { part.hidden = true; });

/* Typed before, and not sent yet. */
for (const item of await waiting(me).catch(() => [])) {
  if (item.queue !== queue || !('device' in item.body)) continue;
  for (const [key, { text, base }] of Object.entries(item.body.lines)) {
    const field = fields.get(key);
    if (field) Object.assign(field, { sent: field.area.value }), field.area.value = text, field.base.value = base;
  }
  if (item.failed) await refused(item);
  else if (item.method === 'PATCH') {
    kept = item;
    tell(pill.dataset.waits);
  } else form.querySelector('[data-kept]').hidden = false;
}
