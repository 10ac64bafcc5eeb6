"""What can be asked about one member: their day in a squad, and who looked at it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, select

from server.customers.models import customer
from server.feed import queries as feed
from server.feed.views import Person, Post
from server.schema import now
from server.sight.models import look
from server.sight.rhythm import Rhythm, rhythm
from server.squads.models import membership, squad
from server.visits.models import visit


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at `day` of one's own, `first_at` and perhaps again until `last_at`."""

    id: str
    viewer: Person
    kind: str
    squad: str | None
    squad_name: str | None
    day: date | None
    first_at: datetime
    last_at: datetime

    @property
    def n(self) -> int:
        """Its place in a list that ascends: the last comes first."""
        return -round(self.last_at.timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit of the day: its post, and where it was (WGS-84 degrees), if that is known."""

    post: Post
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class Day:
    """One member's day in a squad, in the order it went; `earlier` and `later` are days with visits."""

    member: Person
    day: date
    today: date
    stops: list[Stop]
    earlier: date | None
    later: date | None
    rhythm: Rhythm


def placed(c: Connection, squad_id: str, member_id: str) -> Person | None:
    """Somebody who is in the squad, or was."""
    there = select(membership.c.id).where(membership.c.squad == squad_id, membership.c.member == member_id)
    if c.scalar(there.limit(1)) is None:
        return None
    return feed.persons(c, {member_id})[member_id]


def day_of(c: Connection, squad_id: str, person: Person, day: date, today: date) -> Day:
    """What one member did there that day. Whoever shows it to another notes the look first."""
    theirs = (visit.c.squad == squad_id) & (visit.c.member == person.id) & visit.c.retracted_at.is_(None)
    home = (customer.c.lat.label("home_lat"), customer.c.lon.label("home_lon"))
    query = select(visit.c.id, visit.c.lat, visit.c.lon, *home).join(
        customer, customer.c.id == visit.c.customer
    )
    order = (visit.c.captured_at, visit.c.id)
    rows = c.execute(query.where(theirs, visit.c.local_date == day).order_by(*order)).all()
    posts = feed.some(c, [row.id for row in rows])
    before = select(func.max(visit.c.local_date)).where(theirs, visit.c.local_date < day)
    after = select(func.min(visit.c.local_date)).where(theirs, visit.c.local_date > day)
    return Day(
        person,
        day,
        today,
        [Stop(posts[row.id], *_spot(row)) for row in rows if row.id in posts],
        c.scalar(before),
        c.scalar(after),
        rhythm(c, squad_id, person.id, today),
    )


def _spot(row: Any) -> tuple[float | None, float | None]:
    """Where it was; where no position was given, where the customer is, as on the squad's map."""
    return (row.lat, row.lon) if row.lat is not None else (row.home_lat, row.home_lon)


_looks = select(look, squad.c.name.label("squad_name")).outerjoin(squad, squad.c.id == look.c.squad)


def at_me(c: Connection, who: str, days: int, limit: int) -> list[Look]:
    """Who looked at one's own work in the last `days`, the last first."""
    query = _looks.where(look.c.subject == who, look.c.last_at >= now() - timedelta(days=days))
    return _filled(c, query.order_by(look.c.last_at.desc(), look.c.id).limit(limit))


def some(c: Connection, ids: Iterable[str]) -> dict[str, Look]:
    """Looks by id."""
    wanted = list(set(ids))
    return {one.id: one for one in _filled(c, _looks.where(look.c.id.in_(wanted)))} if wanted else {}


def _filled(c: Connection, query: Select[Any]) -> list[Look]:
    rows = c.execute(query).all()
    people = feed.persons(c, {row.viewer for row in rows})
    about = ("kind", "squad", "squad_name", "day", "first_at", "last_at")
    return [Look(row.id, people[row.viewer], *(row._mapping[name] for name in about)) for row in rows]
