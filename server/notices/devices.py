"""A member's devices: browsers that may tell them something while no page is open."""

from typing import Any

from sqlalchemy import Connection, insert, select, update

from server.access import Who, digest
from server.errors import NotFound
from server.notices import deliveries
from server.notices.models import endpoint
from server.schema import new_id, now

MOST = 20
"""Devices of one member; of more the oldest is forgotten."""


def add(c: Connection, who: Who, secret: dict[str, Any], name: str) -> str:
    """This device tells the caller from now on, and nobody who used it before. Its id.

    It ends with the sign-in it comes with: a phone that is handed on tells nothing any more.
    """
    hash = digest(secret["endpoint"])
    known = c.execute(select(endpoint).where(endpoint.c.hash == hash).with_for_update()).one_or_none()
    ticket = None if who.by_token else who.ticket
    if known is not None and known.member == who.id:
        values = {
            "secret": secret,
            "ticket": ticket,
            "name": name,
            "retry_at": None,
            "error": None,
            "fails": 0,
        }
        c.execute(update(endpoint).where(endpoint.c.id == known.id).values(**values))
        return str(known.id)
    if known is not None:
        deliveries.dead(c, known.id)
    row: dict[str, Any] = {"id": new_id(), "kind": "push", "member": who.id, "ticket": ticket}
    row |= {"made_by": who.id, "name": name[:120], "hash": hash, "made_at": now()}
    c.execute(insert(endpoint), {**row, "secret": secret, "fails": 0})
    for one in listed(c, who.id)[MOST:]:
        deliveries.dead(c, one.id)
    return str(row["id"])


def remove(c: Connection, who: Who, id: str) -> None:
    """This device tells nothing any more. Raises `NotFound` for what is not the caller's."""
    mine = (endpoint.c.id == id) & (endpoint.c.member == who.id) & (endpoint.c.kind == "push")
    if c.scalar(select(endpoint.c.id).where(mine)) is None:
        raise NotFound
    deliveries.dead(c, id)


def listed(c: Connection, who: str) -> list[Any]:
    """A member's devices, the newest first."""
    mine = (endpoint.c.member == who) & (endpoint.c.kind == "push")
    return list(c.execute(select(endpoint).where(mine).order_by(endpoint.c.made_at.desc(), endpoint.c.id)))
