"""The made-up town of Linjiang (临江), for the demo and for the pages one sees before signing in.

``python -m web.town`` reads ``town.svg`` and writes ``static/map/town.json`` (GeoJSON, WGS-84)
and ``templates/parts/drawing.html`` (the drawing beside sign-in). Drawing units are pixels of
10 m; ``place`` says where on earth a pixel of the drawing lies.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

HERE = Path(__file__).parent
SVG = "{http://www.w3.org/2000/svg}"
CENTRE = (800.0, 600.0)
CENTRE_LAT, CENTRE_LON = 31.21, 121.41
METRES_PER_PIXEL = 10.0
METRES_PER_DEGREE = 111_195.0
SAMPLES = 6  # points of a curve before it is thinned
TOLERANCE = 0.7  # pixels that thinning may move a line
AREAS = {"park", "block", "water"}
EDGE = (80, 60, 1520, 1130)  # a way that ends outside this box goes on, as far as a map may show
FURTHER = 2500.0  # pixels
WAYS = {"major", "river", "rail"}
WINDOW = (300, 20, 1000, 1160)  # what the drawing shows: x, y, width, height

Point = tuple[float, float]


def place(x: float, y: float) -> tuple[float, float]:
    """(latitude, longitude) in degrees, WGS-84, of the drawing's pixel (x, y)."""
    degrees = METRES_PER_PIXEL / METRES_PER_DEGREE
    lat = CENTRE_LAT - (y - CENTRE[1]) * degrees
    lon = CENTRE_LON + (x - CENTRE[0]) * degrees / math.cos(math.radians(CENTRE_LAT))
    return round(lat, 5), round(lon, 5)


def commands(path: str) -> Iterator[tuple[str, list[Point]]]:
    """The commands M, L, C and Z of a path, each with its absolute points."""
    for letter, numbers in re.findall(r"([MLCZ])([^MLCZ]*)", path):
        values = [float(value) for value in re.findall(r"-?\d+(?:\.\d+)?", numbers)]
        yield letter, list(zip(values[::2], values[1::2], strict=True))


def curve(start: Point, first: Point, second: Point, end: Point) -> Iterator[Point]:
    """Points of a cubic curve, without its start."""
    for step in range(1, SAMPLES + 1):
        t = step / SAMPLES
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        x, y = (
            sum(
                weight * point[axis]
                for weight, point in zip(weights, (start, first, second, end), strict=True)
            )
            for axis in (0, 1)
        )
        yield x, y


def lines(path: str) -> list[list[Point]]:
    """The sub-paths as lists of points; a closed one ends where it began."""
    found: list[list[Point]] = []
    for letter, points in commands(path):
        if letter == "M":
            found.append(points)
        elif letter == "L":
            found[-1] += points
        elif letter == "C":
            for i in range(0, len(points), 3):
                found[-1] += curve(found[-1][-1], *points[i : i + 3])
        else:
            found[-1].append(found[-1][0])
    return [thin(points) for points in found]


def thin(points: list[Point]) -> list[Point]:
    """The line with fewer points, none further than the tolerance from where it was."""
    if len(points) < 3:
        return points
    if points[0] == points[-1]:
        middle = len(points) // 2
        return thin(points[: middle + 1])[:-1] + thin(points[middle:])
    (ax, ay), (bx, by) = points[0], points[-1]
    length = math.hypot(bx - ax, by - ay)
    away = [abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length for x, y in points]
    worst = max(range(len(points)), key=away.__getitem__)
    if away[worst] <= TOLERANCE:
        return [points[0], points[-1]]
    return thin(points[: worst + 1])[:-1] + thin(points[worst:])


def onward(points: list[Point]) -> list[Point]:
    """The way with its ends led on straight where they lie at the drawing's edge."""
    left, top, right, bottom = EDGE
    longer = list(points)
    for end, before, at in ((points[0], points[1], 0), (points[-1], points[-2], len(points) + 1)):
        if (left < end[0] < right and top < end[1] < bottom) or points[0] == points[-1]:
            continue
        step = FURTHER / (math.dist(end, before) or 1)
        longer.insert(at, (end[0] + (end[0] - before[0]) * step, end[1] + (end[1] - before[1]) * step))
    return longer


def feature(kind: str, shape: str, coordinates: Any, **properties: Any) -> dict[str, Any]:
    """One GeoJSON feature of a kind."""
    geometry = {"type": shape, "coordinates": coordinates}
    return {"type": "Feature", "properties": {"k": kind, **properties}, "geometry": geometry}


def lonlat(points: Iterable[Point]) -> list[list[float]]:
    """GeoJSON's order: longitude, latitude."""
    return [[lon, lat] for lat, lon in (place(*point) for point in points)]


