"""A sweep as the live page shows it: who is how far from the rally, and what is next for each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from server.customers.models import customer
from server.feed.queries import persons
from server.feed.views import Person
from server.squads.queries import name_and_zone
from server.sweeps import queries, standing
from server.sweeps.convergence import Convergence, Course, Standing, Sums
from server.sweeps.models import sweep
from server.visits.place import metres
from server.visits.queries import today

STEPS = (4, 8, 20, 40, 60, 80, 120, 160, 240, 400)
"""Minutes the line to the rally may stand for, in quarters that are whole."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A check-in on the line, `at` percent of it."""

    at: float
    won: bool


@dataclass(frozen=True, slots=True)
class Next:
    """The stop a member comes to next; `metres` from where they were last, None where nobody knows."""

    stop: str
    customer_id: str
    customer: str
    metres: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """A participant. `begun` and `at` in percent of the line, None where nobody knows where they are.

    `pips` has a word for every stop: won, on (visited) or nothing; `share` is the percentage visited.
    """

    who: Person
    place: str
    begun: float | None
    at: float | None
    ticks: list[Tick]
    pips: list[str]
    done: int
    planned: int
    minutes: int | None
    latest: datetime | None
    sign: datetime | None
    arrived_at: datetime | None
    next: Next | None

    @property
    def share(self) -> int:
        """Percent of the stops that are done."""
        return round(100 * self.done / self.planned) if self.planned else 0


@dataclass(frozen=True, slots=True)
class Offered:
    """A stop somebody hands on; `to` one, or None: to whoever takes it first."""

    id: str
    customer: str
    giver: Person
    to: Person | None


@dataclass(frozen=True, slots=True)
class Strip:
    """A sweep and its participants, who is nearest first; `axis` are the minutes at the line's quarters.

    `pact`: there is one to agree to; where there is none, nobody is asked.
    """

    id: str
    squad: str
    name: str
    state: str
    rally: str
    starts_at: datetime
    rally_at: datetime
    ends_at: datetime
    met_at: datetime | None
    axis: list[int]
    rows: list[Row]
    pact: bool
    agreed: set[str]
    offers: list[Offered]
    sums: Sums

    @property
    def done(self) -> int:
        """Stops visited."""
        return sum(row.done for row in self.rows)

    @property
    def planned(self) -> int:
        """Stops planned."""
        return sum(row.planned for row in self.rows)


def strip(c: Connection, squad: str) -> Strip | None:
    """The squad's sweep that runs, or is planned for today."""
    row = shown(c, squad)
    if row is None:
        return None
    visits = standing.visits(c, row)
    made = standing.converged(c, row, visits)
    plan, agreed = queries.plan(c, row.id), set(queries.yes(c, row.id, row.pact_v))
    offers = queries.open_handovers(c, row.id)
    everybody = {one.member for one in made.members} | {
        id for one in offers for id in (one.giver, one.taker) if id
    }
    people, names = persons(c, everybody), _names(c, plan, made)
    lanes = {lane["member"]: lane for lane in plan["lanes"]}
    past, won = _past(made.course, visits), {one.id for one in visits if one.result == "won"}
    scale = _scale([one.minutes for one in made.members], past)
    rows = [
        _row(one, people[one.member], lanes.get(one.member), past.get(one.member, []), scale, names, won)
        for one in made.members
    ]
    held = {stop["id"]: names[stop["customer"]] for stop in _stops(plan)}
    return Strip(
        row.id,
        row.squad,
        row.name,
        row.state,
        row.rally_name,
        row.starts_at,
        row.rally_at,
        row.ends_at,
        row.met_at,
        [scale - scale * n // 4 for n in range(4)],
        rows,
        bool(row.pact.strip()),
        agreed,
        [
            Offered(one.id, held[one.stop].name, people[one.giver], people.get(one.taker or ""))
            for one in offers
        ],
        made.sums,
    )


def shown(c: Connection, squad: str) -> Any:
    """The sweep that runs, or the first planned for today: its row, or None."""
    _, zone = c.execute(name_and_zone(squad)).one()
    planned = (sweep.c.state == "planned") & (sweep.c.local_date == today(zone))
    query = select(sweep).where(sweep.c.squad == squad, or_(sweep.c.state.in_(queries.LIVE), planned))
    # "running" and "paused" come before or after "planned" as letters go, so the start decides.
    rows = c.execute(query.order_by(sweep.c.started_at.is_(None), sweep.c.starts_at, sweep.c.id).limit(1))
    return rows.one_or_none()


def _stops(plan: dict[str, list[Any]]) -> Iterator[dict[str, Any]]:
    for lane in plan["lanes"]:
        yield from lane["stops"]
    yield from plan["loose"]


def _names(c: Connection, plan: dict[str, list[Any]], made: Convergence) -> dict[str, Any]:
    wanted = {stop["customer"] for stop in _stops(plan)} | {one.at for one in made.members if one.at}
    query = select(customer.c.id, customer.c.name, customer.c.lat, customer.c.lon)
    return {row.id: row for row in c.execute(query.where(customer.c.id.in_(wanted)))}


Past = list[tuple[float, bool]]


def _past(course: Course, visits: Sequence[Any]) -> dict[str, Past]:
    """Of each member's check-ins, in their order: minutes to the rally, and whether it was won."""
    found: dict[str, Past] = {}
    for one in visits:
        spot = standing.spot(one.lat, one.lon) or standing.spot(one.home_lat, one.home_lon)
        if spot is not None:
            away = course.minutes(metres(*spot, *course.rally))
            found.setdefault(one.member, []).append((away, one.result == "won"))
    return found


def _scale(now: Sequence[float | None], past: dict[str, Past]) -> int:
    """The least whole line on which everybody was all the time."""
    far = max([away or 0.0 for away in now] + [away for one in past.values() for away, _ in one], default=0.0)
    return next((step for step in STEPS if step >= far), STEPS[-1])


def _row(
    one: Standing,
    who: Person,
    lane: dict[str, Any] | None,
    past: Past,
    scale: int,
    names: dict[str, Any],
    won: set[str],
) -> Row:
    stops = lane["stops"] if lane else []
    at = None if one.minutes is None else _percent(one.minutes, scale)
    ticks = [Tick(_percent(away, scale), won) for away, won in past]
    begun = None if at is None else min([at, *(tick.at for tick in ticks)])
    pips = [_pip(stop, won) for stop in stops if stop["state"] != "skipped"]
    return Row(
        who,
        names[one.at].name if one.at else lane["name"] if lane else "",
        begun,
        at,
        ticks[:-1] if past else [],
        pips,
        one.done,
        one.planned,
        None if one.minutes is None else round(one.minutes),
        one.latest,
        one.sign,
        one.arrived_at,
        _next(one, stops, names),
    )


def _pip(stop: dict[str, Any], won: set[str]) -> str:
    return "won" if stop["visit"] in won else "on" if stop["state"] == "done" else ""


def _percent(minutes: float, scale: int) -> float:
    return round(100 * (1 - min(minutes, scale) / scale), 1)


def _next(one: Standing, stops: list[dict[str, Any]], names: dict[str, Any]) -> Next | None:
    found = next((stop for stop in stops if stop["state"] == "planned"), None)
    if found is None:
        return None
    there = names[found["customer"]]
    spot = standing.spot(there.lat, there.lon)
    away = metres(*one.spot, *spot) if one.spot and spot else None
    return Next(found["id"], there.id, there.name, away)
