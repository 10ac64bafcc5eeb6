"""Who shares their position while a sweep runs: switched on by each for themselves, and how it ends.

Here is only that they share, and by which session or token. Where they are is told by `channels.sharing`,
to those who share theirs, and never written.
"""

from typing import Any

from sqlalchemy import Connection, delete, insert, select

from channels.sharing import Unshared
from server.access import Who
from server.db import told
from server.errors import Conflict
from server.schema import now
from server.squads.models import membership
from server.squads.pact import Sharer
from server.sweeps import queries, telling
from server.sweeps.models import sharing
from web.render import N_

NOT_NOW = {
    "planned": N_("This sweep has not started yet."),
    "paused": N_("The sweep is paused: nobody shares a position now."),
    "ended": N_("This sweep is over."),
}


def begin(c: Connection, who: Who, id: str) -> Sharer:
    """The caller shares their position from now on, by the session or token they say it with.

    Raises `Conflict` where the sweep does not run, or for who takes no part.
    """
    row = telling.locked(c, id)
    if row.state != "running" or row.ends_at <= now():
        raise Conflict(NOT_NOW.get(row.state, NOT_NOW["ended"]))
    if who.id not in queries.participants(c, id):
        raise Conflict(N_("You have no lane in this sweep."))
    before = (sharing.c.sweep == id) & (sharing.c.member == who.id)
    c.execute(delete(sharing).where(before))
    theirs = (membership.c.squad == row.squad) & (membership.c.member == who.id)
    by = c.execute(select(membership.c.id).where(theirs, membership.c.left_at.is_(None))).scalar_one()
    made = {"sweep": id, "member": who.id, "ticket": who.ticket, "membership": by, "since": now()}
    c.execute(insert(sharing), made)
    return Sharer(who.id, id, who.ticket, min(row.ends_at, who.expires or row.ends_at))


def end(c: Connection, who: Who, id: str) -> None:
    """The caller does not any more, whichever of their phones it was; nobody may have known."""
    row = telling.locked(c, id)
    _end(c, row, who.id)


def over(c: Connection, row: Any) -> None:
    """The sweep does not run any more: nobody shares in it, until they switch it on anew."""
    if c.execute(delete(sharing).where(sharing.c.sweep == row.id)).rowcount:
        told(c, Unshared(row.squad, None))


def keep(c: Connection, row: Any) -> None:
    """Others take part now: whoever does not any more shares nothing."""
    here = queries.participants(c, row.id)
    sharing_now = select(sharing.c.member).where(sharing.c.sweep == row.id)
    for member in c.scalars(sharing_now.where(sharing.c.member.not_in(here))).all():
        _end(c, row, member)


def _end(c: Connection, row: Any, member: str) -> None:
    theirs = (sharing.c.sweep == row.id) & (sharing.c.member == member)
    c.execute(delete(sharing).where(theirs))
    told(c, Unshared(row.squad, member))
