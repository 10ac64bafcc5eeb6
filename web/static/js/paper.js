/* The paper map: MapLibre drawn with the --map-* tokens, for the squad's map and the check-in's.

   Needs: a section with data-town or data-world (GeoJSON addresses), data-lang, and a .canvas in
   it; <meta name="ground"> where the installation has another map (ground.js). Colours follow the
   scheme and the sun switch. Throws where there is no WebGL.

   Places are [longitude, latitude] in WGS-84, here and in all scripts. What is handed to MapLibre
   itself goes through drawn(), what it says through meant(): its map may have another datum. */
import * as gl from '../vendor/maplibre-gl.mjs';

const root = document.documentElement;
const told = JSON.parse(document.querySelector('meta[name="ground"]')?.content ?? 'null');
const datum = told?.datum && await import('./datum.js');
const seal = told?.seal ? `?${told.seal}` : '';
const TONES = ['land', 'block', 'park', 'water', 'bank', 'road', 'major', 'case', 'rail', 'relief', 'label'];
export const FACES = ['Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', 'sans-serif'];

gl.setWorkerUrl(new URL(`../vendor/maplibre-gl-worker.mjs${seal}`, import.meta.url).href);

/** Where a place, or places as GeoJSON nests them, stand on the map in use. */
export const drawn = (at) => (datum ? datum.to(told.datum, at) : at);

/** The place that is meant by a point of the map in use. */
export const meant = ({ lng, lat }) => (datum ? datum.from(told.datum, [lng, lat]) : [lng, lat]);

/** The map's colours as they are now, by name. */
export function tones() {
  const style = getComputedStyle(root);
  return Object.fromEntries(TONES.map((name) => [name, style.getPropertyValue(`--map-${name}`).trim()]));
}

/** The lines of the ten members' colours as they are now: [, "rgb(…)", …]. */
export function lines() {
  const probe = document.createElement('i');
  document.body.append(probe);
  const found = [null];
  for (let i = 1; i <= 10; i++) {
    probe.style.color = `var(--m${i}-line)`;
    found.push(getComputedStyle(probe).color);
  }
  probe.remove();
  return found;
}

/* Without its styles a map is a heap of parts: where the signal goes before they are here there is none. */
function styleSheet() {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = new URL('../vendor/maplibre-gl.css', import.meta.url).href;
  return new Promise((done, failed) => {
    link.onload = done;
    link.onerror = () => {
      link.remove();
      failed(Error('no styles for the map'));
    };
    document.head.append(link);
  });
}

async function land(section) {
  const { ground } = await import(told ? './ground.js' : './town.js');
  return ground(section, told);
}

/** A map in the section's .canvas, ready for what stands on it; `options` are MapLibre's, but `center` is a place. */
export async function paper(section, { center, ...options } = {}) {
  const [{ home, sources, layers, open, ...more }] = await Promise.all([land(section), styleSheet()]);
  const sheet = () => layers(tones()).map((one) => ({ ...one, id: `ground ${one.id}` }));
  const map = new gl.Map({
    container: section.querySelector('.canvas'),
    style: { version: 8, sources, layers: sheet() },
    ...(center ? { center: drawn(center) } : home), attributionControl: false, dragRotate: false, pitchWithRotate: false,
    touchPitch: false, fadeDuration: 0, maxZoom: 18, minZoom: 2, ...more, ...options,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.on('error', ({ error }) => console.warn('map', error?.message));
  await open(map);
  onScheme(() => {
    for (const { id, paint } of sheet()) {
      for (const [name, value] of Object.entries(paint)) map.setPaintProperty(id, name, value);
    }
  });
  return map;
}

/** Call `work` whenever the colours may have changed. */
export function onScheme(work) {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', work);
  new MutationObserver(work).observe(root, { attributes: true, attributeFilter: ['data-theme', 'data-sun'] });
}

const held = new WeakMap();

/** Gives a source of the map its features, if it has not got them: MapLibre would draw the whole map anew. */
export function fill(map, id, features) {
  const source = map.getSource(id), text = JSON.stringify(features);
  if ((held.get(source) ?? '[]') === text) return;
  held.set(source, text);
  source.setData({ type: 'FeatureCollection', features });
}

/** An element standing at a place; its CSS `translate` says which point of it. */
export const stand = (map, element, at) =>
  new gl.Marker({ element, anchor: 'top-left' }).setLngLat(drawn(at)).addTo(map);

/** The smallest box around places, for MapLibre. */
export const around = (places) => drawn(places).reduce((box, at) => box.extend(at), new gl.LngLatBounds());

/** Pixels that `metres` take on the ground at the map's middle. */
export const pixels = (map, metres) => {
  const { lat } = map.getCenter();
  return (metres * 512 * 2 ** map.getZoom()) / (40075016.7 * Math.cos((lat * Math.PI) / 180));
};
