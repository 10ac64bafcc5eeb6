/* Where a sweep meets, tapped on the map: a customer by its dot, any other place by its position.

   The form works without. Needs: #f-rally_customer with option[data-at="longitude,latitude"], #elsewhere
   with the fields lat, lon and rally_name, #rally-map as in paper.js. Says for tests: data-ready on the map. */
import { around, drawn, fill, meant, onScheme, paper, stand, tones } from './paper.js';

const NEAR = 24; // pixels: a finger's width
const section = document.getElementById('rally-map'), elsewhere = document.getElementById('elsewhere');
const chosen = document.getElementById('f-rally_customer');
const [lat, lon] = ['lat', 'lon'].map((name) => chosen.form.elements.namedItem(name));
const place = (option) => option.dataset.at.split(',').map(Number);
const shops = [...chosen.options].filter(({ dataset }) => dataset.at);
let flag = null;

/* Where the form says one meets, or null. */
function spot() {
  const option = chosen.selectedOptions[0];
  if (option?.dataset.at) return place(option);
  const at = [Number(lon.value), Number(lat.value)];
  return lon.value && lat.value && Math.abs(at[0]) <= 180 && Math.abs(at[1]) <= 90 ? at : null;
}

function show(map) {
  const at = spot();
  if (!at) {
    flag?.remove();
    flag = null;
    return;
  }
  if (!flag) {
    const element = document.createElement('div');
    element.className = 'rally-dot';
    flag = stand(map, element, at);
  }
  flag.setLngLat(drawn(at));
}

function tapped(map, { point, lngLat }) {
  const away = (option) => map.project(drawn(place(option))).dist(point);
  const shop = shops.reduce((best, option) => (!best || away(option) < away(best) ? option : best), null);
  if (shop && away(shop) < NEAR) chosen.value = shop.value;
  else {
    chosen.value = '';
    [lon.value, lat.value] = meant(lngLat).map((degrees) => degrees.toFixed(6));
    elsewhere.open = true;
  }
  show(map);
}

async function begin() {
  section.hidden = false;
  const at = spot(), places = shops.map(place);
  const bounds = places.length ? { bounds: around(places), fitBoundsOptions: { padding: 40, maxZoom: 15 } } : {};
  const map = await paper(section, at ? { center: at, zoom: 13 } : bounds);
  map.addSource('shops', { type: 'geojson', data: { type: 'FeatureCollection', features: [] } });
  map.addLayer({ id: 'shops', type: 'circle', source: 'shops', paint: { 'circle-radius': 5, 'circle-stroke-width': 2 } });
  const dress = () => {
    map.setPaintProperty('shops', 'circle-color', tones().major);
    map.setPaintProperty('shops', 'circle-stroke-color', tones().label);
  };
  dress();
  onScheme(dress);
  fill(map, 'shops', places.map((one) => ({ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: drawn(one) } })));
  map.on('click', (event) => tapped(map, event));
  for (const field of [chosen, lat, lon]) field.addEventListener('input', () => show(map));
  show(map);
  section.dataset.ready = '';
}

begin().catch((error) => {
  console.warn('map', error);
  section.hidden = true;
});
