/* Forms whose words go through the outbox: taken before htmx and the browser see them.

   Needs: <body data-me>; form[data-outbox="message|reply|reaction|checkin|outcome|note|call|deed"], with
   data-squad, data-post or data-visit as its kind needs. A deed, in a sweep, says all by itself: data-url of
   the API, data-way, data-row (the id of what it is about), data-say, and fields as the API has them. Fields as in the plain form. A page's own
   form (check-in, outcome, note, call) waits for its answer a moment: data-then is where it leads ({id}: that of what
   was made), data-waits where else while it waits, [data-wrong]
   in it says what is refused, and what waits is told as send:saved (detail: the item) on document. form.instead:
   refused items that what it sends takes the place of.
   Where the browser keeps nothing the forms go out as they are. */
import { flush, newId, news, note, replace, take } from './outbox.js';
import { shrink } from './photo.js';

const me = document.body.dataset.me;
const MOMENT = 4000;
const POSITION = ['lat', 'lon', 'accuracy', 'fix_at', 'source'];
let unable = false;

function position(fields) {
  if (!fields.lat) return undefined;
  return Object.fromEntries(POSITION.filter((name) => fields[name]).map((name) => [name, fields[name]]));
}

const now = () => new Date().toISOString();

/** A moment as a form has it, in the member's zone. */
export const written = (moment) =>
  new Date(moment).toLocaleString('sv', { timeZone: document.body.dataset.zone }).replace(' ', 'T');

/* The other way round; twice, for the day on which clocks are changed. */
function instant(words) {
  const wanted = Date.parse(`${words}Z`);
  let moment = wanted;
  for (let i = 0; i < 2; i++) moment += wanted - Date.parse(`${written(moment)}Z`);
  return new Date(moment).toISOString();
}

export const kinds = {
  message: ({ text }, { squad }) =>
    ({ queue: squad, method: 'POST', url: `/squads/${squad}/messages`, body: { text, captured_at: now() } }),
  reply: ({ text, to }, { post }) =>
    ({ queue: post, method: 'POST', url: `/posts/${to || post}/replies`, body: { text, captured_at: now() }, shown: { to: to || post } }),
  reaction: (_, { post }, { name, value }) =>
    ({ queue: post, method: name === 'take' ? 'DELETE' : 'PUT', url: `/posts/${post}/reactions/${value}`, shown: { post, value, on: name !== 'take' } }),
  checkin: ({ customer, customer_id, same, note: words, reason, ...rest }, { squad }, _, form) => ({
    opens: true, method: 'POST', url: `/squads/${squad}/checkins`, shown: { place: (!same && customer) || form.querySelector(':checked[data-name]')?.dataset.name, note: words },
    body: { customer: same ? '' : customer, customer_id: same || customer_id, anew: same === '', note: words, reason, position: position(rest), captured_at: now() },
  }),
  outcome: ({ result, amount, currency, note: words, next_step }, { visit }) => ({
    queue: visit, method: 'PUT', url: `/visits/${visit}/outcome`, shown: { post: visit, result },
    body: { result, amount, currency, note: words, next_step, closed_at: now() },
  }),
  call: ({ text, kind, customer, due }, { visit, squad }, button, form) => (visit
    ? { queue: visit, method: 'POST', url: `/visits/${visit}/calls`, body: { kind: button.value, text, captured_at: now() }, shown: { post: visit } }
    : { method: 'POST', url: `/squads/${squad}/calls`, body: { kind, text, customer_id: customer, due_at: instant(due), captured_at: now() }, shown: { name: form.elements.namedItem('customer').selectedOptions[0].text } }),
  note: ({ note: words }, { visit }) => ({ queue: visit, method: 'PATCH', url: `/visits/${visit}`, body: { note: words }, shown: { post: visit } }),
  deed: (fields, { url, way = 'PUT', row, say }) =>
    ({ queue: row, method: way, url, body: { ...fields, at: now() }, shown: { row, name: `${say} ${fields.reason ?? ''}` } }),
};

function made(form, submitter) {
  const { dataset } = form, id = newId();
  const item = kinds[dataset.outbox](Object.fromEntries(new FormData(form)), dataset, submitter, form);
  item.queue ??= id;
  if (item.method === 'POST') item.body.id = id;
  return { kind: dataset.outbox, id, member: me, squad: dataset.squad, at: Date.now(), ...item };
}

