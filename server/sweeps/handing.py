"""Handing a stop on: offered to one or to anyone, taken by exactly one."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from server.access import Who
from server.errors import Conflict, Invalid
from server.members.models import member
from server.schema import new_id, now
from server.squads.models import membership
from server.sweeps import order, queries, telling
from server.sweeps.forms import Offer
from server.sweeps.models import handover, lane, stop
from server.sweeps.plan import Made
from web.render import N_

GONE = N_("This offer has been taken back.")


def offer(c: Connection, who: Who, stop_id: str, form: Offer) -> Made:
    """Offers a stop of somebody's lane. The same id again, or while an offer stands, is that offer."""
    theirs = (handover.c.id == str(form.id)) & (handover.c.giver == who.id) & (handover.c.stop == stop_id)
    if c.scalar(select(handover.c.id).where(theirs)) is not None:
        return Made(queries.one_handover(c, str(form.id)), False)
    row, one = telling.locked_with(c, stop, stop_id)
    standing = (handover.c.stop == stop_id) & (handover.c.state == "offered")
    if (open_one := c.scalar(select(handover.c.id).where(standing))) is not None:
        raise Conflict(N_("This stop is offered already."), now=queries.one_handover(c, open_one))
    if one.state != "planned" or one.lane is None:
        raise Conflict(N_("This stop is nobody’s to hand on."), now=queries.one_stop(c, stop_id))
    giver = c.execute(select(lane.c.member).where(lane.c.id == one.lane)).scalar_one()
    taker = str(form.to) if form.to else None
    if taker is not None:
        here = (membership.c.squad == who.squad) & membership.c.left_at.is_(None)
        if (
            taker == giver
            or c.scalar(select(membership.c.id).where(here, membership.c.member == taker)) is None
        ):
            raise Invalid({"to": N_("Choose a team-mate of this squad.")})
    taken = c.scalar(select(handover.c.id).where(handover.c.id == str(form.id))) is not None
    made = {
        "id": new_id() if taken else str(form.id),
        "sweep": row.id,
        "stop": stop_id,
        "giver": giver,
        "taker": taker,
        "state": "offered",
        "at": now(),
    }
    c.execute(insert(handover), made)
    return Made(_tell(c, row, made["id"], who.id), True)


def accept(c: Connection, who: Who, id: str) -> dict[str, Any]:
    """Takes what is offered: it is in the caller's lane from now on. Of two at once one has it.

    Raises `Conflict` with who has it for everybody else, and where it was visited, skipped or taken back.
    """
    row, found = telling.locked_with(c, handover, id)
    if found.state == "accepted" and found.answered_by == who.id:
        return queries.one_handover(c, id)
    _standing(c, found)
    home = select(lane.c.id).where(lane.c.sweep == row.id, lane.c.member == who.id)
    into = c.scalar(home) or _new_lane(c, row.id, who.id)
    old = c.execute(select(stop.c.lane).where(stop.c.id == found.stop)).scalar_one()
    order.shift(c, row.id, found.stop, into)
    _answer(c, id, "accepted", who.id)
    told = _tell(c, row, id, who.id)
    telling.tell_lanes(c, row, who.id, {into, old})
    return told


def decline(c: Connection, who: Who, id: str) -> dict[str, Any]:
    """Says no to what was offered to oneself; it stays where it is."""
    row, found = telling.locked_with(c, handover, id)
    if found.state == "declined":
        return queries.one_handover(c, id)
    if found.taker is None:
        raise Conflict(N_("This stop is offered to all. Leave it to the others."))
    _standing(c, found)
    _answer(c, id, "declined", who.id)
    return _tell(c, row, id, who.id)


def take_back(c: Connection, who: Who, id: str) -> dict[str, Any]:
    """The offer no longer stands."""
    row, found = telling.locked_with(c, handover, id)
    if found.state == "withdrawn":
        return queries.one_handover(c, id)
    _standing(c, found)
    _answer(c, id, "withdrawn", who.id)
    return _tell(c, row, id, who.id)


def give(c: Connection, stops: Mapping[str, str], by: str) -> None:
    """Stops go to others because whose lane they are in leaves the squad: members by stop, who are not asked.

    What was visited or skipped meanwhile, or is of a sweep that is over, stays. The caller holds the sweeps'
    rows (`telling.locked`), in the order of their ids, since before any stream was taken.
    """
    found = c.execute(select(stop.c.sweep, stop.c.id, stop.c.lane).where(stop.c.id.in_(stops))).all()
    for id in sorted({one.sweep for one in found}):
        row = telling.locked(c, id)
        ids = [one.id for one in found if one.sweep == id]
        lanes = {one.lane for one in found if one.sweep == id}
        withdraw(c, row, ids, by)
        for one in ids:
            home = select(lane.c.id).where(lane.c.sweep == id, lane.c.member == stops[one])
            into = c.scalar(home) or _new_lane(c, id, stops[one])
            order.shift(c, id, one, into)
            lanes.add(into)
        telling.tell_lanes(c, row, by, lanes)


def withdraw(c: Connection, row: Any, stops: Sequence[str], actor: str | None) -> None:
    """Ends the offers of stops that went elsewhere or need no visit any more."""
    for one in queries.open_handovers(c, row.id):
        if one.stop in stops:
            _answer(c, one.id, "withdrawn", actor)
            _tell(c, row, one.id, actor)


def _standing(c: Connection, found: Any) -> None:
    if found.state == "offered":
        return
    shown = queries.one_handover(c, found.id)
    if found.state != "accepted":
        raise Conflict(GONE, now=shown)
    name = c.execute(select(member.c.name).where(member.c.id == found.answered_by)).scalar_one()
    raise Conflict(N_("%(name)s has taken this stop."), now=shown, name=name)


def _answer(c: Connection, id: str, state: str, by: str | None) -> None:
    values = {"state": state, "answered_by": by, "answered_at": now()}
    c.execute(update(handover).where(handover.c.id == id).values(**values))


def _new_lane(c: Connection, sweep_id: str, member_id: str) -> str:
    """Whoever takes a stop takes part."""
    last = c.scalar(select(func.max(lane.c.place)).where(lane.c.sweep == sweep_id)) or 0
    row = {"id": new_id(), "sweep": sweep_id, "member": member_id, "place": last + 1, "name": ""}
    c.execute(insert(lane), row)
    return row["id"]  # type: ignore[return-value]


def _tell(c: Connection, row: Any, id: str, actor: str | None) -> dict[str, Any]:
    data = queries.one_handover(c, id)
    telling.tell(c, "handover", row, data, actor)
    return data
