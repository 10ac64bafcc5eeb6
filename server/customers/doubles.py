"""Before a customer is in the files twice: who makes one is asked first, or told after."""

from sqlalchemy import Connection, select

from server import journal
from server.access import Who
from server.customers import actions, alike
from server.customers.actions import Changes
from server.customers.alike import Like
from server.customers.models import customer
from server.errors import Invalid
from server.notices.models import notice
from server.visits.place import Position
from web.render import N_

ASKED = N_("Perhaps it is in the files already. Say whether it is one of these.")


def like(
    c: Connection, who: Who, name: str, place: Position | None, phone: str = "", but: str | None = None
) -> list[Like]:
    """Those of the squad's that a new one of this name there may be; none while there is no name."""
    assert who.squad
    lat, lon = (place.lat, place.lon) if place else (None, None)
    return alike.find(c, [who.squad], [name], phone, lat, lon, but) if name.strip() else []


def make(c: Connection, who: Who, form: Changes, id: str | None, sure: bool) -> str:
    """A new customer with what stands at its head; raises `Invalid` where it may be there and nobody is sure.

    The same id of one's own again is the same customer.
    """
    mine = (customer.c.id == id) & (customer.c.created_by == who.id)
    if id is not None and c.scalar(select(customer.c.id).where(mine)) is not None:
        return id
    name = form.name or ""
    if not sure and like(c, who, name, form.position, form.phone or ""):
        raise Invalid({"same": ASKED})
    made = actions.add(c, who, name, form.position, id)
    actions.change(c, who.id, made, form.model_copy(update={"position": None, "name": None}))
    return made


def tell(c: Connection, who: Who, id: str, name: str, place: Position | None) -> None:
    """Whoever made this one without having been asked hears, alone, that it may be there twice."""
    assert who.squad
    if like(c, who, name, place, but=id):
        data = {"id": id, "did": "doubled", "squad": who.squad}
        journal.append(c, f"me:{who.id}", "file", data, actor=who.id, subject=id)


def open_for(c: Connection, who: Who, id: str) -> list[Like]:
    """Those that a customer may be, as long as its maker has been told and has not said."""
    told = (notice.c.member == who.id) & (notice.c.key == f"double:{id}")
    query = select(customer).where(customer.c.id == id, customer.c.merged_into.is_(None))
    row = c.execute(query.where(select(notice.c.id).where(told).exists())).one_or_none()
    if row is None or not who.squad:
        return []
    return alike.find(c, [who.squad], [row.name], row.phone, row.lat, row.lon, id)