/* Each photo is a thing by itself, which goes after what it belongs to. */
async function pictures(item, files, kept) {
  const ids = files.map(newId), small = await Promise.all(files.map(shrink));
  if (ids.length + kept.length) item.body.photos = [...kept, ...ids];
  return small.map((file, i) => ({
    kind: 'photo', id: ids[i], member: me, squad: item.squad, at: item.at, queue: ids[i], follows: item.id,
    method: 'POST', url: '/photos', body: { id: ids[i], file }, shown: { post: item.id, name: files[i].name },
  }));
}

/* At once, for the next words and photos may be chosen while these are made ready. */
function refill(form, field, words, files) {
  const text = form.querySelector('textarea');
  if (text) {
    text.value = words;
    text.dispatchEvent(new Event('input', { bubbles: true }));
  }
  if (!field) return;
  const all = new DataTransfer();
  files.forEach((file) => all.items.add(file));
  field.files = all.files;
  field.dispatchEvent(new Event('change', { bubbles: true }));
}

/** How an item fares within a moment: { state, answer }. */
const fate = (n) => new Promise((done) => {
  const hear = ({ detail }) => {
    if (detail.item.n !== n || detail.state === 'new') return;
    news.removeEventListener('change', hear);
    done(detail);
  };
  news.addEventListener('change', hear);
  setTimeout(hear, MOMENT, { detail: { item: { n }, state: 'waiting' } });
});

/** Says in a form why what it sent was refused. */
export function complain(form, { title, errors }) {
  const place = form.querySelector('[data-wrong]') ?? document.querySelector('[data-wrong]');
  place.querySelector('p').textContent = Object.values(errors ?? { title }).join(' ');
  place.hidden = false;
  place.scrollIntoView({ block: 'nearest' });
}

async function answered(form, item, photos, button) {
  button?.classList.add('htmx-request');
  const { state, answer, item: told } = await fate(item.n);
  button?.classList.remove('htmx-request');
  if (state === 'sent') location.assign(item.opens ? `/visits/${answer.id}` : form.dataset.then.replace('{id}', answer?.id));
  else if (state === 'failed') {
    for (const one of [item, ...photos]) await take(one);
    complain(form, told.failed);
  } else document.dispatchEvent(new CustomEvent('send:saved', { detail: item }));
}

async function submitted(event) {
  const form = event.target, { outbox } = form.dataset;
  if (unable || !kinds[outbox]) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if ('busy' in form.dataset) return;
  const item = made(form, event.submitter), paged = 'then' in form.dataset;
  const field = form.elements.namedItem('photo'), files = [...(field?.files ?? [])];
  const kept = [...form.querySelectorAll('[name="photos"]:checked')].map(({ value }) => value);
  const chips = [...form.querySelectorAll('label:has([name="documents"])')];
  const along = chips.filter(({ firstElementChild: { checked } }) => checked);
  if (along.length) {
    item.body.documents = along.map(({ firstElementChild: { value } }) => value);
    item.shown = { ...item.shown, names: along.map((chip) => chip.textContent.trim()) };
  }
  if (item.kind !== 'call' && item.body?.text?.trim() === '' && !files.length && !kept.length && !along.length) return form.querySelector('textarea').focus();
  if (paged) form.dataset.busy = '';
  else {
    refill(form, field, '', []);
    chips.forEach((chip) => chip.remove());
  }
  try {
    const photos = await pictures(item, files, kept);
    await replace(form.instead ?? [], item, ...photos);
    form.instead = [];
    if (paged) await answered(form, item, photos, event.submitter);
  } catch (error) {
    console.warn('outbox', error);
    unable = true;
    if (!paged) {
      refill(form, field, item.body?.text, files);
      form.querySelector('[data-picked]')?.append(...chips);
    }
    form.requestSubmit(event.submitter);
  }
  delete form.dataset.busy;
}

if (me) {
  document.addEventListener('submit', submitted, true);
  note('member', me).then(() => flush(me), () => { unable = true; });
  addEventListener('online', () => flush(me));
  document.addEventListener('visibilitychange', () => document.hidden || flush(me));
  document.addEventListener('live:state', ({ detail }) => detail === 'on' && flush(me));
}
