"""What a check-in means for a sweep: a stop is done, perhaps the rally point reached; and if it is undone."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select, update

from server.sweeps import arriving, handing, queries, standing, telling
from server.sweeps.models import arrival, lane, stop, sweep
from server.visits.models import visit
from server.visits.place import metres

NEARLY = timedelta(hours=1)
"""Without a lane, whoever is at the rally point this long before its time has arrived."""

lately = (
    select(sweep.c.id)
    .where(
        sweep.c.squad == bindparam("squad"),
        sweep.c.local_date >= bindparam("eve"),
        sweep.c.started_at.is_not(None),
    )
    .exists()
)
"""Whether the squad has had a sweep since the day before: all that a check-in asks on other days."""


def ruling(c: Connection, squad: str, captured: datetime) -> str | None:
    """The sweep that ran at a moment, whenever its check-in arrives; locked until the commit.

    Asked before the stream's offset is taken: whoever changes a sweep takes the two in this order.
    """
    query = (
        select(sweep.c.id)
        .where(
            sweep.c.squad == squad,
            sweep.c.started_at <= captured,
            func.coalesce(sweep.c.ended_at, sweep.c.ends_at) >= captured,
        )
        .order_by(sweep.c.started_at.desc())
        .limit(1)
    )
    if (id := c.scalar(query)) is not None:
        telling.locked(c, id)
    return id


def checked_in(c: Connection, sweep_id: str, member: str, row: Any, near: int) -> None:
    """Marks the stop done by this visit; `row` is the visit's, `near` the metres that count as arrived."""
    held = telling.locked(c, sweep_id)
    at = min(row["captured_at"], row["recorded_at"])
    there = (stop.c.sweep == sweep_id) & (stop.c.customer == row["customer"]) & (stop.c.state != "done")
    done = {"state": "done", "reason": "", "visit": row["id"], "by": member, "at": at}
    id = c.scalar(update(stop).where(there).values(**done).returning(stop.c.id))
    if id is not None:
        handing.withdraw(c, held, [id], member)
        telling.tell_stop(c, held, id, member, at)
    if _at_rally(held, row, near) and done_all(c, held, member, at):
        arriving.reached(c, held, member, at, row["id"])


def held_for(c: Connection, id: str) -> Any:
    """The sweep that a visit counts in, locked; None where it counts in none."""
    stops, there = (
        select(stop.c.sweep).where(stop.c.visit == id),
        select(arrival.c.sweep).where(arrival.c.visit == id),
    )
    sweep_id = c.scalar(stops.union(there))
    return None if sweep_id is None else telling.locked(c, sweep_id)


def undone(c: Connection, id: str, member: str, held: Any) -> None:
    """The check-in was taken back: its stop is open again, unless somebody else was there as well.

    `held` is what `held_for` said before any stream was taken.
    """
    if held is None:
        return
    found = c.execute(select(stop.c.id, stop.c.customer).where(stop.c.visit == id)).one_or_none()
    if found is not None:
        other = c.execute(_others(held, id, found.customer)).one_or_none()
        values: dict[str, Any] = {"state": "planned", "visit": None, "by": None, "at": None}
        if other is not None:
            values = {"visit": other.id, "by": other.member, "at": other.captured_at}
        c.execute(update(stop).where(stop.c.id == found.id).values(**values))
        telling.tell_stop(c, held, found.id, member)
    arriving.forget(c, held, id, member)


def _others(held: Any, id: str, customer: str) -> Select[Any]:
    """The first other visit to a customer while the sweep ran."""
    query = select(visit.c.id, visit.c.member, visit.c.captured_at).where(
        visit.c.squad == held.squad,
        visit.c.customer == customer,
        visit.c.retracted_at.is_(None),
        visit.c.id != id,
    )
    return standing.within(query, visit, held).order_by(visit.c.captured_at, visit.c.id).limit(1)


def came_near(c: Connection, id: str, member: str, at: datetime) -> None:
    """A position that is shared says so: a participant with nothing left to do has arrived."""
    held = telling.locked(c, id)
    if held.state == "running" and done_all(c, held, member, at):
        arriving.reached(c, held, member, at)


def done_all(c: Connection, held: Any, member: str, at: datetime) -> bool:
    """A participant who has nothing left to do; without a lane, when the rally is near."""
    if member not in queries.participants(c, held.id):
        return False
    mine = select(lane.c.id).where(lane.c.sweep == held.id, lane.c.member == member)
    if (own := c.scalar(mine)) is None:
        return bool(at >= held.rally_at - NEARLY)
    left = select(stop.c.id).where(stop.c.lane == own, stop.c.state == "planned").limit(1)
    return c.scalar(left) is None


def _at_rally(held: Any, row: Any, near: int) -> bool:
    if row["customer"] == held.rally_customer or row["lat"] is None:
        return bool(row["customer"] == held.rally_customer)
    return metres(row["lat"], row["lon"], held.rally_lat, held.rally_lon) <= near
