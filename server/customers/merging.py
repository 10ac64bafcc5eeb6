"""Two that are one: the file of the one shows all that is known of both. Nothing is moved, nothing is lost:
each visit, fact and contact stays where it was and with whoever gave it, and one word takes them apart again.
"""

from collections.abc import Collection

from sqlalchemy import Connection, select, update

from server.customers.models import customer
from server.customers.telling import squads_of, tell
from server.errors import Conflict, NotFound
from server.schema import now
from web.render import N_


def head(c: Connection, id: str) -> str | None:
    """The customer in whose file this one is shown, if it is not its own."""
    return c.scalar(select(customer.c.merged_into).where(customer.c.id == id))


def merge(c: Connection, by: str, mine: Collection[str], id: str, other: str) -> None:
    """From now on `other` is shown in the file of `id`. Both must be seen by one of the squads `mine`, and
    neither be part of another already. Twice is once.
    """
    both = select(customer.c.id, customer.c.merged_into).where(customer.c.id.in_((id, other)))
    rows = {
        row.id: row.merged_into
        for row in c.execute(both.order_by(customer.c.id).with_for_update(key_share=True))
    }
    if len(rows) < 2 or not {*squads_of(c, other)} & {*mine}:
        raise NotFound
    if rows[other] == id:
        return
    inside = c.scalar(select(customer.c.id).where(customer.c.merged_into == other).limit(1))
    if rows[id] is not None or rows[other] is not None or id == other or inside is not None:
        raise Conflict(N_("One of them is, or has, a part already. Take that apart first."))
    _point(c, by, other, id)
    tell(c, by, id, "merged", other=other)


def part(c: Connection, by: str, id: str, other: str) -> None:
    """Takes them apart again: each has what it had, and what was said of it since."""
    there = (customer.c.id == other) & (customer.c.merged_into == id)
    if c.scalar(select(customer.c.id).where(there).with_for_update(key_share=True)) is None:
        raise NotFound
    tell(c, by, id, "parted", other=other)
    _point(c, by, other, None)


def _point(c: Connection, by: str, id: str, into: str | None) -> None:
    values = {"merged_into": into, "merged_by": by if into else None, "merged_at": now() if into else None}
    c.execute(update(customer).where(customer.c.id == id).values(**values))
