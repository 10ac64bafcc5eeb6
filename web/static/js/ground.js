/* The map an installation has chosen instead of the bundled one: a style by its address, raster tiles, or an
   archive on the server. Asked for by paper.js.

   Needs: #t-ground with a hidden p.ground, which says that the map does not load, and p.credit. What it is
   told comes from server/maps/ground.py: {style | tiles, tms, zoom | archive, credit}. */
import { tones } from './paper.js';

const PATIENCE = 10000, WORLD = { center: [20, 25], zoom: 2 };

const blank = (tone) => [{ id: 'land', type: 'background', paint: { 'background-color': tone.land } }];
const here = (address) => (address.startsWith('/') ? location.origin + address : address);

/* Bright tiles step back behind the pins, most of all at night; in the sun nothing is taken from them. */
function shade(tone) {
  const [red, green, blue] = tone.land.match(/[\d.]+/g).map(Number);
  const sun = 'sun' in document.documentElement.dataset, night = !sun && red + green + blue < 384;
  return { 'raster-saturation': sun ? 0 : night ? -0.5 : -0.2, 'raster-brightness-max': night ? 0.62 : 1,
    'raster-contrast': sun ? 0.15 : 0, 'raster-fade-duration': 0 };
}

/** Raster tiles, from a source called "ground". */
export const raster = (tone) => [...blank(tone), { id: 'ground', type: 'raster', source: 'ground', paint: shade(tone) }];

async function tiles({ tiles: addresses, tms, zoom }) {
  const source = { type: 'raster', tiles: addresses.map(here), tileSize: 256, maxzoom: zoom, scheme: tms ? 'tms' : 'xyz' };
  return { home: WORLD, sources: { ground: source }, layers: raster };
}

/* Flat, with north on top, like all our maps, and by names that are not ours. Addresses in it may be relative. */
async function style({ style: address }) {
  const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE) });
  if (!answer.ok) throw Error(answer.status);
  const { pitch, bearing, projection, terrain, sources, layers, ...sheet } = await answer.json();
  const name = (own) => `ground ${own}`;
  sheet.sources = Object.fromEntries(Object.entries(sources).map(([own, source]) => [name(own), source]));
  sheet.layers = layers.map((one) => ({ ...one, id: name(one.id), ...(one.source && { source: name(one.source) }) }));
  return { home: {}, style: sheet, layers: () => [], transformRequest: (url) => ({ url: new URL(url, answer.url).href }) };
}

/* Of what a source says about itself, the words and the links. */
function words(html) {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  return [...body.childNodes].filter(({ nodeName }) => !/SCRIPT|STYLE/.test(nodeName)).map(({ nodeName, href, textContent }) => {
    if (nodeName !== 'A' || !/^https?:/.test(href)) return textContent;
    return Object.assign(document.createElement('a'), { href, textContent, target: '_blank', rel: 'noopener' });
  });
}

function credits(map, line, own) {
  const all = Object.keys(map.getStyle().sources).map((id) => map.getSource(id)?.attribution);
  const said = new Set([own, ...all].filter(Boolean));
  line.replaceChildren(...[...said].flatMap((one) => [...words(one), ' ']));
}

/* Says so when something failed and nothing of the map has come, until something comes. */
function watch(map, section, own, failed) {
  const [notice, line] = document.getElementById('t-ground').content.cloneNode(true).children;
  const grounds = new Set(Object.keys(map.getStyle().sources));
  let come = false;
  section.append(notice, line);
  notice.hidden = !failed;
  map.on('error', ({ sourceId }) => {
    if (grounds.has(sourceId) && !come) notice.hidden = false;
  });
  map.on('sourcedata', ({ sourceId, tile, sourceDataType }) => {
    if (!grounds.has(sourceId)) return;
    if (sourceDataType === 'metadata') credits(map, line, own);
    if (tile?.state === 'loaded') come = notice.hidden = true;
  });
  credits(map, line, own);
}

/* Pins wait for no tile. A style MapLibre cannot read gives way to blank paper. */
async function open(map, instead) {
  const begun = () => new Promise((done, failed) => {
    map.once('style.load', done);
    map.once('error', ({ error }) => failed(error));
  });
  try {
    await begun();
    return true;
  } catch {
    map.setStyle(instead);
    await begun();
    return false;
  }
}

/** What the section is to be drawn on, as paper.js wants it; blank paper where it cannot be had. */
export async function ground(section, told) {
  const kind = told.style ? style : told.tiles ? tiles : (await import('./archive.js')).archive;
  const found = await kind(told, section).catch((error) => console.warn('map', error));
  return {
    home: WORLD, sources: {}, layers: blank, ...found,
    async open(map) {
      const opened = await open(map, { version: 8, sources: {}, layers: blank(tones()) });
      watch(map, section, told.credit, !found || !opened);
    },
  };
}
