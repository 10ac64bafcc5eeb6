"""A flat map around one place, for directions and outlines."""

import math
from collections.abc import Iterable

from server.sweeps.planning.problem import Place
from server.visits.place import EARTH

Point = tuple[float, float]
"""Metres east and north."""


class Plane:
    """Metres around a place, near enough for a day's work."""

    def __init__(self, middle: Place) -> None:
        self.middle = middle
        self.north = math.radians(1) * EARTH
        self.east = self.north * max(0.01, math.cos(math.radians(middle.lat)))

    def point(self, place: Place) -> Point:
        """Where a place is; the shorter way round the earth."""
        lon = (place.lon - self.middle.lon + 180) % 360 - 180
        return lon * self.east, (place.lat - self.middle.lat) * self.north

    def place(self, point: Point) -> Place:
        """The way back, to a decimetre."""
        lat = max(-90.0, min(90.0, self.middle.lat + point[1] / self.north))
        lon = (self.middle.lon + point[0] / self.east + 180) % 360 - 180
        return Place(round(lat, 6), round(lon, 6))


def mean(points: Iterable[Point]) -> Point:
    """The middle of some points."""
    xs, ys = zip(*points, strict=True)
    return sum(xs) / len(xs), sum(ys) / len(ys)


def bearing(point: Point, middle: Point = (0.0, 0.0)) -> float:
    """Degrees from north, clockwise, 0 to 360, in which a point lies."""
    return math.degrees(math.atan2(point[0] - middle[0], point[1] - middle[1])) % 360


def outline(points: Iterable[Point], margin: float) -> list[Point]:
    """The convex hull of octagons of `margin` metres around the points, anticlockwise, to the metre."""
    eighths = [
        (math.cos(math.radians(a)) * margin, math.sin(math.radians(a)) * margin) for a in range(0, 360, 45)
    ]
    around = sorted({(float(round(x + dx)), float(round(y + dy))) for x, y in points for dx, dy in eighths})
    return [*_half(around)[:-1], *_half(around[::-1])[:-1]]


def _half(points: list[Point]) -> list[Point]:
    """One side of the hull of sorted points (Andrew's monotone chain)."""
    hull: list[Point] = []
    for x, y in points:
        while len(hull) > 1:
            (ax, ay), (bx, by) = hull[-2:]
            if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0:
                break
            hull.pop()
        hull.append((x, y))
    return hull
