"""A territory's outline: GeoJSON as people have it, checked, and drawn small."""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import orjson

from server.errors import Invalid
from web.render import N_

CORNER = N_("A corner is a longitude from -180 to 180 and then a latitude from -90 to 90.")
RING = N_("An outline has at least three corners, and ends where it begins.")
WIDE, HIGH = 320.0, 180.0
"""Of the small drawing, in its own units."""
Point = tuple[float, float]


def parsed(text: str | bytes, most: int) -> dict[str, Any] | None:
    """What somebody pasted or sent as a file, as a geometry; None for nothing. Raises `Invalid`."""
    if not text.strip():
        return None
    try:
        words = text.decode("utf-8-sig") if isinstance(text, bytes) else text.lstrip("\ufeff")
        return checked(orjson.loads(words), most)
    except (UnicodeError, orjson.JSONDecodeError):
        raise Invalid({"area": N_("This is no GeoJSON. Paste the whole text, from { to }.")}) from None


def checked(given: Any, most: int) -> dict[str, Any]:
    """The one Polygon or MultiPolygon in it, with at most so many corners; elevations are left out."""
    geometry = _geometry(given)
    polygons = geometry.get("coordinates")
    single = geometry["type"] == "Polygon"
    kept = [_polygon(one) for one in _some([polygons] if single else polygons)]
    corners = sum(len(ring) for rings in kept for ring in rings)
    if corners > most:
        wrong = N_("This outline has too many corners: at most %(most)s. Simplify it, then try again.")
        raise Invalid({"area": wrong}, {"most": most})
    for ring in (ring for rings in kept for ring in rings):
        if (at := crossing(ring)) is not None:
            where: dict[str, object] = {"lon": round(at[0], 5), "lat": round(at[1], 5)}
            raise Invalid({"area": N_("The outline crosses itself, near %(lon)s, %(lat)s.")}, where)
    shown = [[[list(point) for point in ring] for ring in rings] for rings in kept]
    return {"type": geometry["type"], "coordinates": shown[0] if single else shown}


def _geometry(given: Any) -> dict[str, Any]:
    """The geometry, out of a feature or a collection of one."""
    inside = {"Feature": "geometry", "FeatureCollection": "features", "GeometryCollection": "geometries"}
    for _ in range(3):
        kind = given.get("type") if isinstance(given, dict) else None
        if kind in ("Polygon", "MultiPolygon"):
            return dict(given)
        given = given.get(inside.get(kind)) if isinstance(kind, str) else None
        if isinstance(given, list):
            if len(given) > 1:
                raise Invalid({"area": N_("There is more than one area in this. Keep one of them.")})
            given = given[0] if given else None
    raise Invalid({"area": N_("An area is a Polygon or a MultiPolygon. There is none in this.")})


def _some(given: Any) -> list[Any]:
    if not isinstance(given, list) or not given:
        raise Invalid({"area": RING})
    return given


def _polygon(rings: Any) -> list[list[Point]]:
    return [_ring(ring) for ring in _some(rings)]


def _ring(ring: Any) -> list[Point]:
    points = [_point(one) for one in _some(ring)]
    if points[0] != points[-1] or len(set(points)) < 3:
        raise Invalid({"area": RING})
    return points


def _point(given: Any) -> Point:
    numbers = given[:2] if isinstance(given, list) and len(given) >= 2 else []
    if any(isinstance(one, bool) or not isinstance(one, int | float) for one in numbers):
        numbers = []
    if not numbers or not (abs(numbers[0]) <= 180 and abs(numbers[1]) <= 90):
        raise Invalid({"area": CORNER})
    return float(numbers[0]), float(numbers[1])


def crossing(ring: list[Point]) -> Point | None:
    """Near where a closed ring crosses itself; None where it does not. It goes through it from the west."""
    last = len(ring) - 2
    pairs = [(n, ring[n], ring[n + 1]) for n in range(last + 1)]
    open_: list[tuple[Point, Point, int]] = []
    for side in sorted((min(one, two), max(one, two), n) for n, one, two in pairs):
        a, b, n = side
        open_ = [other for other in open_ if other[1][0] >= a[0]]
        for c, d, m in open_:
            apart = min(c[1], d[1]) > max(a[1], b[1]) or max(c[1], d[1]) < min(a[1], b[1])
            neighbours = abs(n - m) in (0, 1, last)
            if not apart and not neighbours and _cross(a, b, c, d):
                return a
        open_.append(side)
    return None


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0


def _turn(a: Point, b: Point, c: Point) -> int:
    """1 when the way from a over b to c turns left, -1 right, 0 straight on."""
    product = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (product > 0) - (product < 0)


def holds(area: dict[str, Any], lat: float, lon: float) -> bool:
    """Whether a place lies in an area: inside an odd number of its rings, holes being rings too."""
    polygons = [area["coordinates"]] if area["type"] == "Polygon" else area["coordinates"]
    odd = False
    for ring in (ring for rings in polygons for ring in rings):
        for (x, y), (x2, y2) in pairwise(ring):
            if (y > lat) != (y2 > lat) and lon < (x2 - x) * (lat - y) / (y2 - y) + x:
                odd = not odd
    return odd


def drawn(area: dict[str, Any]) -> str:
    """The `d` of an SVG path within WIDE times HIGH: north up, and as wide as it is on the ground."""
    single = area["type"] == "Polygon"
    rings = [ring for rings in ([area["coordinates"]] if single else area["coordinates"]) for ring in rings]
    lons, lats = zip(*(point for ring in rings for point in ring), strict=True)
    west, north = min(lons), max(lats)
    narrow = max(math.cos(math.radians((north + min(lats)) / 2)), 0.01)
    width, height = max((max(lons) - west) * narrow, 1e-9), max(north - min(lats), 1e-9)
    scale = min((WIDE - 8) / width, (HIGH - 8) / height)
    left, top = (WIDE - width * scale) / 2, (HIGH - height * scale) / 2

    def placed(ring: list[list[float]]) -> Iterator[str]:
        for lon, lat in ring[:-1]:
            yield f"{left + (lon - west) * narrow * scale:.1f} {top + (north - lat) * scale:.1f}"

    return "".join(f"M{'L'.join(placed(ring))}Z" for ring in rings)
