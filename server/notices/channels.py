"""A squad's or the company's channels: chat groups elsewhere that are told what all should know."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, select, update

from server import audit
from server.access import Who
from server.errors import Conflict, NotFound
from server.members.models import member
from server.notices import deliveries
from server.notices.models import endpoint
from server.schema import new_id, now
from server.squads.models import squad
from server.text import name as checked_name
from web.render import N_

MOST = 10
"""Channels of one squad, or of the company."""


def listed(c: Connection, squad_id: str | None) -> Sequence[Any]:
    """Those of a squad, or the company's own, the oldest first. Where they are is told to nobody."""
    here = endpoint.c.squad == squad_id if squad_id else endpoint.c.squad.is_(None)
    query = select(endpoint).where(endpoint.c.kind == "chat", here)
    return c.execute(query.order_by(endpoint.c.made_at, endpoint.c.id)).all()


def add(c: Connection, who: Who, name: str, service: str, url: str) -> str:
    """One more, of the caller's squad, or of the company where the route is about none. Its id."""
    shown = f"{service}: {checked_name('name', name, 60)}"
    if len(listed(c, who.squad)) >= MOST:
        raise Conflict(N_("There are ten channels already. Remove one first."))
    row = {"id": new_id(), "kind": "chat", "squad": who.squad, "made_by": who.id, "name": shown}
    c.execute(insert(endpoint), {**row, "secret": {"url": url.strip()}, "made_at": now(), "fails": 0})
    audit.note(c, who.id, "channel_made", squad=who.squad, name=shown)
    return str(row["id"])


def one(c: Connection, who: Who, id: str) -> Any:
    """One of them; raises `NotFound` for what is not of the caller's squad, or not the company's."""
    found = [row for row in listed(c, who.squad) if row.id == id]
    if not found:
        raise NotFound
    return found[0]


def remove(c: Connection, who: Who, id: str) -> None:
    """It is told nothing any more."""
    row = one(c, who, id)
    deliveries.dead(c, id)
    audit.note(c, who.id, "channel_removed", squad=who.squad, name=row.name)


def tested(c: Connection, id: str, error: str) -> None:
    """What came of a test."""
    well = {"error": None, "fails": 0, "retry_at": None, "sent_at": now()}
    c.execute(update(endpoint).where(endpoint.c.id == id).values(**({"error": error} if error else well)))


def ailing(c: Connection) -> Sequence[Any]:
    """Devices, addresses and channels that were not reached lately, the longest first, for the admins."""
    query = (
        select(endpoint, member.c.name.label("whose"), squad.c.name.label("squad_name"))
        .outerjoin(member, member.c.id == endpoint.c.member)
        .outerjoin(squad, squad.c.id == endpoint.c.squad)
        .where(endpoint.c.error.is_not(None))
    )
    return c.execute(query.order_by(endpoint.c.fails.desc(), endpoint.c.id).limit(100)).all()
