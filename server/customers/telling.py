"""Who hears of a customer's file: every squad that may see it, each on its own stream."""

from typing import Any

from sqlalchemy import Connection, select

from server import journal
from server.customers.models import customer, customer_squad
from server.squads.models import squad


def squads_of(c: Connection, id: str) -> list[str]:
    """The squads linked to a customer, and those in its territory."""
    linked = select(customer_squad.c.squad).where(customer_squad.c.customer == id)
    there = select(squad.c.id).join(customer, customer.c.territory == squad.c.territory)
    return sorted(c.scalars(linked.union(there.where(customer.c.id == id))))


def tell(c: Connection, by: str, id: str, did: str, **about: Any) -> None:
    """One entry a squad: what was done to the file, by ids, without its words."""
    for key, at in sorted(journal.take_all(c, squads_of(c, id)).items()):
        data = {"id": id, "did": did, **about}
        journal.append(c, key, "file", data, actor=by, subject=id, at=at)
