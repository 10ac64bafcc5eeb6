"""Places as maps in China show them: GCJ-02, as the law has it, and BD-09, Baidu's own, both from WGS-84.

Everything stored and sent is WGS-84; another datum exists only where a map or a map application wants it.
In the usual box around China places are shifted by some hundred metres, differently from street to street.
The box is coarse and holds some of the neighbours too; outside it all three are the same.
`web/static/js/datum.js` says the same again.
"""

from math import atan2, cos, degrees, hypot, pi, radians, sin, sqrt

from config.maps import Datum

Place = tuple[float, float]
"""Latitude and longitude, degrees."""

AXIS, FLATNESS = 6_378_245.0, 0.006_693_421_622_965_943_23
"""Krasovsky's ellipsoid of 1940: half its longer axis, metres, and the square of its eccentricity."""
SOUTH, NORTH, WEST, EAST = 0.8293, 55.8271, 72.004, 137.8347
BAIDU = pi * 3000 / 180
ROUNDS = 6
"""Each brings the way back some fifty times nearer, from a kilometre: six end far below a millimetre."""


def from_wgs84(datum: Datum, place: Place) -> Place:
    """Where a place stands on a map of that datum."""
    lat, lon = place
    if datum == "wgs84" or not (SOUTH <= lat <= NORTH and WEST <= lon <= EAST):
        return place
    return _gcj02(lat, lon) if datum == "gcj02" else _bd09(*_gcj02(lat, lon))


def to_wgs84(datum: Datum, place: Place) -> Place:
    """The place that stands there on a map of that datum. At the box's edge there may be none, or two."""
    lat, lon = place
    for _ in range(ROUNDS):
        shown = from_wgs84(datum, (lat, lon))
        lat, lon = lat + place[0] - shown[0], lon + place[1] - shown[1]
    return lat, lon


def _gcj02(lat: float, lon: float) -> Place:
    x, y = lon - 105, lat - 35
    waves = 20 * sin(6 * pi * x) + 20 * sin(2 * pi * x)
    ripples = 20 * sin(pi * y) + 40 * sin(pi * y / 3) + 160 * sin(pi * y / 12) + 320 * sin(pi * y / 30)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + (waves + ripples) * 2 / 3
    ripples = 20 * sin(pi * x) + 40 * sin(pi * x / 3) + 150 * sin(pi * x / 12) + 300 * sin(pi * x / 30)
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + (waves + ripples) * 2 / 3
    bend = 1 - FLATNESS * sin(radians(lat)) ** 2
    north *= bend * sqrt(bend) / (AXIS * (1 - FLATNESS))
    east *= sqrt(bend) / (AXIS * cos(radians(lat)))
    return lat + degrees(north), lon + degrees(east)


def _bd09(lat: float, lon: float) -> Place:
    far = hypot(lon, lat) + 0.000_02 * sin(lat * BAIDU)
    turn = atan2(lat, lon) + 0.000_003 * cos(lon * BAIDU)
    return far * sin(turn) + 0.006, far * cos(turn) + 0.0065
