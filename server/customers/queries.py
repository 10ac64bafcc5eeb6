"""What can be asked about customers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select

from server.calls.models import call
from server.customers.models import customer, customer_squad
from server.squads.models import squad
from server.text import sought
from server.visits.models import visit
from server.visits.place import metres

part = customer.alias("listed")
AROUND = 0.02
"""Degrees: some two kilometres."""


@dataclass(frozen=True, slots=True)
class Near:
    """A customer as the check-in sheet lists it; `distance` in metres from the asker, if both are known."""

    id: str
    name: str
    lat: float | None
    lon: float | None
    distance: float | None
    last_visit: datetime | None


def on_list(squad: Any) -> Any:
    """A customer is on a squad's list: it, or one that it is one with, is linked to it."""
    # A question in a question: of a join SQLite asks the squad's thousands of customers for each customer.
    ours = select(customer_squad.c.customer).where(customer_squad.c.squad == squad)
    joined = ours.where(customer_squad.c.customer == part.c.id).exists()
    parts = select(part.c.id).where(part.c.merged_into == customer.c.id, joined)
    return or_(ours.where(customer_squad.c.customer == customer.c.id).exists(), parts.exists())


def may_see(desk: bool, squads: Collection[str]) -> Any:
    """A customer may be seen by somebody in these squads, or by the desk: as `server.access` says."""
    listed = select(customer_squad.c.customer).where(customer_squad.c.squad.in_(squads))
    lands = select(squad.c.territory).where(squad.c.id.in_(squads), squad.c.territory.is_not(None))
    near = or_(part.c.id.in_(listed), part.c.territory.in_(lands))
    parts = select(part.c.id).where(part.c.merged_into == customer.c.id, near)
    ways = [customer.c.id.in_(listed), customer.c.territory.in_(lands), parts.exists()]
    called = select(call.c.id).where(call.c.customer == customer.c.id).exists()
    return or_(*ways, called) if desk else or_(*ways)


def nearest(
    c: Connection, squad: str, lat: float | None, lon: float | None, words: str = "", limit: int = 20
) -> list[Near]:
    """The squad's customers whose name has these words, nearest first, then by name. Of those that are one
    it is the one whose file is kept, with the last visit to any of them.
    """
    words = sought(words)
    if lat is not None and lon is not None and not words.strip():
        # Of tens of thousands most are far off: those around are asked first.
        around = [
            customer.c.lat.between(lat - AROUND, lat + AROUND),
            customer.c.lon.between(lon - AROUND, lon + AROUND),
        ]
        sure, found = metres(lat, lon, lat, lon + AROUND), _found(c, squad, lat, lon, around)
        if len(found) >= limit and (found[limit - 1].distance or 0.0) <= sure:
            return _seen(c, squad, found[:limit])
    named = [customer.c.name.icontains(word, autoescape=True) for word in words.split()[:6]]
    return _seen(c, squad, _found(c, squad, lat, lon, named)[:limit])


def _found(
    c: Connection, squad: str, lat: float | None, lon: float | None, which: Sequence[Any]
) -> list[Near]:
    query = select(customer.c.id, customer.c.name, customer.c.lat, customer.c.lon)
    found = []
    for row in c.execute(query.where(on_list(squad), customer.c.merged_into.is_(None), *which)):
        known = lat is not None and lon is not None and row.lat is not None
        away = metres(lat, lon, row.lat, row.lon) if known else None  # type: ignore[arg-type]
        found.append(Near(row.id, row.name, row.lat, row.lon, away, None))
    return sorted(found, key=lambda near: (near.distance is None, near.distance or 0.0, near.name))


def _seen(c: Connection, squad: str, some: list[Near]) -> list[Near]:
    """With when the squad was last at each, or at one that it is one with."""
    ids, whole = [one.id for one in some], func.coalesce(customer.c.merged_into, customer.c.id)
    query = select(whole, func.max(visit.c.captured_at)).join(customer, customer.c.id == visit.c.customer)
    there = customer.c.id.in_(ids) | customer.c.merged_into.in_(ids)
    ours = (visit.c.squad == squad) & visit.c.retracted_at.is_(None)
    last = dict(tuple(row) for row in c.execute(query.where(there, ours).group_by(whole)))
    return [replace(one, last_visit=last.get(one.id)) for one in some]
