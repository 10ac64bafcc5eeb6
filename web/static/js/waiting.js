/* What waits on this phone, drawn where it will stand once it is sent; refused words stay readable.

   Needs: #map[data-squad]; templates #t-said (a row of the feed: [data-did], [data-place], [data-text],
   a[data-visit] to the open visit), #t-replied, #t-fate ([data-what], .lost, .fail with a span, [data-ways]
   with buttons data-do="again|edit|drop"; for a photo an <img>, <progress> and a button [data-leave]); #unsent[data-text="… {n} …"], hidden while nothing waits, with
   #elsewhere: what has no place on this page, or lost it. What a deed is about stands there already. A row has the id of the real one and no data-n,
   so that the frame which brings it takes its place. */
import { mark } from './mine.js';
import { add, again, news, take, waiting } from './outbox.js';
import { write } from './times.js';

const { me } = document.body.dataset;
const squad = document.getElementById('map')?.dataset.squad;
const unsent = document.getElementById('unsent');
const elsewhere = document.getElementById('elsewhere');
const items = new Map();

/* A call that can wait has a form of its own. */
const formOf = ({ kind, id, squad: of, shown }) => kind === 'call' && !shown?.post && `/squads/${of}/calls/new#${id}`;
const copy = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
const idOf = ({ kind, id, shown }) => `${kind === 'reply' ? 'r' : 'p'}-${shown?.post ?? id}`;
const rowOf = (item) => document.getElementById(item.shown?.row) ?? document.getElementById(idOf(item));

function listOf({ kind, squad: of, shown }) {
  if (kind === 'reply') return document.querySelector(`.open #t-${shown.to}`) ?? elsewhere;
  return (of === squad && kind !== 'call' && !shown?.post && document.getElementById('feed')) || elsewhere;
}

function stand(item) {
  const { kind, id, at, body, shown, squad: of } = item, list = listOf(item), reply = kind !== 'message' && kind !== 'checkin';
  const row = copy(reply ? 't-replied' : 't-said');
  row.id = idOf(item);
  row.querySelector('[data-text]').textContent = body?.text || body?.note || shown?.name || shown?.names?.join(' · ') || '';
  row.querySelector('time').dateTime = new Date(at).toISOString();
  if (!reply) {
    row.querySelector('[data-did]').hidden = row.querySelector('[data-visit]').hidden = kind !== 'checkin';
    row.querySelector('[data-place]').textContent = shown?.place ?? '';
    row.querySelector('[data-visit]').href = `/squads/${of}/checkin#${id}`;
  }
  if (list.id === 'feed') list.prepend(row);
  else list.append(row);
  write(row);
  return row;
}

const lineOf = (row, n) => row?.querySelector(`[data-fate="${n}"]`);

/* A line on the row that says how the item fares. */
function fate(row, item) {
  const { n, kind, body, shown, failed, part } = item;
  let line = lineOf(row, n);
  if (!line) {
    line = copy('t-fate');
    line.dataset.fate = n;
    (row.querySelector('.body') ?? row.lastElementChild).append(line);
    if (body?.file) picture(line.querySelector('img'), body.file);
  }
  const [saved, refused] = line.querySelectorAll('.pill'), photo = kind === 'photo';
  line.querySelector('[data-what]').textContent = line.dataset[kind] ?? (row.id === shown?.row ? shown.name : '');
  line.querySelector('[data-do="edit"]').hidden = !['message', 'reply'].includes(kind) && !formOf(item);
  line.querySelector('[data-leave]').hidden = !photo || Boolean(failed);
  const bar = line.querySelector('progress');
  bar.hidden = part === undefined;
  bar.value = part ?? 0;
  saved.hidden = Boolean(failed) || !bar.hidden;
  refused.hidden = line.querySelector('[data-ways]').hidden = !failed;
  if (failed?.status === 404 && kind === 'shown') refused.querySelector('span').textContent = line.dataset.gone;
  else if (failed) refused.querySelector('span').textContent = Object.values(failed.errors ?? { title: failed.title ?? failed.status }).join(' ');
}

function picture(image, file) {
  image.onload = () => { image.hidden = false; };
  image.src = URL.createObjectURL(file);
}