def town(drawing: ElementTree.Element) -> dict[str, Any]:
    """The drawing as a GeoJSON feature collection: one feature for each kind and each name."""
    features = []
    for path in drawing.iter(f"{SVG}path"):
        kind, ways = path.attrib["class"], lines(path.attrib["d"])
        drawn = [lonlat(onward(points) if kind in WAYS else points) for points in ways]
        if kind in AREAS:
            features.append(feature(kind, "MultiPolygon", [[ring] for ring in drawn]))
        else:
            features.append(feature(kind, "MultiLineString", drawn))
    texts = list(drawing.iter(f"{SVG}text"))
    for english, chinese in zip(texts[::2], texts[1::2], strict=True):
        x, y = float(english.attrib["x"]), float(english.attrib["y"])
        words = {"name_en": english.text, "name_zh": chinese.text, "turn": float(english.attrib["rotate"])}
        features.append(feature("name", "Point", lonlat([(x, y)])[0], of=english.attrib["class"], **words))
    return {"type": "FeatureCollection", "features": features}


def seen(points: list[Point]) -> bool:
    """Whether a box around the points meets the drawing's window."""
    x, y, width, height = WINDOW
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return max(xs) >= x and min(xs) <= x + width and max(ys) >= y and min(ys) <= y + height


def compact(path: str) -> str:
    """The sub-paths inside the window, written with relative whole numbers."""
    written = []
    for part in re.findall(r"M[^M]*", path):
        steps = list(commands(part))
        if not seen([point for _, points in steps for point in points]):
            continue
        text, (x, y) = "", (0, 0)
        for letter, points in steps:
            whole = [(round(px), round(py)) for px, py in points]
            text += letter if letter in "MZ" else letter.lower()
            size = 3 if letter == "C" else 1
            for i in range(0, len(whole), size):
                origin = (0, 0) if letter == "M" else (x, y)
                for px, py in whole[i : i + size]:
                    text += f" {px - origin[0]} {py - origin[1]}"
                x, y = whole[i : i + size][-1]
        written.append(re.sub(r" -", "-", re.sub(r"([A-Za-z]) ", r"\1", text)))
    return "".join(written)


def member(colour: int, x: int, y: int) -> str:
    """A member's line to the rally point and their disc, without a name."""
    line = f"M{x} {y}L800 600"
    return (
        f'<g class="m{colour}"><path class="trail-case" d="{line}"/><path class="trail" d="{line}"/>'
        f'<path class="d-tip" d="M{x - 10} {y - 12}h20l-10 12z"/>'
        f'<circle class="d-disc" cx="{x}" cy="{y - 38}" r="27"/></g>'
    )


def picture(drawing: ElementTree.Element) -> str:
    """The drawing beside sign-in: inline SVG, coloured by the classes of map.css alone."""
    paths = {path.attrib["class"]: compact(path.attrib["d"]) for path in drawing.iter(f"{SVG}path")}
    x, y, width, height = WINDOW
    drawn = [
        f'<svg class="drawing" viewBox="{x} {y} {width} {height}"',
        ' preserveAspectRatio="xMidYMid slice" aria-hidden="true">',
        "<defs>"
        + "".join(f'<path id="d-{k}" d="{paths[k]}"/>' for k in ("river", "rail", "major"))
        + "</defs>",
        f'<path class="m-land" d="M{x} {y}h{width}v{height}h-{width}z"/>',
        *(f'<path class="m-{k}" d="{paths[p]}"/>' for k, p in (("park", "park"), ("contour", "relief"))),
        *(f'<path class="m-{k}" d="{paths[p]}"/>' for k, p in (("block", "block"), ("minor", "road"))),
        f'<path class="m-stream" d="{paths["stream"]}"/><path class="m-water" d="{paths["water"]}"/>',
        '<use href="#d-river" class="m-bank"/><use href="#d-river" class="m-river"/>',
        '<use href="#d-rail" class="m-rail"/><use href="#d-rail" class="m-rail-tie"/>',
        '<use href="#d-major" class="m-case"/><use href="#d-major" class="m-major"/>',
        *(member(*one) for one in ((1, 1080, 470), (6, 560, 520), (3, 860, 395))),
        '<path class="d-post" d="M800 600v-20"/>',
        '<rect class="d-flag" x="774" y="530" width="52" height="52" rx="13.5"/>',
        '<path class="d-line" d="M789 570v-25q5-4 11 0t11 0v15q-5 4-11 0t-11 0"/></svg>',
    ]
    return "\n".join(drawn) + "\n"


def main() -> None:
    """Write the map and the drawing from the one source."""
    drawing = ElementTree.parse(HERE / "town.svg").getroot()  # noqa: S314 - our own file
    text = json.dumps(town(drawing), ensure_ascii=False, separators=(",", ":"))
    (HERE / "static" / "map" / "town.json").write_text(text, encoding="utf-8")
    (HERE / "templates" / "parts" / "drawing.html").write_text(picture(drawing), encoding="utf-8")


if __name__ == "__main__":
    main()
