/* The check-in sheet: asks where one is while the sheet is open, and what is near.
   A plain form without this script; nothing here stops the button.

   Needs: main#checkin[data-squad][data-far] with form#f-checkin (hidden lat, lon, accuracy,
   fix_at, source, captured_at), #nearby (radios customer_id with data-distance, data-lat,
   data-lon, data-name), #accuracy[data-text][data-waiting][data-hand], hidden #denied, #far
   (with [data-text="… {m} …"]) and #aim, #at; [data-map="here"]; a span in the button with
   data-far and data-hand words; <template id="t-shop">. #map as in paper.js. */
import './saved.js'; // first: whoever sees the sheet at work is told what it keeps
import { write } from './times.js';
import { position } from './where.js';

const FAR = 300, NEAR = 300, SETTLE = 600;
const sheet = document.getElementById('checkin');
const form = document.getElementById('f-checkin');
const part = (id) => document.getElementById(id);
const field = (name) => form.elements.namedItem(name);
const press = form.querySelector('[type="submit"] span') ?? form.querySelector('[type="submit"]');
const words = press.textContent;
const shops = new Map();
let map = null, tools = null, dot = null, chosen = null, moved;

const lang = document.documentElement.lang;
const number = (value, unit, digits = 0) =>
  new Intl.NumberFormat(lang, { style: 'unit', unit, maximumFractionDigits: digits }).format(value);
const distance = (metres) => (metres < 1000 ? number(Math.round(metres), 'meter') : number(metres / 1000, 'kilometer', 1));
const picks = () => [...form.querySelectorAll('[name="customer_id"]')];
const picked = () => picks().find(({ checked }) => checked);
const byHand = () => field('source').value === 'hand';

function fill(values) {
  for (const [name, value] of Object.entries(values)) field(name).value = value ?? '';
}

