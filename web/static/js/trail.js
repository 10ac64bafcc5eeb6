/* One member's day on the map: its stops in their order, joined by straight lines.

   Needs: #map as in paper.js with data-colour, 1 to 10; li[data-lat][data-lon][data-number][data-result]
   [data-name] with ids, in their order. A stop leads to its row. Says for tests: data-ready on #map. */
import { around, drawn, lines, onScheme, paper, stand, tones } from './paper.js';

const section = document.getElementById('map');
const colour = Number(section.dataset.colour);
const rows = [...document.querySelectorAll('li[data-lat]')];
const place = ({ dataset }) => [Number(dataset.lon), Number(dataset.lat)];

function stop(map, row) {
  const { number, name, result } = row.dataset;
  const link = Object.assign(document.createElement('a'), { href: `#${row.id}`, textContent: number });
  link.className = `stop m${colour}${result === 'won' ? ' won' : ''}`;
  link.setAttribute('aria-label', `${number}: ${name}`);
  link.addEventListener('click', (event) => {
    event.preventDefault();
    row.scrollIntoView({ block: 'center' });
    row.focus({ preventScroll: true });
  });
  stand(map, link, place(row));
}

async function draw() {
  const places = rows.map(place);
  const map = await paper(section, { bounds: around(places), fitBoundsOptions: { padding: 48, maxZoom: 15 } });
  const data = { type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: drawn(places) } };
  map.addSource('trail', { type: 'geojson', data });
  const layout = { 'line-cap': 'round', 'line-join': 'round' };
  map.addLayer({ id: 'case', type: 'line', source: 'trail', layout, paint: { 'line-width': 7, 'line-opacity': 0.85 } });
  map.addLayer({ id: 'way', type: 'line', source: 'trail', layout, paint: { 'line-width': 3.5 } });
  const dress = () => {
    map.setPaintProperty('case', 'line-color', tones().major);
    map.setPaintProperty('way', 'line-color', lines()[colour]);
  };
  dress();
  onScheme(dress);
  rows.forEach((row) => stop(map, row));
  section.dataset.ready = '';
}

draw().catch((error) => {
  console.warn('map', error);
  section.hidden = true;
});
