"""What is next for one member of a sweep: to agree to the pact, a stop, the rally point, or nothing more."""

from dataclasses import dataclass, replace
from math import inf
from typing import Any

from sqlalchemy import Connection, select

from server.customers.models import customer
from server.sweeps import queries, standing
from server.sweeps.convergence import Spot, Standing
from server.sweeps.handoff import ways
from server.sweeps.models import stop, sweep
from server.visits.place import metres


@dataclass(frozen=True, slots=True)
class Ahead:
    """Where to go next; `stop` is None on the way to the rally point, which may be a customer too.

    `metres` in a straight line from where they were last and `minutes` of travel, None where nobody knows one
    of the places; `left` stops after this one.
    """

    stop: str | None
    customer: str | None
    name: str
    spot: Spot | None
    metres: float | None
    minutes: float | None
    left: int


@dataclass(frozen=True, slots=True)
class Mine:
    """A sweep as a participant meets it. `agreed`: to the pact as it reads; `next` None: arrived, or over."""

    sweep: str
    state: str
    mode: str
    pact: str
    pact_v: int
    agreed: bool
    standing: Standing
    next: Ahead | None


def mine(c: Connection, id: str, member: str) -> Mine | None:
    """What is next for a member; None: they take no part."""
    row = c.execute(select(sweep).where(sweep.c.id == id)).one()
    made = standing.load(c, id)
    own = next((one for one in made.members if one.member == member), None)
    if own is None:
        return None
    agreed = not row.pact.strip() or member in queries.yes(c, id, row.pact_v)
    there = row.state == "ended" or own.arrived_at is not None
    ahead = None if there else _stop(c, id, own) or _rally(row)
    if ahead is not None and (away := _away(own, ahead.spot)) is not None:
        ahead = replace(ahead, metres=round(away, 1), minutes=round(made.course.minutes(away), 1))
    return Mine(id, row.state, row.mode, row.pact, row.pact_v, agreed, own, ahead)


def _stop(c: Connection, id: str, own: Standing) -> Ahead | None:
    """The first stop of their lane that waits; without a lane the nearest of those in nobody's."""
    query = (
        select(stop.c.id, stop.c.customer, customer.c.name, customer.c.lat, customer.c.lon)
        .join(customer, customer.c.id == stop.c.customer)
        .where(stop.c.sweep == id, stop.c.state == "planned")
        .where(stop.c.lane == own.lane if own.lane else stop.c.lane.is_(None))
        .order_by(stop.c.place, stop.c.id)
    )
    rows = c.execute(query).all()
    found = [
        Ahead(one.id, one.customer, one.name, standing.spot(one.lat, one.lon), None, None, len(rows) - 1)
        for one in rows
    ]
    if own.lane is None:
        found.sort(key=lambda one: inf if (away := _away(own, one.spot)) is None else away)
    return found[0] if found else None


def _rally(row: Any) -> Ahead:
    return Ahead(None, row.rally_customer, row.rally_name, Spot(row.rally_lat, row.rally_lon), None, None, 0)


def _away(own: Standing, spot: Spot | None) -> float | None:
    return None if own.spot is None or spot is None else metres(*own.spot, *spot)


def as_data(made: Mine | None, id: str, lang: str) -> dict[str, Any]:
    """What is next as the API shows it, with the way there; for who takes no part there is nothing."""
    if made is None:
        return {"sweep": id, "agreed": None, "standing": None, "next": None}
    one = made.next
    ahead = one and {
        "stop": one.stop,
        "customer": one.customer,
        "name": one.name,
        "position": one.spot._asdict() if one.spot else None,
        "metres": one.metres,
        "minutes": one.minutes,
        "left": one.left,
        "ways": [way._asdict() for way in ways(one.spot, one.name, made.mode, lang)] if one.spot else [],
    }
    shown = standing.one_data(made.standing)
    return {"sweep": id, "agreed": made.agreed, "standing": shown, "next": ahead}
