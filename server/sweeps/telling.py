"""A sweep's entries in its squad's stream. Each holds what is now, so that the last of a kind is enough.

Whatever changes a sweep locks its row first and takes the stream's offset last: of two changes at once the
second sees the first, and no two wait for each other.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select, update

from channels.frame import Entry
from server import journal
from server.errors import Conflict, NotFound
from server.sweeps import queries
from server.sweeps.models import sweep
from web.render import N_


def locked(c: Connection, id: str, *, planning: bool = False) -> Any:
    """The sweep's row, for this transaction alone. `planning`: raises `Conflict` when it is over."""
    row = c.execute(select(sweep).where(sweep.c.id == id).with_for_update()).one()
    if planning and row.state == "ended":
        raise Conflict(N_("This sweep is over."))
    return row


def locked_with(c: Connection, table: Table, id: str) -> tuple[Any, Any]:
    """The sweep a lane, stop or offer is in, locked, and its own row as it is then.

    Raises `NotFound` where a new plan has left it out since the caller was let in, `Conflict` when the sweep
    is over.
    """
    row = None
    if (sweep_id := c.scalar(select(table.c.sweep).where(table.c.id == id))) is not None:
        row = locked(c, sweep_id, planning=True)
    found = c.execute(select(table).where(table.c.id == id)).one_or_none()
    if row is None or found is None:
        raise NotFound
    return row, found


def count(c: Connection, id: str) -> int:
    """The plan has changed once more: whoever saw the one before may not overwrite it."""
    more = update(sweep).where(sweep.c.id == id).values(changed=sweep.c.changed + 1)
    made: int = c.execute(more.returning(sweep.c.changed)).scalar_one()
    return made


def tell(
    c: Connection, kind: str, row: Any, data: dict[str, Any], actor: str | None, at: datetime | None = None
) -> Entry:
    """One entry about a sweep; all of them have it as their subject."""
    return journal.append(c, row.squad, kind, data, actor=actor, subject=row.id, captured_at=at)


def tell_head(c: Connection, id: str, actor: str | None) -> Entry:
    """The sweep itself, without its plan."""
    row = c.execute(select(sweep).where(sweep.c.id == id)).one()
    return tell(c, "sweep", row, queries.head_data(row), actor)


def tell_lanes(
    c: Connection,
    row: Any,
    actor: str,
    lanes: set[str],
    *,
    loose: bool = False,
    gone: tuple[str, ...] = (),
) -> None:
    """These lanes have exactly these stops now; `loose` where those in nobody's lane are others, too."""
    made = queries.plan(c, row.id)
    tell(
        c,
        "lanes",
        row,
        {
            "sweep": row.id,
            "changed": count(c, row.id),
            "lanes": [one for one in made["lanes"] if one["id"] in lanes],
            "order": [one["id"] for one in made["lanes"]],
            "loose": made["loose"] if loose else None,
            "gone": list(gone),
        },
        actor,
    )


def tell_stop(c: Connection, row: Any, stop: str, actor: str, at: datetime | None = None) -> dict[str, Any]:
    """One stop was done, skipped or is to be visited again."""
    data = queries.one_stop(c, stop)
    tell(c, "stop", row, {"sweep": row.id, **data}, actor, at)
    return data


def told_of_stop(c: Connection, row: Any, stop: str, actor: str, at: datetime) -> bool:
    """Whether this member's change of this stop at this moment was told before."""
    theirs = (journal.journal.c.subject == row.id) & (journal.journal.c.actor == actor)
    then = (journal.journal.c.kind == "stop") & (journal.journal.c.captured_at == at)
    entries = c.scalars(select(journal.journal.c.data).where(theirs, then))
    return any(data.get("id") == stop for data in entries)


def tell_pact(c: Connection, row: Any, actor: str) -> list[str]:
    """Who has agreed to the pact as it reads now."""
    members = queries.yes(c, row.id, row.pact_v)
    tell(c, "pact", row, {"sweep": row.id, "v": row.pact_v, "yes": members}, actor)
    return members


def tell_arrived(c: Connection, row: Any, actor: str, member: str, at: datetime | None = None) -> None:
    """Who is at the rally point."""
    data = {"sweep": row.id, "member": member, "arrived": queries.arrivals(c, row.id)}
    tell(c, "arrived", row, data, actor, at)
