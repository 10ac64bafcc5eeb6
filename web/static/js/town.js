/* The bundled maps: the made-up town of the demo, or the world's outline. Asked for by paper.js.

   Needs: a section with data-town or data-world (GeoJSON addresses) and data-lang. */
import { FACES } from './paper.js';

const TOWN = { center: [121.41, 31.21], zoom: 12.45 }, WORLD = { center: [20, 25], zoom: 2 };

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

/** What the section is to be drawn on, as paper.js wants it. */
export function ground({ dataset: { town: drawing, world: outline, lang } }) {
  return {
    home: drawing ? TOWN : WORLD,
    sources: { town: { type: 'geojson', data: drawing ?? outline, tolerance: 0.2 } },
    open: (map) => new Promise((done) => map.once('load', done)),
    layers: (tone) => (drawing ? town(tone, lang?.startsWith('zh')) : world(tone)),
  };
}
