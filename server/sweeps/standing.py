"""Where the members of a sweep stand, read from the tables: check-ins, posts, stops, arrivals."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Select, case, func, select

from server.customers.models import customer
from server.feed.models import post
from server.journal import stamp
from server.sweeps import queries
from server.sweeps.convergence import (
    Convergence,
    Course,
    Done,
    Mover,
    Planned,
    Spot,
    Standing,
    Sums,
    converge,
    summed,
)
from server.sweeps.models import arrival, lane, stop, sweep
from server.visits.models import visit

DAY = timedelta(days=1)


def load(c: Connection, id: str) -> Convergence:
    """A sweep's convergence as it is now."""
    row = c.execute(select(sweep).where(sweep.c.id == id)).one()
    return converged(c, row, visits(c, row))


def converged(c: Connection, row: Any, made: Sequence[Any]) -> Convergence:
    """The convergence of a sweep's row, from the visits of its time."""
    course = Course(
        Spot(row.rally_lat, row.rally_lon), row.rally_at, row.speed_kmh, row.detour, row.visit_minutes
    )
    return converge(course, _movers(c, row, made), map(_done, made))


def sums(c: Connection, id: str) -> dict[str, Any]:
    """The squad's sums of a sweep: every visit of its time, whoever made it."""
    row = c.execute(select(sweep).where(sweep.c.id == id)).one()
    return sums_data(summed(map(_done, visits(c, row))))


def moment(table: Any) -> Any:
    """When something happened, by the phone's time; one in the future says no more than ours."""
    return case((table.c.captured_at > table.c.recorded_at, table.c.recorded_at), else_=table.c.captured_at)


def within(query: Select[Any], table: Any, row: Any) -> Select[Any]:
    """Only what happened while a sweep ran."""
    at = moment(table)
    return query.where(at >= row.started_at, at <= (row.ended_at or row.ends_at))


def visits(c: Connection, row: Any) -> list[Any]:
    """Every visit of the sweep's time, in order, with its customer's place (`home_lat`, `home_lon`)."""
    if row.started_at is None:
        return []
    home = (customer.c.lat.label("home_lat"), customer.c.lon.label("home_lon"))
    # Roughly the days, for the index; whichever zone they are in.
    first, last = row.started_at.date() - DAY, (row.ended_at or row.ends_at).date() + DAY
    query = (
        select(visit, *home)
        .join(customer, customer.c.id == visit.c.customer)
        .where(visit.c.squad == row.squad, visit.c.local_date.between(first, last))
        .where(visit.c.retracted_at.is_(None))
        .order_by(moment(visit), visit.c.id)
    )
    return list(c.execute(within(query, visit, row)))


def _done(row: Any) -> Done:
    return Done(row.result == "won", Decimal(row.amount) if row.amount else None, row.currency)


def _movers(c: Connection, row: Any, made: Sequence[Any]) -> list[Mover]:
    lanes = {one.member: one for one in c.execute(select(lane).where(lane.c.sweep == row.id))}
    stops = _stops(c, row.id)
    there = {one.member: one.at for one in c.execute(select(arrival).where(arrival.c.sweep == row.id))}
    signs, last, at = _signs(c, row), dict[str, Spot](), dict[str, str]()
    for one in made:
        at[one.member] = one.customer
        if (seen := spot(one.lat, one.lon) or spot(one.home_lat, one.home_lon)) is not None:
            last[one.member] = seen
        for heard in (one.captured_at, one.closed_at):
            signs[one.member] = _later(signs.get(one.member), heard)
    found = []
    for member in queries.participants(c, row.id):
        own = lanes.get(member)
        sign = _later(signs.get(member), there.get(member))
        start = spot(own.start_lat, own.start_lon) if own else None
        mine, place = stops.get(own.id, []) if own else [], last.get(member)
        found.append(
            Mover(
                member, own.id if own else None, mine, start, place, at.get(member), sign, there.get(member)
            )
        )
    return found


def _stops(c: Connection, id: str) -> dict[str | None, list[Planned]]:
    query = (
        select(stop.c.id, stop.c.lane, stop.c.customer, stop.c.state, customer.c.lat, customer.c.lon)
        .join(customer, customer.c.id == stop.c.customer)
        .where(stop.c.sweep == id)
        .order_by(stop.c.place, stop.c.id)
    )
    stops: dict[str | None, list[Planned]] = {}
    for one in c.execute(query):
        made = Planned(one.id, one.customer, one.state, spot(one.lat, one.lon))
        stops.setdefault(one.lane, []).append(made)
    return stops


def _signs(c: Connection, row: Any) -> dict[str, datetime | None]:
    """When everybody last said something, by the phone's time."""
    if row.started_at is None:
        return {}
    query = (
        select(post.c.author, func.max(post.c.captured_at).label("at"))
        .where(post.c.squad == row.squad, post.c.deleted_at.is_(None))
        .where(post.c.feed_offset > row.started_offset)
        .group_by(post.c.author)
    )
    return {one.author: one.at for one in c.execute(within(query, post, row))}


def spot(lat: float | None, lon: float | None) -> Spot | None:
    """A place, where both are known."""
    return Spot(lat, lon) if lat is not None and lon is not None else None


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((moment for moment in (one, other) if moment is not None), default=None)


def sums_data(made: Sums) -> dict[str, Any]:
    """The squad's sums as entries and the API show them; amounts are decimal strings."""
    value = {currency: format(amount, "f") for currency, amount in made.value.items()}
    return {"visits": made.visits, "wins": made.wins, "value": value}


def as_data(made: Convergence, now: datetime) -> dict[str, Any]:
    """A convergence as the API shows it."""
    moment = {"rally_at": stamp(made.course.rally_at), "seconds": _seconds(made, now)}
    return {
        "members": [one_data(one) for one in made.members],
        "squad": {**sums_data(made.sums), **moment, "late": made.late(now)},
    }


def one_data(one: Standing) -> dict[str, Any]:
    """How far somebody has come, as the API shows it."""
    return {
        "member": one.member,
        "lane": one.lane,
        "done": one.done,
        "planned": one.planned,
        "skipped": one.skipped,
        "position": one.spot._asdict() if one.spot else None,
        "at": one.at,
        "metres": one.metres,
        "minutes": one.minutes,
        "needs": one.needs,
        "latest": stamp(one.latest) if one.latest else None,
        "sign": stamp(one.sign) if one.sign else None,
        "arrived_at": stamp(one.arrived_at) if one.arrived_at else None,
    }


def _seconds(made: Convergence, now: datetime) -> int:
    """Until the rally; less than none when its time has passed."""
    return round((made.course.rally_at - now).total_seconds())
