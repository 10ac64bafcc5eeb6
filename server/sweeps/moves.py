"""Small changes of a plan: one lane's order, one stop into another lane."""

from typing import Any

from sqlalchemy import Connection, select

from server.access import Who
from server.errors import Conflict, Invalid
from server.sweeps import handing, order, queries, telling
from server.sweeps.forms import Move, Order
from server.sweeps.models import lane, stop
from server.sweeps.plan import MEANWHILE
from web.render import N_


def reorder(c: Connection, who: Who, lane_id: str, form: Order) -> dict[str, Any]:
    """One lane's stops in another order: the same stops, or it is refused with the lane as it is."""
    row, _ = telling.locked_with(c, lane, lane_id)
    held = queries.lane_state(c, lane_id)
    by_customer = {one["customer"]: one["id"] for one in held["stops"]}
    wanted = [str(one) for one in form.stops]
    if wanted == list(by_customer):
        return held
    if sorted(wanted) != sorted(by_customer):
        raise Conflict(MEANWHILE, now=held)
    order.place(c, [by_customer[one] for one in wanted])
    telling.tell_lanes(c, row, who.id, {lane_id})
    return queries.lane_state(c, lane_id)


def move(c: Connection, who: Who, stop_id: str, form: Move) -> dict[str, Any]:
    """One stop into another lane, or to another place of its own; what was visited stays with its lane."""
    row, one = telling.locked_with(c, stop, stop_id)
    into = str(form.lane) if form.lane else None
    if into and c.scalar(select(lane.c.id).where(lane.c.id == into, lane.c.sweep == row.id)) is None:
        raise Invalid({"lane": N_("There is no such lane in this sweep.")})
    if one.state == "done" and into != one.lane:
        raise Conflict(N_("This stop has been visited."), now=queries.one_stop(c, stop_id))
    before = order.stops_of(c, row.id, into)
    order.shift(c, row.id, stop_id, into, form.place)
    if before == order.stops_of(c, row.id, into):
        return queries.one_stop(c, stop_id)
    if into != one.lane:
        handing.withdraw(c, row, [stop_id], who.id)
    told = {id for id in (one.lane, into) if id}
    telling.tell_lanes(c, row, who.id, told, loose=None in (one.lane, into))
    return queries.one_stop(c, stop_id)


def nudge(c: Connection, who: Who, stop_id: str, by: int) -> dict[str, Any]:
    """One place earlier (-1) or later (1) among its lane's stops that are still to visit."""
    one = c.execute(select(stop).where(stop.c.id == stop_id)).one()
    row = telling.locked(c, one.sweep, planning=True)
    held = order.stops_of(c, row.id, one.lane)
    at = held.index(stop_id)
    to = at + by
    if not 0 <= to < len(held):
        return queries.one_stop(c, stop_id)
    held[at], held[to] = held[to], held[at]
    order.place(c, held)
    telling.tell_lanes(c, row, who.id, {one.lane} if one.lane else set(), loose=one.lane is None)
    return queries.one_stop(c, stop_id)