/* Felt before it is sent: the bar shows it, and the frame will say the same. */
function react({ value, post, on }) {
  for (const bar of document.querySelectorAll(`form.reacts[data-post="${post}"]`)) {
    let button = bar.querySelector(`:scope > [value="${value}"]`);
    if (!button) {
      button = bar.querySelector(`[value="${value}"]`).cloneNode(true);
      button.dataset.by = '';
      bar.querySelector('.picker').before(button);
    }
    const by = new Set(button.dataset.by.split(' ').filter(Boolean));
    if (by.has(me) === on) continue;
    if (on) by.add(me);
    else by.delete(me);
    button.dataset.by = [...by].join(' ');
    const words = button.lastChild.nodeType === 3 ? button.lastChild : button.appendChild(new Text());
    words.data = `${words.data.replace(/[\d\s]+$/, '')} ${by.size || ''}`;
    button.hidden = !by.size && !words.data.trim();
    mark(bar);
  }
}

/* What waits is pressed once. */
function rest({ url, failed }, over) {
  for (const form of document.querySelectorAll(`[data-url="${url}"]`)) form.hidden = !over && !failed;
}

function paint(item) {
  rest(item);
  if (item.kind === 'reaction') return react(item.shown);
  const row = rowOf(item) ?? stand(item);
  if (row.dataset.n && !item.shown?.post) return;
  if (item.kind === 'reply' && row.parentElement !== listOf(item)) listOf(item).append(row);
  fate(row, item);
  if (item.kind === 'outcome') row.querySelector('[data-visit]')?.remove();
}

function show() {
  items.forEach(paint);
  const inside = [...items.values()].find(({ kind, id, squad: of }) => kind === 'checkin' && of === squad
    && ![...items.values()].some((other) => other.kind === 'outcome' && other.queue === id));
  if (inside) document.body.classList.add('in-visit');
  unsent.hidden = !items.size;
  unsent.querySelector('span').textContent = unsent.dataset.text.replace('{n}', items.size);
  unsent.open ||= [...items.values()].some((item) => item.failed && elsewhere.contains(rowOf(item)));
}

function changed({ detail: { item, state, part } }) {
  if (item.member !== me) return;
  const known = items.get(item.n);
  if (state === 'going') return known && paint(Object.assign(known, { part }));
  const row = rowOf(item), refused = state === 'failed';
  if (state === 'sent' || state === 'gone' || (refused && item.kind === 'reaction')) {
    items.delete(item.n);
    rest(item, true);
    lineOf(row, item.n)?.remove();
    if (row && (state === 'gone' ? !row.dataset.n : elsewhere.contains(row))) row.remove();
    if (refused) react({ ...item.shown, on: !item.shown.on });
    if (refused) take(item);
  } else items.set(item.n, item);
  show();
}

/* A photo that will not come after all: the squad need not wait for it. */
const forgo = ({ id, member, squad: of, at, queue, shown }) =>
  add({ kind: 'forgone', id, member, squad: of, at, queue, method: 'DELETE', url: `/photos/${id}`, shown });

/* Words go back where they were typed (a form of its own takes them itself); what follows a check-in goes with it. */
async function pressed({ target }) {
  const { do: deed } = target.closest?.('[data-fate] [data-do]')?.dataset ?? {};
  const item = deed && items.get(Number(target.closest('[data-fate]').dataset.fate));
  if (!item) return;
  if (deed === 'again') return again(item);
  if (deed === 'edit' && formOf(item)) return location.assign(formOf(item));
  const field = document.querySelector(item.kind === 'reply' ? '.open #rep' : '#say') ?? document.getElementById('say');
  if (deed === 'edit' && field) {
    field.value = item.body.text + field.value;
    field.focus();
    const { documents = [] } = item.body, { put } = documents.length ? await import('./attach.js') : {};
    documents.forEach((id, i) => put(field.form, id, item.shown.names[i]));
  }
  for (const other of items.values()) {
    if (other === item || other.follows === item.id || (item.opens && other.queue === item.queue)) await take(other);
  }
  if (item.kind === 'photo') await forgo(item);
}

news.addEventListener('change', changed);
document.addEventListener('click', pressed);
document.addEventListener('live:frame', () => items.size && show());
document.addEventListener('htmx:after:swap', () => items.size && show());
document.addEventListener('thread:close', () => items.size && show());
for (const item of await waiting(me).catch(() => [])) items.set(item.n, item);
show();
