/* The paper map: MapLibre drawn with the --map-* tokens, for the squad's map and the check-in's.

   Needs: a section with data-town or data-world (GeoJSON addresses), data-lang, and a .canvas in
   it. Colours follow the scheme and the sun switch. Throws where there is no WebGL. */
import * as gl from '../vendor/maplibre-gl.mjs';

gl.setWorkerUrl(new URL('../vendor/maplibre-gl-worker.mjs', import.meta.url).href);

const root = document.documentElement;
const TONES = ['land', 'block', 'park', 'water', 'bank', 'road', 'major', 'case', 'rail', 'relief', 'label'];
const FACES = ['Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', 'sans-serif'];
export const TOWN = { center: [121.41, 31.21], zoom: 12.45 };

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

/* The drawing's pixels are 10 m: up to zoom 14 widths are as drawn, then they grow more slowly. */
const wide = (pixels, least = 0) => {
  const at = (zoom) => Math.max(least, (pixels * 10 * 2 ** zoom) / 66950);
  return ['interpolate', ['exponential', 1.7], ['zoom'], 9, at(9), 12.5, at(12.5), 14, at(14), 18, at(14) * 4];
};
const exact = (pixels) => ['interpolate', ['exponential', 2], ['zoom'], 8, (pixels * 2560) / 66950, 20, (pixels * 1e1 * 2 ** 20) / 66950];
const only = (kind) => ['==', ['get', 'k'], kind];
const round = { 'line-cap': 'round', 'line-join': 'round' };

const area = (id, color) => ({ id, type: 'fill', source: 'town', filter: only(id), paint: { 'fill-color': color } });
const line = (id, kind, color, width, more = {}) => ({
  id, type: 'line', source: 'town', filter: only(kind), layout: more.dashed ? {} : round,
  paint: { 'line-color': color, 'line-width': width, ...(more.dashed && { 'line-dasharray': more.dashed }) },
});

function names(tone, zh) {
  const text = (of, color, size, spacing, halo) => ({
    id: `${of}-name`, type: 'symbol', source: 'town', filter: ['all', only('name'), ['==', ['get', 'of'], of]],
    layout: { 'text-field': ['get', zh ? 'name_zh' : 'name_en'], 'text-font': FACES, 'text-size': size,
      'text-letter-spacing': spacing, 'text-rotate': ['get', 'turn'], 'text-allow-overlap': true },
    paint: { 'text-color': color, ...(halo && { 'text-halo-color': tone.land, 'text-halo-width': 1.8 }) },
  });
  return [text('name', tone.label, 12.5, zh ? 0.3 : 0.16, true), text('river', tone.label, 12.5, 0.3, false)];
}

function town(tone, zh) {
  return [
    { id: 'land', type: 'background', paint: { 'background-color': tone.land } },
    area('park', tone.park),
    line('relief', 'relief', tone.relief, 1),
    area('block', tone.block),
    line('road', 'road', tone.road, wide(5, 0.8)),
    line('stream', 'stream', tone.water, exact(15)),
    area('water', tone.water),
    line('bank', 'river', tone.bank, exact(60.5)),
    line('river', 'river', tone.water, exact(58)),
    line('rail', 'rail', tone.rail, wide(4, 1)),
    line('tie', 'rail', tone.land, wide(2, 0.5), { dashed: [4.5, 4.5] }),
    line('case', 'major', tone.case, wide(13, 1.6)),
    line('major', 'major', tone.major, wide(10, 1)),
    ...names(tone, zh),
  ];
}

/* The world's outline is right to some ten kilometres: near the ground it gives way to plain paper. */
function world(tone) {
  const sea = ['interpolate', ['linear'], ['zoom'], 6, tone.water, 9, tone.land];
  return [
    { id: 'sea', type: 'background', paint: { 'background-color': sea } },
    { ...area('land', tone.land), source: 'town' },
    line('coast', 'land', ['interpolate', ['linear'], ['zoom'], 6, tone.bank, 9, tone.land], 1),
  ];
}

const layers = (section, tone) =>
  section.dataset.town ? town(tone, section.dataset.lang?.startsWith('zh')) : world(tone);

function styleSheet() {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = new URL('../vendor/maplibre-gl.css', import.meta.url).href;
  document.head.append(link);
}

/** A map in the section's .canvas, loaded; `options` are MapLibre's. */
export async function paper(section, options = {}) {
  styleSheet();
  const source = { type: 'geojson', data: section.dataset.town ?? section.dataset.world, tolerance: 0.2 };
  const map = new gl.Map({
    container: section.querySelector('.canvas'),
    style: { version: 8, sources: { town: source }, layers: layers(section, tones()) },
    ...TOWN, attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false,
    fadeDuration: 0, maxZoom: 18, minZoom: 2, ...options,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.on('error', ({ error }) => console.warn('map', error?.message));
  await new Promise((done) => map.once('load', done));
  onScheme(() => {
    for (const { id, paint } of layers(section, tones())) {
      for (const [name, value] of Object.entries(paint)) {
        if (name.endsWith('color')) map.setPaintProperty(id, name, value);
      }
    }
  });
  return map;
}

/** Call `work` whenever the colours may have changed. */
export function onScheme(work) {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', work);
  new MutationObserver(work).observe(root, { attributes: true, attributeFilter: ['data-theme', 'data-sun'] });
}

/** An element standing at a place; its CSS `translate` says which point of it. */
export const stand = (map, element, at) =>
  new gl.Marker({ element, anchor: 'top-left' }).setLngLat(at).addTo(map);

/** The smallest box around places. */
export const around = (places) => places.reduce((box, at) => box.extend(at), new gl.LngLatBounds());

/** Pixels that `metres` take on the ground at the map's middle. */
export const pixels = (map, metres) => {
  const { lat } = map.getCenter();
  return (metres * 512 * 2 ** map.getZoom()) / (40075016.7 * Math.cos((lat * Math.PI) / 180));
};
