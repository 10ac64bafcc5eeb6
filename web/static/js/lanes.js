/* A sweep on the squad's map: each lane's area, the way that is left, the rally point.

   Needs: day.js's `sweep` ({lanes, rally}) and trails; #strip for the rally's time in the reader's words. */
import { drawn, fill, stand } from './paper.js';
import { clock } from './times.js';

const SOURCES = ['lanes', 'togo'];
let flag = null;

/** Adds the layers, below those of the trails. */
export function lay(map, nothing) {
  for (const id of SOURCES) map.addSource(id, { type: 'geojson', data: nothing });
  const mine = (yes, no) => ['case', ['get', 'mine'], yes, no];
  const color = ['get', 'c'], below = 'trail-case';
  map.addLayer({ id: 'lane', type: 'fill', source: 'lanes', paint: { 'fill-color': color, 'fill-opacity': mine(0.16, 0.11) } }, below);
  map.addLayer({ id: 'lane-edge', type: 'line', source: 'lanes', layout: { 'line-join': 'round' }, paint: { 'line-color': color, 'line-width': mine(2.5, 1.5), 'line-opacity': mine(0.9, 0.6) } }, below);
  map.addLayer({ id: 'togo', type: 'line', source: 'togo', layout: { 'line-cap': 'round' }, paint: { 'line-color': color, 'line-width': 2.5, 'line-dasharray': [0.1, 3.2] } }, below);
}

const SIDES = ['', 'above', 'end', 'start'];

/** The label stands on the side where it covers least of the pins: below, above, or beside its flag. */
export function settle(element) {
  const label = element.querySelector('.name');
  const taken = [...document.querySelectorAll('#map :is(.pin .disc, .pin:not(.quiet) .flag, .shared .dot, .plate)')].map((one) => one.getBoundingClientRect());
  const room = document.getElementById('map').getBoundingClientRect();
  const turn = (side) => SIDES.forEach((name) => name && element.classList.toggle(name, name === side));
  const cost = (side) => {
    turn(side);
    const box = label.getBoundingClientRect();
    const over = (one) => Math.max(0, Math.min(one.right, box.right) - Math.max(one.left, box.left))
      * Math.max(0, Math.min(one.bottom, box.bottom) - Math.max(one.top, box.top));
    return taken.reduce((sum, one) => sum + over(one), box.left < room.left || box.right > room.right ? 1e4 : 0);
  };
  const costs = SIDES.map(cost);
  turn(SIDES[costs.indexOf(Math.min(...costs))]);
}

function rally(map, { at, name, when }) {
  if (!flag) {
    const element = document.getElementById('t-rally').content.firstElementChild.cloneNode(true);
    flag = stand(map, element, at);
  }
  flag.setLngLat(drawn(at));
  const element = flag.getElement(), label = element.querySelector('.name');
  label.textContent = label.dataset.text.replace('{time}', clock(new Date(when)));
  element.setAttribute('aria-label', `${label.textContent}, ${name}`);
  settle(element);
}

/** Draws the sweep as it is; nothing without one. */
export function draw(map, now, colours, me, feature) {
  const { sweep, members } = now, c = (member) => colours[members[member]?.colour ?? 1];
  fill(map, 'lanes', sweep.lanes.filter(({ area }) => area).map(({ area, member }) =>
    ({ type: 'Feature', geometry: { ...area, coordinates: drawn(area.coordinates) }, properties: { c: c(member), mine: member === me } })));
  const ways = sweep.rally ? now.trails().filter(({ id }) => sweep.lanes.some(({ member }) => member === id)) : [];
  fill(map, 'togo', ways.map(({ id, stops }) =>
    feature('LineString', drawn([stops.at(-1).at, sweep.rally.at]), { c: c(id) })));
  if (sweep.rally) rally(map, sweep.rally);
  else {
    flag?.remove();
    flag = null;
  }
}
