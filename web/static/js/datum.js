/* Places as maps in China show them: GCJ-02 and BD-09, from WGS-84 and back. The same as server/maps/datum.py,
   where it is explained. `at` is [longitude, latitude] in degrees, or any nesting of such as GeoJSON has it. */
const { PI, sin, cos, sqrt, abs, hypot, atan2 } = Math;
const AXIS = 6378245, FLATNESS = 0.00669342162296594323, ROUNDS = 6;
const BAIDU = (PI * 3000) / 180, RAD = PI / 180;

const inChina = ([lon, lat]) => lat >= 0.8293 && lat <= 55.8271 && lon >= 72.004 && lon <= 137.8347;

function gcj02([lon, lat]) {
  const x = lon - 105, y = lat - 35, waves = 20 * sin(6 * PI * x) + 20 * sin(2 * PI * x);
  const ripples = (t, slow, slower) => waves + 20 * sin(PI * t) + 40 * sin((PI * t) / 3) + slow * sin((PI * t) / 12) + slower * sin((PI * t) / 30);
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + (ripples(y, 160, 320) * 2) / 3;
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + (ripples(x, 150, 300) * 2) / 3;
  const bend = 1 - FLATNESS * sin(lat * RAD) ** 2, root = sqrt(bend);
  return [lon + (east * root) / (AXIS * cos(lat * RAD)) / RAD, lat + (north * bend * root) / (AXIS * (1 - FLATNESS)) / RAD];
}

function bd09([lon, lat]) {
  const far = hypot(lon, lat) + 0.00002 * sin(lat * BAIDU), turn = atan2(lat, lon) + 0.000003 * cos(lon * BAIDU);
  return [far * cos(turn) + 0.0065, far * sin(turn) + 0.006];
}

/** Where places in WGS-84 stand on a map of that datum. */
export function to(datum, at) {
  if (Array.isArray(at[0])) return at.map((one) => to(datum, one));
  if (datum === 'wgs84' || !inChina(at)) return at;
  return datum === 'gcj02' ? gcj02(at) : bd09(gcj02(at));
}

/** The places, in WGS-84, that stand there on a map of that datum. */
export function from(datum, at) {
  if (Array.isArray(at[0])) return at.map((one) => from(datum, one));
  let [lon, lat] = at;
  for (let i = 0; i < ROUNDS; i++) {
    const [x, y] = to(datum, [lon, lat]);
    lon += at[0] - x;
    lat += at[1] - y;
  }
  return [lon, lat];
}
