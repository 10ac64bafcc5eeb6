"""Who hears of a call: the squad, the desk, and its asker, whose visit's page listens to nothing else."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from channels.position import Position
from server import journal
from server.calls.models import call
from server.schema import now

DESK = "desk"
"""The stream of whoever answers for the whole company."""


def streams(squad: str, asker: str, *others: str) -> set[str]:
    """Whom a change is told; `others` are members who hear it on their own streams as well."""
    return {squad, DESK, *(f"me:{member}" for member in (asker, *others))}


def read(c: Connection, id: str) -> RowMapping:
    """A call as it stands."""
    return c.execute(select(call).where(call.c.id == id)).one()._mapping


def held(c: Connection, id: str, *others: str) -> RowMapping:
    """A call as it stands and stays until the commit: its streams are held before it is read."""
    where = c.execute(select(call.c.squad, call.c.asker).where(call.c.id == id)).one()
    journal.hold(c, streams(where.squad, where.asker, *others))
    return read(c, id)


def change(
    c: Connection,
    row: RowMapping,
    did: str,
    by: str | None,
    *others: str,
    reply: str | None = None,
    at: Position | None = None,
    **values: Any,
) -> None:
    """Writes these columns and tells what was done; `reply` holds the words of an answer, `at` is the squad's
    place, if taken.
    """
    c.execute(update(call).where(call.c.id == row["id"]).values(**values))
    tell(c, {**row, **values}, did, by, *others, reply=reply, at=at)


def tell(
    c: Connection,
    row: Any,
    did: str,
    by: str | None,
    *others: str,
    words: str = "",
    reply: str | None = None,
    at: Position | None = None,
    captured_at: datetime | None = None,
) -> None:
    """An entry in each of the streams, in the order of their ids; `at`: the squad's place, if taken."""
    said = as_data(row) | {"did": did} | ({"reply": reply} if reply else {})
    for key in sorted(streams(row["squad"], row["asker"], *others)):
        here = key == row["squad"]
        data = said | ({"text": words} if here and words else {})
        place = at if here else None
        journal.append(c, key, "call", data, actor=by, subject=row["id"], captured_at=captured_at, at=place)


def as_data(row: Any) -> dict[str, Any]:
    """A call as entries tell of it: ids and times, no words and no names."""
    ids = ("id", "squad", "asker", "visit", "customer", "kind", "state", "owner", "level")
    times = ("due_at", "late_at", "opened_at", "looked_at", "claimed_at", "answered_at", "ended_at")
    moments = {name: journal.stamp(row[name]) if row[name] else None for name in times}
    return {name: row[name] for name in ids} | moments


def said(c: Connection, by: str, root: str, reply: str) -> None:
    """Words under a call: the squad has heard them, the desk and the asker hear that there are some."""
    row = c.execute(select(call).where(call.c.id == root)).one_or_none()
    if row is None:
        return
    if row.owner == by:
        c.execute(update(call).where(call.c.id == root).values(heard_at=now()))
    data = as_data(row._mapping) | {"did": "said", "reply": reply}
    for key in sorted(streams(row.squad, row.asker) - {row.squad}):
        journal.append(c, key, "call", data, actor=by, subject=root)
