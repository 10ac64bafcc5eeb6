/* The lanes of a sweep, moved about: by dragging, by buttons and lists, by drawing on the map.

   The form works without; here the rows move at once and sums and map follow, and nothing is sent before
   "Save". Needs: #f-plan with .lane-edit[data-lane] > ol[data-drop] > li[data-stop], #plan-map, #proposal. */
import { draw, lay, near } from './plan-map.js';

const form = document.getElementById('f-plan');
const map = document.getElementById('plan-map');
const places = JSON.parse(map.dataset.places), rally = JSON.parse(map.dataset.rally);
const { speed, detour, visit } = map.dataset;
const EDGE = 56, STEP = 10; // pixels: where a held row scrolls its list, and how far in a frame
const lanes = () => [...form.querySelectorAll('.lane-edit')];
const list = (key) => form.querySelector(`.lane-edit[data-lane="${key}"] [data-drop]`);
const picker = (row) => row.querySelector('[name^="in-"]');

function metres([a, b], [c, d]) {
  const rad = Math.PI / 180, x = (c - a) * rad * Math.cos(((b + d) / 2) * rad), y = (d - b) * rad;
  return Math.hypot(x, y) * 6371000;
}

/* One lane as it stands: its rows, the way along them to the rally, and how long it all takes. */
function measure(lane) {
  const rows = [...lane.querySelectorAll('[data-stop]')].filter((row) => picker(row).value !== '-');
  const left = rows.filter((row) => !row.matches('.done, .skipped'));
  const way = [...left.map((row) => places[row.dataset.stop]).filter(Boolean), rally];
  const far = way.slice(1).reduce((sum, at, i) => sum + metres(way[i], at), 0) * detour;
  return { rows, way, far, minutes: left.length * visit + (far / 1000 / speed) * 60 };
}

const said = (value, unit, digits = 0) =>
  new Intl.NumberFormat(document.documentElement.lang, { style: 'unit', unit, maximumFractionDigits: digits }).format(value);
const long = (m) => (m < 60 ? said(Math.round(m), 'minute') : `${said(Math.floor(m / 60), 'hour')} ${said(Math.round(m % 60), 'minute')}`);

function sum() {
  for (const lane of lanes()) {
    const { rows, far, minutes } = measure(lane);
    lane.classList.toggle('none', !rows.length);
    lane.querySelector('[data-sum]').textContent = rows.length && lane.dataset.lane ? [rows.length, said(far / 1000, 'kilometer', 1), long(minutes)].join(' · ') : rows.length || '';
  }
  draw(lanes().map((lane) => ({ key: lane.dataset.lane, colour: Number(lane.className.match(/\bm(\d+)\b/)?.[1] ?? 0),
    area: area(lane), stops: measure(lane).rows.map((row) => places[row.dataset.stop]).filter(Boolean) })), rally);
}

const field = (lane) => lane.querySelector('input[name^="area-"]');
const area = (lane) => (field(lane)?.value ? JSON.parse(field(lane).value) : null);

function put(row, into, before = null) {
  into.insertBefore(row, before);
  picker(row).value = into.closest('.lane-edit').dataset.lane;
  sum();
}

form.addEventListener('change', ({ target }) => {
  const row = target.closest('[data-stop]');
  if (!row) return;
  row.classList.toggle('out', target.value === '-');
  if (target.value === '-') sum();
  else put(row, list(target.value));
  target.focus();
});

form.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!/^(up|down):/.test(button?.value)) return;
  event.preventDefault();
  const row = button.closest('[data-stop]'), up = button.value.startsWith('up:');
  const other = up ? row.previousElementSibling : row.nextElementSibling;
  if (other) put(row, row.parentNode, up ? other : other.nextElementSibling);
  button.focus();
});

/* Dragging: the row follows the pointer from list to list, which scroll at their edges; Escape puts it back. */
form.addEventListener('pointerdown', (event) => {
  const grab = event.target.closest('[data-grab]');
  if (!grab) return;
  event.preventDefault();
  const row = grab.closest('[data-stop]'), home = [row.parentNode, row.nextElementSibling];
  const pane = ['.leaf', '.planning'].map((one) => form.closest(one)).find((one) => getComputedStyle(one).overflowY === 'auto');
  let last = event, frame = 0;
  const over = (moved) => {
    last = moved;
    const { clientX, clientY } = moved;
    const under = document.elementFromPoint(clientX, clientY)?.closest('.lane-edit');
    if (!under) return;
    const into = under.querySelector('[data-drop]');
    const after = [...into.children].find((one) => one !== row && one.getBoundingClientRect().bottom > clientY + 8) ?? null;
    if (row.parentNode !== into || row.nextElementSibling !== after) into.insertBefore(row, after);
  };
  const scroll = () => {
    const { top, bottom } = pane.getBoundingClientRect();
    const by = last.clientY < top + EDGE ? -STEP : last.clientY > Math.min(bottom, innerHeight) - EDGE ? STEP : 0;
    const was = pane.scrollTop;
    pane.scrollTop += by;
    if (pane.scrollTop !== was) over(last);
    frame = requestAnimationFrame(scroll);
  };
  const end = (keep) => {
    row.classList.remove('held');
    cancelAnimationFrame(frame);
    removeEventListener('pointermove', over);
    removeEventListener('pointerup', up);
    removeEventListener('keydown', escape);
    put(row, ...(keep ? [row.parentNode, row.nextElementSibling] : home));
  };
  const up = () => end(true), escape = ({ key }) => key === 'Escape' && end(false);
  row.classList.add('held');
  scroll();
  addEventListener('pointermove', over);
  addEventListener('pointerup', up);
  addEventListener('keydown', escape);
});

/* A lane drawn by hand takes in what was in nobody's and lies within it. */
function drawn(lane, ring) {
  field(lane).value = JSON.stringify({ type: 'Polygon', coordinates: [[...ring, ring[0]]] });
  for (const row of [...list('').children]) {
    const at = places[row.dataset.stop];
    if (at && near(ring, at)) put(row, lane.querySelector('[data-drop]'));
  }
  sum();
}

async function begin() {
  const pen = await lay(map);
  sum();
  for (const button of document.querySelectorAll('button[data-draw]')) {
    button.hidden = false;
    button.addEventListener('click', async () => {
      if (button.dataset.draw === 'done') return pen.done();
      map.scrollIntoView({ block: 'start' });
      const ring = await pen.ring();
      if (ring.length > 2) drawn(button.closest('.lane-edit'), ring);
    });
  }
}

const all = form.querySelector('[data-all]');
if (all) {
  all.hidden = false;
  all.addEventListener('click', () => form.querySelectorAll('[name=add]').forEach((box) => { box.checked = true; }));
}

/* The search tells how far it is; when it is over the page shows what was found. */
const proposal = document.getElementById('proposal');
async function follow() {
  const answer = await fetch(proposal.dataset.url, { headers: { Accept: 'application/json' } }).catch(() => null);
  const now = answer?.ok ? await answer.json() : null;
  if (now && now.state !== 'searching') return location.reload();
  if (now) proposal.querySelector('progress').value = now.progress.share;
  setTimeout(follow, 700);
}
if (proposal.dataset.state === 'searching') follow();

begin().catch((error) => console.warn('map', error));
