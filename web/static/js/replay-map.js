/* The map of a replay: lanes, the stops to visit, check-ins joined by straight lines, who was where last.

   All of the day is given to the map once; what a moment changes are flags of single features, so that a frame
   costs what happened in it. Needs: replay-day.js's day, #t-rally. Says for tests: data-ready on the section. */
import { settle } from './lanes.js';
import { around, drawn, lines, onScheme, paper, stand, tones, FACES } from './paper.js';
import { disc, square } from './signs.js';

const place = (position) => (position ? [position.lon, position.lat] : null);
const collection = (features) => ({ type: 'FeatureCollection', features });
const feature = (id, type, coordinates, properties) => ({ type: 'Feature', id, properties, geometry: { type, coordinates: drawn(coordinates) } });
const same = (one, other) => one === other || (one && other && one[0] === other[0] && one[1] === other[1]);
const BESIDE = 34, SELDOM = 100, SHARE = 3;
const frame = () => new Promise(requestAnimationFrame);

/** Which colours stand on the members' own: [, "rgb(…)", …]. */
function inks() {
  const probe = document.body.appendChild(document.createElement('i'));
  const found = [null];
  for (let i = 1; i <= 10; i++) {
    probe.style.color = `var(--m${i})`;
    const fill = getComputedStyle(probe).color;
    probe.style.color = `var(--m${i}-on)`;
    found.push([fill, getComputedStyle(probe).color]);
  }
  probe.style.color = 'var(--seal-fill)';
  found[0] = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

/** The day as features; `spots` says where each member is from which event on. */
function drawing(now) {
  const trails = [], dots = [], spots = new Map(now.members.map((member) => [member, []])), gone = new Map();
  const rally = place(now.told.sweep.rally.position), here = new Map();
  now.events.forEach(({ kind, member, position, stop, after, post }, n) => {
    const at = kind === 'arrived' ? rally : place(position);
    if (stop && kind !== 'handed') gone.set(stop, n);
    if (kind === 'checkin' && at) {
      const number = after.find((one) => one.member === member)?.visits ?? '';
      const before = here.get(member);
      if (before) trails.push({ n, member, at: [before, at] });
      dots.push({ n, member, at, number });
      here.set(member, at);
    }
    if (kind === 'won' && at) dots.push({ n, member, at, won: true, number: dots.find((one) => one.n !== n && now.events[one.n].post === post)?.number ?? '' });
    if ((kind === 'checkin' || kind === 'arrived') && at) spots.get(member)?.push({ n, at, there: kind === 'arrived' });
  });
  return { trails, dots, spots, gone, rally };
}

/** Makes the map; answers {show(count, playing)}. */
export async function lay(section, now) {
  const made = drawing(now), { told } = now;
  const stops = told.stops.filter(({ position }) => position);
  const starts = new Map(told.lanes.map(({ member, start }) => [member, place(start)]));
  const all = [made.rally, ...made.dots.map(({ at }) => at), ...stops.map(({ position }) => place(position))];
  const map = await paper(section, { bounds: around(all), fitBoundsOptions: { padding: { top: 74, bottom: 28, left: 44, right: 44 }, maxZoom: 15 } });
  for (const id of ['lanes', 'plan', 'trails', 'dots']) map.addSource(id, { type: 'geojson', data: collection([]) });
  const on = (yes, no = 0) => ['case', ['boolean', ['feature-state', 'on'], false], yes, no];
  const color = ['get', 'c'], round = { 'line-cap': 'round', 'line-join': 'round' };
  map.addLayer({ id: 'lane', type: 'fill', source: 'lanes', paint: { 'fill-color': color, 'fill-opacity': 0.11 } });
  map.addLayer({ id: 'lane-edge', type: 'line', source: 'lanes', layout: { 'line-join': 'round' }, paint: { 'line-color': color, 'line-width': 1.5, 'line-opacity': 0.6 } });
  map.addLayer({ id: 'plan', type: 'symbol', source: 'plan', layout: { 'icon-image': 'plan', 'icon-allow-overlap': true, 'icon-ignore-placement': true }, paint: { 'icon-opacity': on(0, 1) } });
  map.addLayer({ id: 'case', type: 'line', source: 'trails', layout: round, paint: { 'line-color': tones().major, 'line-width': 7, 'line-opacity': on(0.85) } });
  map.addLayer({ id: 'trail', type: 'line', source: 'trails', layout: round, paint: { 'line-color': color, 'line-width': 3.5, 'line-opacity': on(1) } });
  map.addLayer({ id: 'dots', type: 'symbol', source: 'dots',
    layout: { 'icon-image': ['get', 'sign'], 'text-field': ['get', 'number'], 'text-font': FACES, 'text-size': 12, 'symbol-sort-key': ['id'],
      'icon-allow-overlap': true, 'icon-ignore-placement': true, 'text-allow-overlap': true, 'text-ignore-placement': true },
    paint: { 'icon-opacity': on(1), 'text-opacity': on(1), 'text-color': ['get', 'ink'] } });

  let shown = 0;
  const flag = (source, id, yes) => map.setFeatureState({ source, id }, { on: yes });
  const trailed = new Set(made.trails.map(({ n }) => n)), dotted = new Set(made.dots.map(({ n }) => n));
  const left = new Map(stops.map(({ id }, i) => [made.gone.get(id), i]));

  function turn(n, yes) {
    if (trailed.has(n)) flag('trails', n, yes);
    if (dotted.has(n)) flag('dots', n, yes);
    if (left.has(n)) flag('plan', left.get(n), yes);
  }

  function dress() {
    const { label, major } = tones(), colours = lines(), fills = inks();
    const image = (name, data) => (map.hasImage(name) ? map.updateImage(name, data) : map.addImage(name, data, { pixelRatio: 2 }));
    image('plan', square(label, major));
    image('won', square(major, fills[0], 48, 4));
    for (let i = 1; i <= 10; i++) image(`m${i}`, disc(major, fills[i][0]));
    const c = (member) => colours[now.colour(member)];
    map.setPaintProperty('case', 'line-color', major);
    map.getSource('lanes').setData(collection(told.lanes.filter(({ area }) => area).map(({ area, member }, n) => feature(n, area.type, area.coordinates, { c: c(member) }))));
    map.getSource('plan').setData(collection(stops.map(({ position }, n) => feature(n, 'Point', place(position), {}))));
    map.getSource('trails').setData(collection(made.trails.map(({ n, member, at }) => feature(n, 'LineString', at, { c: c(member) }))));
    map.getSource('dots').setData(collection(made.dots.map(({ n, member, at, number, won }) => feature(n, 'Point', at,
      { sign: won ? 'won' : `m${now.colour(member)}`, number: String(number), ink: won ? '#fff' : fills[now.colour(member)][1] }))));
  }

  const rally = document.getElementById('t-rally').content.firstElementChild.cloneNode(true);
  rally.setAttribute('aria-label', `${rally.textContent.trim()}, ${told.sweep.rally.name}`);
  stand(map, rally, made.rally);
  let due = null;
  const label = () => {
    due ??= setTimeout(() => {
      due = null;
      settle(rally);
    }, 200);
  };
  map.on('moveend', label);
  const pins = new Map(now.members.map((member) => [member, { spots: made.spots.get(member), start: starts.get(member) ?? null, at: null, marker: null, beside: null }]));

  /* Where a member was last; they stand beside each other where all have met. */
  function pin(member, count, taken) {
    const one = pins.get(member);
    let low = 0, high = one.spots.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (one.spots[middle].n < count) low = middle + 1;
      else high = middle;
    }
    const last = one.spots[low - 1], at = last?.at ?? one.start;
    const beside = last?.there ? taken.push(member) - 1 : null;
    if (!at) one.marker?.remove();
    if (!at) return Object.assign(one, { at: null, marker: null });
    if (!one.marker) {
      const element = document.createElement('div'), face = element.appendChild(document.createElement('span'));
      element.className = `pin m${now.colour(member)}`;
      face.className = `disc m${now.colour(member)}`;
      face.textContent = told.members[member].initials;
      element.setAttribute('aria-hidden', 'true');
      one.marker = stand(map, element, at);
    } else if (!same(one.at, at)) one.marker.setLngLat(drawn(at));
    if (one.beside !== beside) one.marker.setOffset(beside === null ? [0, 0] : [(beside % 2 ? -1 : 1) * BESIDE * Math.ceil(beside / 2), -44]);
    one.marker.getElement().classList.toggle('stale', !last);
    return Object.assign(one, { at, beside });
  }

  function draw(count) {
    for (let n = shown; n < count; n++) turn(n, true);
    for (let n = shown - 1; n >= count; n--) turn(n, false);
    shown = count;
    const taken = [];
    for (const member of now.members) pin(member, count, taken);
  }

  /* While it plays the map follows ten times a second, and where its drawing takes long, in a quarter of the time. */
  let wanted = 0, busy = false;
  async function follow() {
    busy = true;
    while (wanted !== shown) {
      const begun = performance.now();
      draw(wanted);
      await frame();
      await frame();
      await new Promise((done) => setTimeout(done, Math.max(SELDOM, SHARE * (performance.now() - begun))));
    }
    busy = false;
  }

  dress();
  onScheme(dress);
  section.dataset.ready = '';
  return {
    show(count, playing = false) {
      wanted = count;
      if (playing) return busy || follow();
      draw(count);
      return label();
    },
  };
}