/** The list anew for where one is; what was chosen by hand stays chosen. */
async function nearby() {
  const query = new URLSearchParams({ lat: field('lat').value, lon: field('lon').value });
  const search = field('q')?.value;
  if (search) query.set('q', search);
  if (chosen) query.set('chosen', chosen);
  try {
    const answer = await fetch(`/squads/${sheet.dataset.squad}/nearby?${query}`, { headers: { 'HX-Request': 'true' } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const list = page.getElementById('nearby');
    if (list) part('nearby').replaceWith(document.adoptNode(list));
    write(form);
  } catch {
    await remembered(search ?? '').catch(() => {});
  }
  const same = picks().find(({ value }) => value === chosen);
  if (same) same.checked = true;
  show();
}

/* Without signal: the customers this phone knows. */
async function remembered(search) {
  const row = form.querySelector('.pick');
  if (!row) return;
  const { nearest } = await import('./nearest.js');
  const rows = await nearest(sheet.dataset.squad, row, field('lat').value, field('lon').value, search, distance);
  if (rows.length) part('nearby').replaceChildren(...rows);
}

/** Words, notices and the map follow the choice. */
function show() {
  const pick = picked(), away = Number(pick?.dataset.distance || 0);
  const far = !byHand() && field('lat').value !== '' && away > Number(sheet.dataset.far || FAR);
  const notice = part('far');
  if (notice) {
    notice.hidden = !far;
    for (const radio of notice.querySelectorAll('input')) radio.disabled = !far;
    const text = notice.querySelector('[data-text]');
    if (text) text.textContent = text.dataset.text.replace('{m}', distance(away));
  }
  press.textContent = (byHand() ? press.dataset.hand : far ? press.dataset.far : '') || words;
  part('aim').hidden = !byHand();
  if (map) stand(pick);
}

function stand(pick) {
  const left = new Set(shops.keys());
  for (const one of picks().filter(({ dataset }) => dataset.lat)) {
    left.delete(one.value);
    const at = [Number(one.dataset.lon), Number(one.dataset.lat)];
    const marker = shops.get(one.value) ?? tools.stand(map, shop(one.value), at);
    shops.set(one.value, marker);
    const element = marker.getElement();
    element.classList.toggle('on', one === pick);
    element.querySelector('b')?.remove();
    if (one === pick && !part('far')?.hidden) element.append(Object.assign(document.createElement('b'), { textContent: one.dataset.name }));
  }
  for (const id of left) {
    shops.get(id).remove();
    shops.delete(id);
  }
}

function shop(id) {
  const element = document.createElement('span');
  element.className = 'shop';
  element.append(part('t-shop')?.content.cloneNode(true) ?? '');
  element.addEventListener('click', () => picks().find(({ value }) => value === id)?.click());
  return element;
}

/** Where the device says one is. */
async function ask() {
  const label = part('accuracy');
  label.textContent = label.dataset.waiting ?? '';
  try {
    const { coords, timestamp } = await position();
    fill({ lat: coords.latitude.toFixed(6), lon: coords.longitude.toFixed(6), accuracy: Math.round(coords.accuracy),
      fix_at: new Date(timestamp).toISOString(), source: 'gps' });
    label.textContent = label.dataset.text.replace('{m}', number(Math.round(coords.accuracy), 'meter'));
    part('denied').hidden = true;
    await nearby();
    if (map) centre();
  } catch {
    label.textContent = '';
    part('denied').hidden = false;
    hand();
  }
}

/* Oneself in the middle, with the customer that is picked and whoever is as near. */
function centre() {
  const [x, y, accuracy] = ['lon', 'lat', 'accuracy'].map((name) => Number(field(name).value));
  const reach = Math.max(NEAR, 2 * Number(picked()?.dataset.distance || 0));
  const close = picks().filter(({ dataset }) => dataset.lat && Number(dataset.distance) < reach);
  const places = close.map(({ dataset }) => [Number(dataset.lon), Number(dataset.lat)]);
  const around = places.flatMap(([lon, lat]) => [[lon, lat], [2 * x - lon, 2 * y - lat]]);
  dot.show(map, { longitude: x, latitude: y, accuracy });
  map.fitBounds(tools.around([[x, y], ...around]), { padding: 56, maxZoom: 16, animate: false });
}

/** The map moves under a fixed pin: what is under it is where one is. */
function hand() {
  dot?.hide();
  fill({ source: map ? 'hand' : '', accuracy: '', fix_at: '' });
  const label = part('accuracy');
  if (!map) return show();
  label.textContent = label.dataset.hand ?? '';
  const [lon, lat] = tools.meant(map.getCenter());
  fill({ lat: lat.toFixed(6), lon: lon.toFixed(6) });
  clearTimeout(moved);
  moved = setTimeout(nearby, SETTLE);
  show();
}

/* A map that comes after the answer takes up what is known by then. */
async function draw() {
  [tools, dot] = await Promise.all([import('./paper.js'), import('./here.js')]);
  const first = picks().find(({ dataset }) => dataset.lat)?.dataset;
  map = await tools.paper(part('map'), first ? { center: [Number(first.lon), Number(first.lat)], zoom: 15 } : {});
  if (field('source').value === 'gps') centre();
  else if (!part('denied').hidden) hand();
  map.on('moveend', ({ originalEvent }) => originalEvent && byHand() && hand());
  map.on('dragend', () => byHand() && hand());
  show();
  part('map').dataset.ready = '';
}

form.addEventListener('change', ({ target }) => {
  if (target.name !== 'customer_id') return;
  chosen = target.value;
  field('customer').value = '';
  part('likes')?.replaceChildren();
  show();
  if (map && field('source').value === 'gps') centre();
});
/* A name of one's own takes the place of what was picked. */
field('customer').addEventListener('input', ({ target }) => {
  for (const pick of picks()) pick.checked = pick.checked && !target.value.trim();
  show();
});
form.addEventListener('submit', () => fill({ captured_at: new Date().toISOString() }), true);
addEventListener('offline', nearby);
document.addEventListener('htmx:error', nearby);
sheet.addEventListener('click', ({ target }) => {
  if (target.closest('[data-map="here"]')) ask();
  if (target.closest('[data-by-hand]')) hand();
});
document.addEventListener('htmx:after:swap', show);

show();
ask();
draw().catch((error) => {
  console.warn('map', error);
  part('map').dataset.noMap = '';
});
