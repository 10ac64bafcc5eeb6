/* What this phone keeps of the drive, as pages show it.

   Needs: <body data-me>; [data-pin="documents|folders"][data-id] with parts that are for some states alone
   ([data-when="off going held refused on with full"]), buttons [data-do="pin|unpin"], a [data-bytes], a [data-text="… {n} … {all}"];
   a.tile and a.file that lead to a document, and <template id="t-here"> to mark those that are here;
   #kept with <template id="t-kept">, #kept-folders with <template id="t-kept-folder">, [data-total], [data-room], [data-none],
   [data-at], [data-do="sync"]. */
import { weighed } from './photo.js';
import { able, again, list, news, pin } from './pins.js';

let coming = {};

const filled = (element, values) => {
  element.textContent = element.dataset.text.replace(/{(\w+)}/g, (_, name) => values[name]);
};
const sum = (all, ids) => ids.reduce((bytes, id) => bytes + (all.kept[id]?.bytes ?? 0), 0);

/* How a document or folder fares: off, going, held (till there is signal), refused (by the server), on, with (its folder),
   full. */
function stateOf(all, which, id) {
  const ids = which === 'folders' ? all.inside[id] ?? [] : [id], wanted = all[which].includes(id);
  const around = Object.values(all.inside).some((inside) => inside.includes(id));
  if (!wanted && (which === 'folders' || !around)) return 'off';
  if (ids.includes(coming.id)) return 'going';
  if (ids.some((one) => (all.kept[one]?.older ?? all.kept[one]?.state) === 'full')) return 'full';
  const here = ids.every((one) => all.kept[one]?.state === 'here') && (which === 'documents' || id in all.inside);
  const some = (state) => !here && !coming.id && ids.some((one) => all.kept[one]?.state === state);
  if (some('waits')) return 'held';
  if (some('refused')) return 'refused';
  return here ? wanted ? 'on' : 'with' : 'going';
}

function show(section, all) {
  const { pin: which, id } = section.dataset, state = stateOf(all, which, id);
  const ids = which === 'folders' ? all.inside[id] ?? [] : [id];
  for (const part of section.querySelectorAll('[data-when]')) part.hidden = !part.dataset.when.split(' ').includes(state);
  const bytes = section.querySelector('[data-bytes]'), text = section.querySelector(`[data-when~="${state}"] [data-text]`);
  if (bytes) bytes.textContent = weighed(sum(all, ids));
  if (text) {
    const here = { done: ids.filter((one) => all.kept[one]?.state === 'here').length, all: ids.length };
    const { done: n = 0, all: of = 1 } = which === 'folders' ? here : ['held', 'refused'].includes(state) ? all.kept[id] : coming.id === id ? coming : {};
    filled(text, { n, all: of });
    Object.assign(section.querySelector('progress'), { max: of || 1, value: n });
  }
  section.dataset.state = state;
  section.hidden = false;
}

function mark(link, all) {
  const id = link.pathname.split('/')[3], here = all.kept[id]?.state === 'here', there = link.querySelector('.onphone');
  if (here === Boolean(there)) return;
  if (there) there.remove();
  else (link.querySelector('.thumb') ?? link).append(document.getElementById('t-here').content.cloneNode(true));
}

function rows(place, ids, row) {
  const focus = document.activeElement?.closest?.('[data-row]')?.dataset.row;
  place.replaceChildren(...ids.map(row));
  if (focus) place.querySelector(`[data-row="${focus}"] a, [data-row="${focus}"] button`)?.focus();
}

function line(template, id, name, all, which) {
  const row = document.getElementById(template).content.cloneNode(true).firstElementChild;
  row.dataset.row = id;
  for (const link of row.querySelectorAll('a')) link.href = link.getAttribute('href').replace('-id-', id);
  row.querySelector('.name bdi').textContent = name;
  const controls = row.querySelector('[data-pin]');
  Object.assign(controls.dataset, { pin: which, id });
  show(controls, all);
  return row;
}

async function page(all) {
  const place = document.getElementById('kept'), part = (name) => document.querySelector(`[data-${name}]`);
  if (!place) return;
  const ids = Object.keys(all.kept).sort((a, b) => all.kept[a].name.localeCompare(all.kept[b].name));
  rows(document.getElementById('kept-folders'), all.folders, (id) => line('t-kept-folder', id, all.names[id] ?? '…', all, 'folders'));
  rows(place, ids, (id) => {
    const { name, n, pages } = all.kept[id], row = line('t-kept', id, name, all, 'documents'), image = row.querySelector('img');
    if (pages) image.src = `/drive/documents/${id}/versions/${n}/pages/1`;
    else image.replaceWith(row.querySelector('template').content.cloneNode(true));
    return row;
  });
  part('none').hidden = Boolean(ids.length || all.folders.length);
  part('some').hidden = !part('none').hidden;
  filled(part('total'), { n: ids.length, bytes: weighed(sum(all, ids)) });
  const { quota, usage } = await navigator.storage?.estimate?.() ?? {};
  part('room').hidden = !quota;
  if (quota) filled(part('room'), { bytes: weighed(Math.max(0, quota - usage)) });
}

async function draw() {
  const all = await list();
  for (const section of document.querySelectorAll('[data-pin]')) if (section.dataset.id) show(section, all);
  if (document.getElementById('t-here')) for (const link of document.querySelectorAll('a.tile, a.file')) if (link.pathname.startsWith('/drive/documents/')) mark(link, all);
  await page(all);
}

async function pressed({ target }) {
  const button = target.closest('[data-do]'), section = button?.closest('[data-pin]');
  if (button?.dataset.do === 'sync') return again();
  if (!section) return;
  const { pin: which, id } = section.dataset, on = button.dataset.do === 'pin';
  if (on) coming = { id, done: 0, all: 1 };
  await pin(which, id, on);
}

if (able) {
  news.addEventListener('change', ({ detail }) => {
    coming = detail;
    draw().catch((error) => console.warn('pins', error));
  });
  document.addEventListener('click', (event) => pressed(event).catch((error) => console.warn('pins', error)));
  document.addEventListener('live:frame', ({ detail }) => detail.kind === 'reset' && draw());
  draw();
} else for (const notice of document.querySelectorAll('[data-unable]')) notice.hidden = false;
