/* Tiles in one file on the server (.pmtiles): pictures, or the layers of the Protomaps basemap drawn like our
   own paper maps. Asked for by ground.js. */
import { addProtocol } from '../vendor/maplibre-gl.mjs';
import { raster } from './ground.js';
import { FACES } from './paper.js';

const GREEN = ['park', 'forest', 'wood', 'nature_reserve', 'national_park', 'protected_area', 'cemetery', 'golf_course',
  'grass', 'grassland', 'meadow', 'scrub', 'garden', 'pitch', 'playground', 'village_green', 'allotments', 'orchard', 'zoo'];
const BUILT = ['residential', 'commercial', 'industrial', 'retail', 'school', 'university', 'college', 'hospital',
  'kindergarten', 'military', 'railway', 'aerodrome', 'pedestrian'];
const KIND = ['coalesce', ['get', 'kind'], ['get', 'pmap:kind']];
const is = (...kinds) => ['in', KIND, ['literal', kinds]];
const whole = ['in', ['geometry-type'], ['literal', ['Polygon', 'MultiPolygon']]];
const grow = (...stops) => ['interpolate', ['exponential', 1.6], ['zoom'], ...stops];

const part = (type, id, from, filter, paint, more = {}) =>
  ({ id, type, source: 'ground', 'source-layer': from, filter, paint, ...more });
const area = (id, from, filter, color, more = {}) => part('fill', id, from, ['all', whole, filter], { 'fill-color': color, ...more });
const line = (id, from, filter, color, width, dashes) => part('line', id, from, filter,
  { 'line-color': color, 'line-width': width, ...(dashes && { 'line-dasharray': dashes }) },
  { layout: dashes ? {} : { 'line-cap': 'round', 'line-join': 'round' } });

function names(tone, zh) {
  const own = zh ? ['name:zh-Hans', 'name:zh', 'name'] : ['name:en', 'name'];
  const text = (id, from, filter, size, layout, minzoom) => part('symbol', id, from, filter,
    { 'text-color': tone.label, 'text-halo-color': tone.land, 'text-halo-width': 1.6 },
    { minzoom, layout: { 'text-field': ['coalesce', ...own.map((key) => ['get', key])], 'text-font': FACES, 'text-size': size, ...layout } });
  const along = { 'symbol-placement': 'line', 'text-letter-spacing': 0.05 };
  const first = { 'symbol-sort-key': ['coalesce', ['get', 'sort_rank'], ['get', 'min_zoom'], 0], 'text-padding': 8 };
  return [
    text('river-name', 'water', is('river', 'canal'), 12, along, 12),
    text('street-name', 'roads', is('highway', 'major_road', 'medium_road'), 12, along, 13),
    text('lane-name', 'roads', is('minor_road'), 11, along, 15),
    text('place', 'places', true, ['match', KIND, 'country', 15, ['locality', 'region'], 14, 12], first, 2),
  ];
}

function layers(tone, zh) {
  const minor = is('minor_road', 'other'), major = is('major_road', 'medium_road'), fast = is('highway');
  return [
    { id: 'sea', type: 'background', paint: { 'background-color': tone.land } },
    area('earth', 'earth', true, tone.land),
    area('built', 'landuse', is(...BUILT), tone.block),
    area('green', 'landuse', is(...GREEN), tone.park),
    area('water', 'water', true, tone.water),
    line('stream', 'water', ['all', ['!', whole], is('stream', 'river', 'canal', 'ditch', 'drain')], tone.water, grow(9, 0.4, 14, 2, 18, 10)),
    area('house', 'buildings', true, tone.block, { 'fill-outline-color': tone.case }),
    line('path', 'roads', is('path'), tone.road, grow(14, 0.5, 18, 4)),
    line('minor', 'roads', minor, tone.road, grow(11, 0.3, 13, 1.2, 15, 3.5, 18, 14)),
    line('rail', 'roads', is('rail'), tone.rail, grow(8, 0.4, 14, 2, 18, 5)),
    line('tie', 'roads', is('rail'), tone.land, grow(8, 0, 14, 1, 18, 3), [4, 4]),
    line('ferry', 'roads', is('ferry'), tone.bank, 1, [4, 3]),
    line('case', 'roads', ['any', major, fast], tone.case, grow(6, 0.3, 12, 3.6, 15, 7.5, 18, 22)),
    line('major', 'roads', major, tone.major, grow(6, 0, 12, 2, 15, 5.5, 18, 19)),
    line('fast', 'roads', fast, tone.major, grow(4, 0, 6, 1, 12, 2.6, 15, 6.2, 18, 20)),
    line('border', 'boundaries', true, tone.relief, 1, [3, 2]),
    ...names(tone, zh),
  ];
}

/* A script of the old kind: it makes a global. */
const library = () => new Promise((done, failed) => {
  const src = new URL('../vendor/pmtiles.js', import.meta.url).href;
  const script = Object.assign(document.createElement('script'), { src, onload: done, onerror: failed });
  document.head.append(script);
});

/** What the section is to be drawn on, as ground.js wants it. */
export async function archive({ archive: address }, { dataset: { lang } }) {
  await library();
  const { PMTiles, Protocol, TileType } = globalThis.pmtiles;
  const url = location.origin + address, file = new PMTiles(url), protocol = new Protocol({ metadata: true });
  protocol.add(file);
  addProtocol('pmtiles', protocol.tile);
  const { tileType, minLon, minLat, maxLon, maxLat } = await file.getHeader();
  const vectors = tileType === TileType.Mvt || tileType === TileType.Mlt, mlt = tileType === TileType.Mlt && { encoding: 'mlt' };
  const source = { url: `pmtiles://${url}`, ...(vectors ? { type: 'vector', ...mlt } : { type: 'raster', tileSize: 256 }) };
  return {
    home: { bounds: [minLon, Math.max(minLat, -85), maxLon, Math.min(maxLat, 85)] },
    sources: { ground: source },
    layers: vectors ? (tone) => layers(tone, lang?.startsWith('zh')) : raster,
  };
}
