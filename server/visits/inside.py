"""Where a member is, told to their own pages: those of their other squads hear nothing of the visit."""

from sqlalchemy import Connection, bindparam, select

from server import journal
from server.squads.models import membership
from server.visits.queries import last

elsewhere = (
    select(membership.c.id)
    .where(
        membership.c.member == bindparam("member"),
        membership.c.squad != bindparam("squad"),
        membership.c.left_at.is_(None),
    )
    .exists()
)
"""Whether a member is in another squad too: all that a check-in asks of most."""


def tell(c: Connection, who: str) -> None:
    """On the member's own stream, the last to be locked: in which open visit they are now, and since when."""
    row = last(c, who)
    there = row is not None and row.result is None
    data = {"visit": row.id if there else None, "since": journal.stamp(row.captured_at) if there else None}
    journal.append(c, f"me:{who}", "inside", data, actor=who)


def tell_elsewhere(c: Connection, who: str, squad: str) -> None:
    """The same, where it says anything that the squad's own entry does not."""
    if c.scalar(select(elsewhere), {"member": who, "squad": squad}):
        tell(c, who)
