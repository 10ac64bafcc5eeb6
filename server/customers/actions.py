"""What can be done with customers."""

from sqlalchemy import Connection, insert, select

from server import journal
from server.access import Who
from server.customers.models import customer, customer_squad
from server.schema import new_id, now
from server.text import name as checked_name
from server.visits.place import Position


def add(c: Connection, who: Who, name: str, position: Position | None, id: str | None = None) -> str:
    """A new customer of the caller's squad; the same id of one's own again is the same customer."""
    assert who.squad
    name = checked_name("customer", name, 120)
    if id is not None:
        known = c.execute(select(customer.c.created_by).where(customer.c.id == id)).one_or_none()
        if known is not None and known.created_by == who.id:
            return id
        id = None if known is not None else id
    id = id or new_id()
    spot = position.model_dump(include={"lat", "lon"}) if position else {"lat": None, "lon": None}
    c.execute(
        insert(customer),
        {
            "id": id,
            "name": name,
            **spot,
            "position_source": position.source if position else None,
            "position_by": who.id if position else None,
            "created_by": who.id,
            "created_at": now(),
            "merged_into": None,
        },
    )
    c.execute(insert(customer_squad), {"squad": who.squad, "customer": id})
    data = {"id": id, "name": name, "position": spot if position else None}
    journal.append(c, who.squad, "customer", data, actor=who.id, subject=id)
    return id
