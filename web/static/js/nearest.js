/* The nearest customers without signal: from the map this phone keeps, in the sheet's own rows. */
const EARTH = 6371000, LISTED = 3, FOUND = 20;
const rad = (degrees) => (degrees * Math.PI) / 180;

/** Metres between two places. */
function apart(lat, lon, y, x) {
  const h = Math.sin(rad(y - lat) / 2) ** 2 + Math.cos(rad(lat)) * Math.cos(rad(y)) * Math.sin(rad(x - lon) / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.sqrt(h));
}

/** Rows of the customers nearest to `lat`, `lon` ('' when unknown) with these words in their name, like `row`. */
export async function nearest(squad, row, lat, lon, words, distance) {
  const { features } = await (await fetch(`/api/v1/squads/${squad}/map`)).json();
  const wanted = words.toLocaleLowerCase().split(/\s+/);
  const known = features.filter(({ properties: { kind, name } }) =>
    kind === 'customer' && wanted.every((word) => name.toLocaleLowerCase().includes(word)));
  const away = ({ geometry }) => (geometry && lat !== '' ? apart(lat, lon, ...geometry.coordinates.toReversed()) : Infinity);
  const sorted = known.map((one) => [away(one), one]).sort(([a], [b]) => a - b).slice(0, words ? FOUND : LISTED);
  return sorted.map(([metres, { geometry, properties: { id, name } }], first) => {
    const label = row.cloneNode(true), radio = label.querySelector('input');
    const [x, y] = geometry?.coordinates ?? ['', ''];
    Object.assign(radio, { value: id, checked: !first });
    Object.assign(radio.dataset, { name, lat: y, lon: x, distance: isFinite(metres) ? metres : '' });
    label.querySelector('b').textContent = name;
    label.querySelector('b ~ *')?.remove();
    label.querySelector('.num')?.remove();
    if (isFinite(metres)) label.append(Object.assign(document.createElement('b'), { className: 'num', textContent: distance(metres) }));
    return label;
  });
}
