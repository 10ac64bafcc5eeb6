/* The squad's map: lazy, live, and never in the way of the feed.

   Needs: <section class="map" id="map" data-squad data-town|data-world data-lang [data-you]> with
   a .canvas; buttons [data-map="fit"], [data-map="locate"]; #scale with <i> and <span>; #map-note
   (hidden, for a refused position). Reads GET /api/v1/squads/{id}/map, then frames above its head.
   Says for tests: data-ready, data-count (check-ins), data-head (offset) on #map. */
import { day } from './day.js';
import { fold, mark, stake } from './marks.js';
import { around, drawn, fill, lines, onScheme, paper, pixels, tones } from './paper.js';
import { square } from './signs.js';

const section = document.getElementById('map');
const { squad } = section.dataset;
const look = { me: document.body.dataset.me, you: section.dataset.you, live: false };
const nothing = { type: 'FeatureCollection', features: [] };
const gone = () => document.documentElement.dataset.live === 'gone';
let map, home, lanes = null, now = null, queue = [], colours = lines(), due, fetching = null, fitted = false;

const feature = (type, coordinates, properties) => ({ type: 'Feature', properties, geometry: { type, coordinates } });

function dress() {
  if (gone()) return;
  const { label, major } = tones(), image = square(label, major);
  if (map.hasImage('plan')) map.updateImage('plan', image);
  else map.addImage('plan', image, { pixelRatio: 2 });
  colours = lines();
  if (!map.getSource('trails')) return;
  map.setPaintProperty('trail-case', 'line-color', major);
  draw();
}

function layers() {
  for (const id of ['planned', 'trails']) map.addSource(id, { type: 'geojson', data: nothing });
  map.addLayer({ id: 'plan', type: 'symbol', source: 'planned', layout: { 'icon-image': 'plan', 'icon-allow-overlap': true } });
  const layout = { 'line-cap': 'round', 'line-join': 'round' };
  map.addLayer({ id: 'trail-case', type: 'line', source: 'trails', layout, paint: { 'line-color': tones().major, 'line-width': 7, 'line-opacity': 0.85 } });
  map.addLayer({ id: 'trail', type: 'line', source: 'trails', layout, paint: { 'line-color': ['get', 'c'], 'line-width': 3.5 } });
}

/* What a sweep draws is loaded with the first one; without signal the next drawing asks for it again. */
async function sweep() {
  lanes ??= import('./lanes.js').then((made) => {
    made.lay(map, nothing);
    return made;
  }).catch((error) => {
    console.warn('map', error);
    lanes = null;
  });
  const made = await lanes;
  if (made && !gone()) made.draw(map, now, colours, look.me, feature);
}

/* Loaded by whoever shares their position, and so sees others'. */
async function shared() {
  const { place } = await import('./shared.js');
  if (!gone()) place(map, section.shared, now.members, look);
}

function draw() {
  due = null;
  if (gone() || !now) return;
  const trails = now.trails();
  const long = trails.filter(({ stops }) => stops.length > 1);
  fill(map, 'trails', long.map(({ member, stops }) =>
    feature('LineString', drawn(stops.map(({ at }) => at)), { c: colours[member.colour] })));
  fill(map, 'planned', now.planned().map(({ id, at }) => feature('Point', drawn(at), { id })));
  if (lanes || now.sweep.rally) sweep();
  stake(map, trails, look);
  if (section.shared) shared();
  section.dataset.count = now.checkins.size;
  section.dataset.head = now.head.offset;
}

const soon = () => { due ??= setTimeout(draw, 60); };

async function load() {
  const answer = await fetch(`/api/v1/squads/${squad}/map`, { headers: { Accept: 'application/json' } });
  if (!answer.ok) throw Error(answer.status);
  if (gone()) return;
  now = day(await answer.json());
  const missed = queue;
  queue = [];
  missed.forEach(take);
  if (!fitted) fitted = fit(false);
  soon();
}

/* One fetch at a time; frames wait for it and those above its head complete it. */
function reload() {
  return fetching ??= load().catch((error) => console.warn('map', error)).finally(() => {
    fetching = null;
    if (queue.length && now) queue.splice(0).forEach(take);
  });
}

