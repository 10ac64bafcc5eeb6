"""How a sweep closes in on its rally point: a pure function of what everybody in the squad can see.

Nothing here knows the time it is. What depends on it is said as a moment (`sign`, `latest`), which the
reader's clock compares; so a page made from frames equals one made anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from server.visits.place import metres


class Spot(NamedTuple):
    """A place, WGS-84 degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Course:
    """What of a sweep it depends on: where and when it meets, and how fast it gets along."""

    rally: Spot
    rally_at: datetime
    speed_kmh: float
    detour: float
    visit_minutes: int

    def minutes(self, way: float) -> float:
        """How long a straight line of so many metres takes."""
        return way * self.detour / 1000 / self.speed_kmh * 60


@dataclass(frozen=True, slots=True)
class Planned:
    """A stop of a lane, in order; `spot` None where nobody knows the customer's place."""

    id: str
    customer: str
    state: str
    spot: Spot | None


@dataclass(frozen=True, slots=True)
class Mover:
    """A participant: their lane's stops, where they were last, and when they were last heard of."""

    member: str
    lane: str | None
    stops: Sequence[Planned]
    start: Spot | None
    last: Spot | None
    at: str | None = None
    sign: datetime | None = None
    arrived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A visit of the sweep's time, for the squad's sums."""

    won: bool
    amount: Decimal | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How far somebody has come.

    `done` of `planned` stops (skipped ones are not planned), `left` to go; `metres` in a straight line and
    `minutes` of travel to the rally, None where nobody knows where they are; `needs` minutes through what is
    left to the rally; `latest`: who goes on by then is there in time; `at`: the customer they were at last.
    """

    member: str
    lane: str | None
    done: int
    planned: int
    skipped: int
    spot: Spot | None
    at: str | None
    metres: float | None
    minutes: float | None
    needs: float | None
    latest: datetime | None
    sign: datetime | None
    arrived_at: datetime | None

    @property
    def left(self) -> int:
        """Stops still to visit."""
        return self.planned - self.done


@dataclass(frozen=True, slots=True)
class Sums:
    """The squad's day: visits, wins, and what they are worth by currency."""

    visits: int = 0
    wins: int = 0
    value: dict[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Convergence:
    """All participants, who is nearest to the rally first, and the squad's sums."""

    course: Course
    members: list[Standing]
    sums: Sums

    def late(self, now: datetime) -> list[str]:
        """Who will not make it as things stand."""
        return [one.member for one in self.members if one.latest is not None and one.latest < now]

    def on_time(self, now: datetime) -> bool:
        """Whether all will make it."""
        return not self.late(now)


def converge(course: Course, movers: Iterable[Mover], visits: Iterable[Done]) -> Convergence:
    """Where everybody stands."""
    members = sorted((_standing(course, one) for one in movers), key=_first)
    return Convergence(course, members, summed(visits))


def summed(visits: Iterable[Done]) -> Sums:
    """What visits come to."""
    count, wins, value = 0, 0, dict[str, Decimal]()
    for one in visits:
        count += 1
        wins += one.won
        if one.won and one.amount is not None and one.currency:
            value[one.currency] = value.get(one.currency, Decimal(0)) + one.amount
    return Sums(count, wins, dict(sorted(value.items())))


def _standing(course: Course, mover: Mover) -> Standing:
    spot = course.rally if mover.arrived_at else mover.last or mover.start
    left = [one for one in mover.stops if one.state == "planned"]
    away = metres(*spot, *course.rally) if spot else None
    needs = None if mover.arrived_at else _needs(course, spot, left)
    return Standing(
        member=mover.member,
        lane=mover.lane,
        done=sum(one.state == "done" for one in mover.stops),
        planned=sum(one.state != "skipped" for one in mover.stops),
        skipped=sum(one.state == "skipped" for one in mover.stops),
        spot=spot,
        at=mover.at,
        metres=None if away is None else round(away, 1),
        minutes=None if away is None else round(course.minutes(away), 1),
        needs=None if needs is None else round(needs, 1),
        latest=None if needs is None else course.rally_at - timedelta(minutes=needs),
        sign=mover.sign,
        arrived_at=mover.arrived_at,
    )


def _needs(course: Course, spot: Spot | None, left: Sequence[Planned]) -> float | None:
    """Minutes from here through what is left to the rally; a place nobody knows is no detour."""
    way = [one for one in (spot, *(stop.spot for stop in left), course.rally) if one is not None]
    if len(way) < 2 and not left:
        return None
    travel = sum(metres(*a, *b) for a, b in pairwise(way))
    return len(left) * course.visit_minutes + course.minutes(travel)


def _first(one: Standing) -> tuple[bool, float, bool, float, str]:
    there = one.arrived_at.timestamp() if one.arrived_at else 0.0
    return (one.arrived_at is None, there, one.minutes is None, one.minutes or 0.0, one.member)
