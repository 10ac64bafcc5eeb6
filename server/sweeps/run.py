"""A sweep's course: started, paused, taken up again, ended by its lead or by itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, update

from server import jobs
from server.access import Who
from server.errors import Conflict
from server.schema import now
from server.squads.actions import lock as lock_squad
from server.sweeps import queries, sharing, telling
from server.sweeps.forms import State
from server.sweeps.models import sweep
from web.render import N_

END = "sweep-end"
"""The kind of job that ends a sweep by itself."""


def set_state(c: Connection, who: Who, id: str, form: State) -> dict[str, Any]:
    """Starts, pauses, goes on with or ends a sweep; the same again changes nothing.

    Raises `Conflict` where it is over, was not started, or the squad has another one under way.
    """
    assert who.squad
    row = telling.locked(c, id)
    if form.state == "running":
        lock_squad(c, who.squad)  # two leads start two sweeps at once
    if row.state == form.state:
        return queries.state(c, id)
    if row.state == "ended":
        raise Conflict(N_("This sweep is over."), now=queries.state(c, id))
    if form.state == "ended":
        _end(c, row, who.id, now())
        return queries.state(c, id)
    if form.state == "paused" and row.state == "planned":
        raise Conflict(N_("This sweep has not started yet."), now=queries.state(c, id))
    other = queries.live(c, who.squad)
    if other is not None and other != id:
        raise Conflict(N_("Another sweep of this squad is under way. End it first."), now={"sweep": other})
    if form.state == "paused":
        sharing.over(c, row)
    values: dict[str, Any] = {"state": form.state}
    if row.started_at is None:
        if row.ends_at <= now():
            raise Conflict(N_("This sweep’s time is over. Give it a later end first."))
        values["started_at"] = now()
    c.execute(update(sweep).where(sweep.c.id == id).values(**values))
    told = telling.tell_head(c, id, who.id)
    end_at(c, id, row.ends_at)
    if "started_at" in values:
        c.execute(update(sweep).where(sweep.c.id == id).values(started_offset=told.offset))
    return queries.state(c, id)


def end_at(c: Connection, id: str, moment: datetime) -> None:
    """A sweep under way ends by itself then."""
    jobs.later(c, END, f"{END}:{id}", {"sweep": id}, moment)


def end_due(c: Connection, data: dict[str, Any]) -> None:
    """Ends a sweep whose time has come, by itself; one that goes on or has ended is left alone."""
    row = telling.locked(c, data["sweep"])
    if row.state in queries.LIVE and row.ends_at <= now():
        _end(c, row, None, row.ends_at)


def _end(c: Connection, row: Any, by: str | None, at: datetime) -> None:
    values = {"state": "ended", "ended_at": at, "ended_by": by}
    c.execute(update(sweep).where(sweep.c.id == row.id).values(**values))
    sharing.over(c, row)
    telling.tell_head(c, row.id, by)
