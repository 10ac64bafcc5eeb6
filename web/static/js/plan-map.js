/* The map of a plan: every lane's area and way in its member's colour, and a pen to draw an area. */
import { around, drawn, fill, lines, meant, onScheme, paper, stand, tones } from './paper.js';

const collection = (features) => ({ type: 'FeatureCollection', features });
const feature = (type, coordinates, properties) => ({ type: 'Feature', properties, geometry: { type, coordinates } });
let map = null, shown = null, flag = null, fitted = false;

/** Whether a place lies within a ring: [[longitude, latitude], …]. */
export function near(ring, [x, y]) {
  let inside = false;
  ring.forEach(([x1, y1], i) => {
    const [x2, y2] = ring[(i + 1) % ring.length];
    if ((y1 > y) !== (y2 > y) && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  });
  return inside;
}

function paint() {
  if (!map || !shown) return;
  const colours = lines(), { lanes, rally } = shown, c = (lane) => colours[lane.colour] ?? tones().label;
  fill(map, 'areas', lanes.filter(({ area }) => area).map((lane) =>
    ({ type: 'Feature', geometry: { ...lane.area, coordinates: drawn(lane.area.coordinates) }, properties: { c: c(lane) } })));
  fill(map, 'ways', lanes.filter(({ key, stops }) => key && stops.length).map((lane) =>
    feature('LineString', drawn([...lane.stops, rally]), { c: c(lane) })));
  fill(map, 'dots', lanes.flatMap((lane) => lane.stops.map((at) => feature('Point', drawn(at), { c: c(lane) }))));
  if (!flag) {
    const element = document.createElement('div');
    element.className = 'rally-dot';
    flag = stand(map, element, rally);
  }
  const all = [rally, ...lanes.flatMap(({ stops }) => stops)];
  if (!fitted && all.length > 1) map.fitBounds(around(all), { padding: 50, maxZoom: 15, animate: false });
  fitted ||= all.length > 1;
}

/** Draws lanes [{key, colour, area, stops}] and the rally point. */
export function draw(lanes, rally) {
  shown = { lanes, rally };
  paint();
}

/** Makes the map; answers the pen: ring() resolves with corners once done() is called. */
export async function lay(section) {
  map = await paper(section);
  for (const id of ['areas', 'ways', 'dots', 'pen']) map.addSource(id, { type: 'geojson', data: collection([]) });
  const color = ['get', 'c'], { label, major } = tones();
  map.addLayer({ id: 'areas', type: 'fill', source: 'areas', paint: { 'fill-color': color, 'fill-opacity': 0.13 } });
  map.addLayer({ id: 'edges', type: 'line', source: 'areas', paint: { 'line-color': color, 'line-width': 1.5 } });
  map.addLayer({ id: 'ways', type: 'line', source: 'ways', paint: { 'line-color': color, 'line-width': 2.5 } });
  map.addLayer({ id: 'dots', type: 'circle', source: 'dots', paint: { 'circle-color': color, 'circle-radius': 6, 'circle-stroke-color': major, 'circle-stroke-width': 2 } });
  map.addLayer({ id: 'pen', type: 'line', source: 'pen', paint: { 'line-color': label, 'line-width': 2, 'line-dasharray': [2, 2] } });
  onScheme(paint);
  const hint = document.getElementById('drawing');
  let corners = null, finish = () => {};
  const trace = () => map.getSource('pen').setData(collection(corners?.length ? [feature('LineString', drawn([...corners, corners[0]]), {})] : []));
  map.on('click', ({ lngLat }) => {
    corners?.push(meant(lngLat).map((degrees) => Number(degrees.toFixed(6))));
    trace();
  });
  return {
    ring: () => new Promise((done) => {
      [corners, finish, hint.hidden] = [[], done, false];
    }),
    done: () => {
      const ring = corners ?? [];
      [corners, hint.hidden] = [null, true];
      trace();
      finish(ring);
    },
  };
}
