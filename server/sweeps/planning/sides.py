"""From which sides the lanes come: where those enter who have no start yet, and what each lane is called."""

import math
from collections import Counter
from collections.abc import Sequence

from server.sweeps.planning.plane import Plane, Point, bearing, mean
from server.sweeps.planning.problem import Member, Place, Side

SIDES: tuple[Side, ...] = (
    *("north", "northeast", "east", "southeast"),
    *("south", "southwest", "west", "northwest"),
)
CENTRE = 0.15
"""A lane is the centre's whose stops lie this near to it, as a share of the farthest customer's way."""


class Field:
    """The customers around their middle: the rally point if it lies among them, else where they lie."""

    def __init__(self, plane: Plane, customers: Sequence[Place]) -> None:
        self.plane = plane
        self.places = customers or [plane.middle]
        points = [plane.point(one) for one in self.places]
        self.middle = mean(points)
        self.reach = max(math.dist(one, self.middle) for one in points)
        if math.hypot(*self.middle) <= self.reach / 2:
            self.middle = (0.0, 0.0)
            self.reach = max(math.hypot(*one) for one in points)
        self.points = points

    def starts(self, members: Sequence[Member]) -> list[Place]:
        """Where each member begins: where they are, or at the outermost customer on their side."""
        free = [one for one in members if one.at is None and one.side is None]
        chosen = dict(zip((one.id for one in free), self._between(members, len(free)), strict=True))
        taken: set[int] = set()
        found = []
        for one in members:
            if one.at is not None:
                found.append(one.at)
            elif one.side == "centre":
                found.append(self.plane.place(self.middle))
            else:
                direction = chosen[one.id] if one.side is None else 45.0 * SIDES.index(one.side)
                found.append(self._outermost(direction, taken))
        return found

    def _outermost(self, direction: float, taken: set[int]) -> Place:
        """The customer farthest out that way whom nobody begins with yet."""

        def out(number: int) -> float:
            point = self.points[number]
            off = math.radians(bearing(point, self.middle) - direction)
            return math.dist(point, self.middle) * max(0.0, math.cos(off)) ** 3

        numbers = [one for one in range(len(self.points)) if one not in taken] or range(len(self.points))
        best = max(numbers, key=lambda number: (out(number), -number))
        taken.add(best)
        return self.places[best]

    def _between(self, members: Sequence[Member], count: int) -> list[float]:
        """So many directions between those that are settled, each with about as many customers to it."""
        if not count:
            return []
        before = self._grown()
        settled = sorted({before[round(one) % 360] for one in self._settled(members)})
        first = []
        if not settled:
            far = max(self.points, key=lambda point: (math.dist(point, self.middle), point))
            first = [bearing(far, self.middle)]
            settled = [before[round(first[0]) % 360]]
        gaps = [(a, (b - a) % 1 or 1.0) for a, b in zip(settled, settled[1:] + settled[:1], strict=True)]
        shares = [1] * len(gaps)
        for _ in range(count - len(first)):
            widest = max(range(len(gaps)), key=lambda gap: (gaps[gap][1] / shares[gap], -gap))
            shares[widest] += 1
        for (start, width), parts in zip(gaps, shares, strict=True):
            for part in range(1, parts):
                share = (start + width * part / parts) % 1
                first.append(float(next((one for one in range(359, -1, -1) if before[one] <= share), 0)))
        return sorted(first)

    def _settled(self, members: Sequence[Member]) -> list[float]:
        """The directions from which members come anyway."""
        found = [45.0 * SIDES.index(one.side) for one in members if one.side in SIDES and one.at is None]
        starts = [self.plane.point(one.at) for one in members if one.at is not None]
        near = self.reach * CENTRE
        return found + [bearing(one, self.middle) for one in starts if math.dist(one, self.middle) > near]

    def _grown(self) -> list[float]:
        """By degree, the share of the customers that lie before it; empty land counts a little."""
        counts = Counter(int(bearing(point, self.middle)) % 360 for point in self.points)
        total, before = 0.0, []
        for degree in range(360):
            before.append(total / (1.25 * len(self.points)))
            total += counts[degree] + 0.25 * len(self.points) / 360
        return before

    def names(self, members: Sequence[Member], lanes: Sequence[Sequence[Place]]) -> list[tuple[Side, int]]:
        """A side and a number for each lane, by where its stops lie; a side that was asked for stays."""
        points = [mean(self.plane.point(one) for one in places) for places in lanes]
        found = self._sides(members, points, 4)
        if len(set(found)) < len(found):
            found = self._sides(members, points, 8)
        many, numbers, seen = Counter(found), [0] * len(found), Counter[Side]()
        for lane in sorted(range(len(found)), key=lambda one: (bearing(points[one], self.middle), one)):
            side = found[lane]
            seen[side] += 1
            numbers[lane] = seen[side] if many[side] > 1 else 0
        return list(zip(found, numbers, strict=True))

    def _sides(self, members: Sequence[Member], points: Sequence[Point], parts: int) -> list[Side]:
        """By the nearest of four or eight directions."""
        found: list[Side] = []
        for one, point in zip(members, points, strict=True):
            if one.side is not None:
                found.append(one.side)
            elif math.dist(point, self.middle) <= self.reach * CENTRE:
                found.append("centre")
            else:
                nearest = round(bearing(point, self.middle) * parts / 360) % parts
                found.append(SIDES[nearest * 8 // parts])
        return found
