"""A position that is shared: who may, how often, to whom it goes, and what it says of the rally point."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from channels.sharing import Shared
from server.access import Who
from server.errors import Conflict
from server.journal import stamp
from server.schema import now
from server.squads.pact import Sharer, sharers
from server.sweeps import queries, reached
from server.sweeps.forms import Fix, Seen
from server.sweeps.models import sweep
from server.visits.place import metres
from web.render import N_


@dataclass(frozen=True, slots=True)
class Allowed:
    """That a caller may share now, who else does, and whether they are on the way to that rally point."""

    mine: Sharer
    everybody: set[str]
    rally: tuple[float, float] | None


async def share(state: Any, who: Who, id: str, form: Seen) -> dict[str, Any]:
    """Tells the others where the caller is, if they moved; nothing of it is written.

    Raises `Conflict` where they do not share in this sweep, `TooMany` where they did a moment ago.
    """
    assert who.squad
    moment, most, hub = now(), state.settings, state.hub
    await state.limits.write(who)
    known: Shared | None = hub.sharing.find(who.squad, who.id)
    moved = form.position is not None and (known is None or _apart(known, form.position) >= most.share_metres)
    if moved and most.share_seconds:
        await state.limits.hit("share", who.id, f"1/{most.share_seconds} second")
    found = await state.db.read(allowed, who, id)
    hub.sharing.only(who.squad, found.everybody, moment.timestamp())
    until = found.mine.until.timestamp()
    if moved and form.position:
        at, place = moment.timestamp(), form.position.model_dump()
        hub.sharing.put(Shared(who.squad, id, who.id, who.ticket, **place, at=at, seen=at, until=until))
        if found.rally and _arrives(form.position, found.rally, most.arrived_metres):
            await state.db.write(reached.came_near, id, who.id, moment)
    elif known is not None:
        hub.sharing.still(known, moment.timestamp(), until)
    return {"sweep": id, "until": stamp(found.mine.until), "shown": moved or known is not None}


def allowed(c: Connection, who: Who, id: str) -> Allowed:
    """Whether the caller shares in that sweep, by this session or token."""
    assert who.squad
    found = [one for one in sharers(c, who.squad) if one.sweep == id]
    own = next((one for one in found if one.member == who.id), None)
    if own is None:
        raise Conflict(N_("You do not share your position now."))
    if own.ticket != who.ticket:
        raise Conflict(N_("You share your position from another phone now."))
    there = any(one["member"] == who.id for one in queries.arrivals(c, id))
    rally = c.execute(select(sweep.c.rally_lat, sweep.c.rally_lon).where(sweep.c.id == id)).one()
    return Allowed(own, {one.member for one in found}, None if there else (rally[0], rally[1]))


def mine(c: Connection, who: Who) -> Sharer | None:
    """Whether the caller shares in the squad's sweep, until when, and by what."""
    assert who.squad
    return next((one for one in sharers(c, who.squad) if one.member == who.id), None)


def switch(c: Connection, who: Who, id: str) -> dict[str, Any]:
    """The caller's switch in one sweep, as the API shows it."""
    found = mine(c, who)
    return as_data(found if found and found.sweep == id else None, who, id)


def as_data(found: Sharer | None, who: Who, id: str) -> dict[str, Any]:
    """The caller's switch as the API shows it."""
    here = found is not None and found.ticket == who.ticket
    return {"sweep": id, "until": stamp(found.until) if found else None, "here": here}


def _apart(known: Shared, position: Fix) -> float:
    return metres(known.lat, known.lon, position.lat, position.lon)


def _arrives(position: Fix, rally: tuple[float, float], near: int) -> bool:
    """Near enough, as far as the phone knows."""
    return metres(position.lat, position.lon, *rally) <= near and (position.accuracy or 0) <= near
