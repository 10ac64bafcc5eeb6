"""Reaching the rally point, by one's word or by being there; and the moment all have."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from server import journal
from server.access import Who
from server.errors import Conflict
from server.feed.models import post
from server.journal import stamp
from server.schema import new_id, now
from server.sweeps import queries, standing, telling
from server.sweeps.models import arrival, sweep
from web.render import N_


def arrive(c: Connection, who: Who, id: str, at: datetime) -> list[dict[str, Any]]:
    """The caller is at the rally point; an entry, once. Answers who is. `at` is the phone's time."""
    row = telling.locked(c, id)
    reached(c, row, who.id, max(min(at, now()), row.started_at or at))
    return queries.arrivals(c, id)


def go_on(c: Connection, who: Who, id: str) -> list[dict[str, Any]]:
    """The caller is not there after all, while the others are still waited for."""
    row = telling.locked(c, id, planning=True)
    theirs = (arrival.c.sweep == id) & (arrival.c.member == who.id)
    if row.met_at is not None:
        raise Conflict(N_("All have met already."))
    if c.execute(delete(arrival).where(theirs)).rowcount:
        telling.tell_arrived(c, row, who.id, who.id)
    return queries.arrivals(c, id)


def reached(c: Connection, row: Any, member: str, at: datetime, visit: str | None = None) -> None:
    """A participant is there; with the last of them the squad has met. `row` is the locked sweep's."""
    if row.started_at is None:
        raise Conflict(N_("This sweep has not started yet."))
    if row.ended_at is not None and at > row.ended_at:
        raise Conflict(N_("This sweep is over."))
    here = queries.participants(c, row.id)
    if member not in here:
        raise Conflict(N_("You have no lane in this sweep."))
    there = {one["member"] for one in queries.arrivals(c, row.id)}
    if member in there:
        return
    c.execute(insert(arrival), {"sweep": row.id, "member": member, "at": at, "visit": visit})
    telling.tell_arrived(c, row, member, member, at)
    look(c, row, member, at)


def left(c: Connection, data: dict[str, Any]) -> None:
    """Somebody has left a squad: it may have been whoever the others waited for."""
    if (id := queries.live(c, data["squad"])) is not None:
        look(c, telling.locked(c, id), data["by"], now())


def look(c: Connection, row: Any, actor: str, at: datetime) -> None:
    """Whether all who take part are there: then the squad has met, once, and the feed says so.

    `row` is the locked sweep's; `actor` came last, or took the last who was missing out of it.
    """
    there = {one["member"] for one in queries.arrivals(c, row.id)}
    here = set(queries.participants(c, row.id))
    if row.met_at is not None or row.started_at is None or not here or here - there:
        return
    sums, id, place = standing.sums(c, row.id), new_id(), journal.take(c, row.squad)
    c.execute(update(sweep).where(sweep.c.id == row.id).values(met_at=at, met_sums=sums))
    line: dict[str, Any] = {"id": id, "squad": row.squad, "kind": "met", "author": actor, "client_id": row.id}
    line |= {"feed_offset": place.offset, "text": "", "captured_at": at, "recorded_at": now()}
    c.execute(insert(post), line)
    data = {"sweep": row.id, "post": id, "at": stamp(at), **sums}
    journal.append(c, row.squad, "met", data, actor=actor, subject=row.id, captured_at=at, at=place)


def forget(c: Connection, row: Any, visit: str, actor: str) -> None:
    """The check-in that told of an arrival was undone."""
    told = (arrival.c.sweep == row.id) & (arrival.c.visit == visit)
    if c.scalar(select(arrival.c.member).where(told)) is not None:
        c.execute(delete(arrival).where(told))
        telling.tell_arrived(c, row, actor, actor)