function take(frame) {
  if (frame.kind === 'reset') return reload();
  if (frame.stream !== squad || frame.offset === undefined) return;
  if (fetching && !queue.includes(frame)) queue.push(frame);
  if (!now) return fetching ?? reload();
  if (frame.epoch !== now.head.epoch || frame.offset <= now.head.offset) return;
  look.live = document.documentElement.dataset.live === 'on';
  const done = now.apply(frame);
  if (done === 'unknown') return reload();
  now.head.offset = frame.offset;
  soon();
}

function padding() {
  const { clientWidth: width, clientHeight: height } = section;
  const bar = document.getElementById('sharing')?.offsetHeight ?? 0;
  if (width > 660) return { top: 110 + bar, bottom: 60, left: 90, right: 110 };
  return { top: 120 + bar, bottom: Math.min(90, height * 0.2), left: 40, right: 40 };
}

/** Show the whole squad; false when there is nothing to show yet. */
function fit(animate = true) {
  if (!now) return false;
  const seen = now.trails().flatMap(({ stops }) => stops.map(({ at }) => at));
  const { rally } = now.sweep;
  const places = rally ? [...seen, rally.at, ...now.planned().map(({ at }) => at)] : seen.length ? seen : now.planned().map(({ at }) => at);
  if (places.length) map.fitBounds(around(places), { padding: padding(), maxZoom: 15, animate });
  else map.jumpTo(home);
  return places.length > 0;
}

async function locate(button) {
  const note = document.getElementById('map-note');
  button.setAttribute('aria-busy', 'true');
  try {
    const [{ position }, here] = await Promise.all([import('./where.js'), import('./here.js')]);
    const { coords } = await position();
    here.show(map, coords);
    map.easeTo({ center: drawn([coords.longitude, coords.latitude]), zoom: Math.max(map.getZoom(), 14) });
    if (note) note.hidden = true;
  } catch {
    if (note) note.hidden = false;
  }
  button.removeAttribute('aria-busy');
}

function scale() {
  const bar = document.getElementById('scale');
  if (!bar) return;
  const metre = pixels(map, 1), most = 130 / metre, ten = 10 ** Math.floor(Math.log10(most));
  const length = [5, 2, 1.5, 1].map((n) => n * ten).find((n) => n <= most);
  const [value, unit] = length < 1000 ? [length, 'meter'] : [length / 1000, 'kilometer'];
  bar.querySelector('i').style.inlineSize = `${length * metre}px`;
  bar.querySelector('span').textContent = new Intl.NumberFormat(section.dataset.lang, { style: 'unit', unit }).format(value);
  bar.hidden = false;
}

/* The open thread's pin is marked, and brought into view only if it is outside. */
function follow({ detail: post }) {
  mark(post);
  const at = now?.checkins.get(post)?.at, center = at && drawn(at);
  if (at) setTimeout(() => map.getBounds().contains(center) || map.easeTo({ center }), 350);
}

function listen() {
  document.addEventListener('thread:open', follow);
  document.addEventListener('thread:close', () => mark(null));
  document.addEventListener('live:state', ({ detail }) => detail === 'gone' && map.remove());
  section.addEventListener('click', ({ target }) => {
    const button = target.closest('[data-map]');
    if (button?.dataset.map === 'fit') fit();
    if (button?.dataset.map === 'locate') locate(button);
    if (target.closest('.maplibregl-canvas')) fold();
  });
  section.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && fold()) event.preventDefault();
  });
  section.addEventListener('shared', soon);
  map.on('zoomend', soon);
  map.on('moveend', soon);
  map.on('move', scale);
  onScheme(dress);
  setInterval(() => document.hidden || soon(), 60000);
}

async function start() {
  const made = await paper(section);
  if (gone()) return made.remove();
  map = made;
  home = { center: map.getCenter(), zoom: map.getZoom() };
  dress();
  layers();
  listen();
  scale();
  await reload();
  draw();
  await lanes;
  const open = document.querySelector('#thread.open')?.dataset.post;
  if (open) mark(open);
  section.dataset.ready = '';
}

document.addEventListener('live:frame', ({ detail }) => (map ? take(detail) : queue.push(detail)));
await start();
