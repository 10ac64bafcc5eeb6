"""What can be asked about customers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from server.customers.models import customer, customer_squad
from server.visits.models import visit
from server.visits.place import metres


@dataclass(frozen=True, slots=True)
class Near:
    """A customer as the check-in sheet lists it; `distance` in metres from the asker, if both are known."""

    id: str
    name: str
    lat: float | None
    lon: float | None
    distance: float | None
    last_visit: datetime | None


def nearest(
    c: Connection, squad: str, lat: float | None, lon: float | None, words: str = "", limit: int = 20
) -> list[Near]:
    """The squad's customers whose name has these words, nearest first, then by name."""
    last = (
        select(visit.c.customer, func.max(visit.c.captured_at).label("at"))
        .where(visit.c.squad == squad, visit.c.retracted_at.is_(None))
        .group_by(visit.c.customer)
        .subquery()
    )
    query = (
        select(customer.c.id, customer.c.name, customer.c.lat, customer.c.lon, last.c.at)
        .join(
            customer_squad,
            and_(customer_squad.c.customer == customer.c.id, customer_squad.c.squad == squad),
        )
        .outerjoin(last, last.c.customer == customer.c.id)
        .where(customer.c.merged_into.is_(None))
    )
    wanted = words.casefold().split()
    found = []
    for row in c.execute(query):
        if any(word not in row.name.casefold() for word in wanted):
            continue
        known = lat is not None and lon is not None and row.lat is not None
        away = metres(lat, lon, row.lat, row.lon) if known else None  # type: ignore[arg-type]
        found.append(Near(row.id, row.name, row.lat, row.lon, away, row.at))
    found.sort(key=lambda near: (near.distance is None, near.distance or 0.0, near.name))
    return found[:limit]
