"""Proposals of lanes: asked for, searched for, taken as the plan or thrown away. None is in the journal.

One row a sweep, so that every process of an installation can show it and stop it: whoever searches finds out
that its row is gone.
"""

from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from server.access import Who
from server.errors import Conflict, NotFound
from server.journal import stamp
from server.schema import now
from server.sweeps import asking, lanes, queries, telling
from server.sweeps.forms import Ask, LanePlan, Plan, Take
from server.sweeps.models import proposal, stop
from server.sweeps.plan import MEANWHILE
from server.sweeps.planning.problem import Lane, Place, Problem, Progress, Proposal, Side
from web.render import N_, translate

LOST = timedelta(seconds=30)
"""A search that was not heard of for so long has ended with its server."""
NAMES: dict[Side, str] = {
    "north": N_("North"),
    "northeast": N_("Northeast"),
    "east": N_("East"),
    "southeast": N_("Southeast"),
    "south": N_("South"),
    "southwest": N_("Southwest"),
    "west": N_("West"),
    "northwest": N_("Northwest"),
    "centre": N_("Centre"),
}


class Begun(NamedTuple):
    """A proposal as outsiders see it, and what is to be searched for; None: it was asked for before."""

    data: dict[str, Any]
    problem: Problem | None


def begin(c: Connection, who: Who, id: str, form: Ask) -> Begun:
    """A search is to begin, and another of this sweep to end. The same id again: the same search."""
    row = telling.locked(c, id, planning=True)
    known = _row(c, id)
    if known is not None and known.run == str(form.id):
        return Begun(_data(known), None)
    problem = asking.problem(c, row, form)
    moment = now()
    c.execute(delete(proposal).where(proposal.c.sweep == id))
    c.execute(
        insert(proposal),
        {
            "sweep": id,
            "run": str(form.id),
            "by": who.id,
            "changed": row.changed,
            "state": "searching",
            "asked_at": moment,
            "told_at": moment,
            "progress": progress_data(Progress(0.0, 0, len(problem.customers))),
        },
    )
    return Begun(_data(_row(c, id)), problem)


def note(c: Connection, id: str, run: str, progress: dict[str, Any]) -> bool:
    """How far the search is. False: nobody waits for it any more."""
    return _set(c, id, run, {"progress": progress})


def finish(c: Connection, id: str, run: str, found: dict[str, Any]) -> bool:
    """The search is over."""
    return _set(c, id, run, {"state": "ready", "found": found})


def fail(c: Connection, id: str, run: str) -> bool:
    """The search ended without an answer."""
    return _set(c, id, run, {"state": "failed"})


def _set(c: Connection, id: str, run: str, values: dict[str, Any]) -> bool:
    ours = (proposal.c.sweep == id) & (proposal.c.run == run) & (proposal.c.state == "searching")
    return c.execute(update(proposal).where(ours).values(told_at=now(), **values)).rowcount > 0


def drop(c: Connection, id: str) -> None:
    """Nobody wants it: a search ends, what was found is gone."""
    c.execute(delete(proposal).where(proposal.c.sweep == id))


def show(c: Connection, id: str) -> dict[str, Any]:
    """A sweep's proposal as it stands. Raises `NotFound` where there is none."""
    row = _row(c, id)
    if row is None:
        raise NotFound
    return _data(row)


def take(c: Connection, who: Who, id: str, form: Take) -> dict[str, Any]:
    """The proposal becomes the plan, journal and all; what fits nowhere is in nobody's lane.

    Raises `Conflict` where it is not ready, or the plan has changed since it was asked for.
    """
    sweep = telling.locked(c, id, planning=True)
    row = _row(c, id)
    if row is None or row.run != str(form.id):
        raise NotFound
    if row.state == "taken":
        return queries.state(c, id)
    if row.state != "ready":
        raise Conflict(N_("There is no proposal yet."), now=_data(row))
    if row.changed != sweep.changed:
        raise Conflict(MEANWHILE, now=queries.state(c, id))
    saved = lanes.save(c, who, id, _plan(c, who, row, sweep.state in queries.LIVE))
    c.execute(update(proposal).where(proposal.c.sweep == id).values(state="taken", found=None))
    return saved


def _plan(c: Connection, who: Who, row: Any, under_way: bool) -> Plan:
    """The proposal as a plan to be saved. What was done or skipped meanwhile stays where it is.

    A lane keeps its name, and its start while the sweep is under way; a chosen start is not written down, so
    that the next proposal chooses anew.
    """
    past = set(c.scalars(select(stop.c.customer).where(stop.c.sweep == row.sweep, stop.c.state != "planned")))
    there = {one["member"]: one for one in queries.plan(c, row.sweep)["lanes"]}
    made = []
    for one in row.found["lanes"]:
        stops = [each["customer"] for each in one["stops"] if each["customer"] not in past]
        known = there.get(one["member"], {"name": "", "start": None})
        name = known["name"] or lane_name(who.locale, one["side"], one["number"])
        start = known["start"] if one["chosen"] or under_way else one["start"]
        shown = {"member": one["member"], "name": name, "start": start, "area": one["area"]}
        made.append(LanePlan.model_validate({**shown, "stops": stops}))
    loose = [one["customer"] for one in row.found["unfit"] if one["customer"] not in past]
    return Plan.model_validate({"changed": row.changed, "lanes": made, "loose": loose})


def lane_name(lang: str, side: Side, number: int) -> str:
    """A lane's name by its side, numbered where there are several."""
    name = translate(lang, NAMES[side])
    return f"{name} {number}" if number else name


def _row(c: Connection, id: str) -> Any:
    return c.execute(select(proposal).where(proposal.c.sweep == id)).one_or_none()


def _data(row: Any) -> dict[str, Any]:
    lost = row.state == "searching" and row.told_at < now() - LOST
    return {
        "id": row.run,
        "sweep": row.sweep,
        "by": row.by,
        "state": "failed" if lost else row.state,
        "asked_at": stamp(row.asked_at),
        "changed": row.changed,
        "progress": row.progress,
        "found": row.found,
    }


def progress_data(progress: Progress) -> dict[str, Any]:
    """Progress as the API shows it."""
    return {
        "share": round(progress.share, 3),
        "fitted": progress.fitted,
        "of": progress.of,
        "longest": progress.longest,
    }


def found_data(found: Proposal) -> dict[str, Any]:
    """A proposal as the API shows it."""
    return {
        "lanes": [_lane_data(one) for one in found.lanes],
        "unfit": [{"customer": one.customer, "reason": one.reason} for one in found.unfit],
        "metres": found.metres,
        "longest": found.longest,
        "shortest": found.shortest,
        "cut": found.cut,
    }


def _lane_data(lane: Lane) -> dict[str, Any]:
    corners = [[at.lon, at.lat] for at in (*lane.area, *lane.area[:1])]
    return {
        "member": lane.member,
        "side": lane.side,
        "number": lane.number,
        "start": _spot(lane.start),
        "chosen": lane.chosen,
        "stops": [
            {
                "customer": one.customer,
                "arrives": stamp(one.arrives),
                "leaves": stamp(one.leaves),
                "metres": one.metres,
            }
            for one in lane.stops
        ],
        "arrives": stamp(lane.arrives),
        "late": lane.late,
        "metres": lane.metres,
        "minutes": lane.minutes,
        "area": {"type": "Polygon", "coordinates": [corners]} if lane.stops else None,
    }


def _spot(at: Place) -> dict[str, float]:
    return {"lat": at.lat, "lon": at.lon}
