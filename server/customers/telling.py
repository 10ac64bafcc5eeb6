"""Who hears of a customer's file: every squad that may see it, each on its own stream."""

from typing import Any

from sqlalchemy import Connection, func, select

from server import journal
from server.customers.models import customer, customer_squad
from server.squads.models import squad


def squads_of(c: Connection, id: str) -> list[str]:
    """The squads linked to a customer or to one merged into it, and those in their territories."""
    those = family(id)
    linked = select(customer_squad.c.squad).where(customer_squad.c.customer.in_(those))
    there = select(squad.c.id).join(customer, customer.c.territory == squad.c.territory)
    return sorted(c.scalars(linked.union(there.where(customer.c.id.in_(those)))))


def family(id: Any) -> Any:
    """Of a customer and of those merged into it: the ids."""
    return select(customer.c.id).where((customer.c.id == id) | (customer.c.merged_into == id))


def tell(c: Connection, by: str, id: str, did: str, **about: Any) -> None:
    """One entry a squad: what was done to the file, or to that of its part, by ids, without its words."""
    id = (
        c.scalar(select(func.coalesce(customer.c.merged_into, customer.c.id)).where(customer.c.id == id))
        or id
    )
    for key, at in sorted(journal.take_all(c, squads_of(c, id)).items()):
        data = {"id": id, "did": did, **about}
        journal.append(c, key, "file", data, actor=by, subject=id, at=at)
