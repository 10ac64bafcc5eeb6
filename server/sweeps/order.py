"""The stops of a lane in their order; whoever changes it tells of it."""

from collections.abc import Sequence

from sqlalchemy import Connection, select, update

from server.sweeps.models import stop


def stops_of(c: Connection, sweep_id: str, lane_id: str | None) -> list[str]:
    """The ids of a lane's stops in order; without a lane, of those in nobody's."""
    query = select(stop.c.id).where(stop.c.sweep == sweep_id)
    query = query.where(stop.c.lane.is_(None) if lane_id is None else stop.c.lane == lane_id)
    return list(c.scalars(query.order_by(stop.c.place, stop.c.id)))


def place(c: Connection, order: Sequence[str]) -> None:
    """These stops, which share a lane, in this order."""
    for number, id in enumerate(order):
        c.execute(update(stop).where(stop.c.id == id, stop.c.place != number).values(place=number))


def shift(c: Connection, sweep_id: str, stop_id: str, into: str | None, at: int | None = None) -> None:
    """Puts a stop into a lane, or nobody's, at a place (0 is the first); at its end where none is named."""
    rest = [id for id in stops_of(c, sweep_id, into) if id != stop_id]
    at = len(rest) if at is None else min(at, len(rest))
    c.execute(update(stop).where(stop.c.id == stop_id).values(lane=into))
    place(c, [*rest[:at], stop_id, *rest[at:]])
