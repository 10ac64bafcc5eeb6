"""The whole plan at once: who goes where, in which order, and what is in nobody's lane."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from server.access import Who
from server.customers.models import customer, customer_squad
from server.errors import Conflict, Invalid
from server.schema import new_id, now
from server.squads.models import membership
from server.sweeps import arriving, handing, queries, sharing, telling
from server.sweeps.forms import LanePlan, Plan
from server.sweeps.models import handover, lane, stop
from server.sweeps.plan import MEANWHILE
from server.text import name as checked_name
from web.render import N_

Data = dict[str, Any]


class Lane(NamedTuple):
    """A lane to compare with another; `stops` are customers, in order."""

    place: int
    name: str
    area: Data | None
    start: Data | None
    stops: list[str]


class Held(NamedTuple):
    """A plan to compare with another: lanes by member, and the customers in nobody's."""

    lanes: dict[str, Lane]
    loose: list[str]


def save(c: Connection, who: Who, id: str, form: Plan) -> Data:
    """The plan as it is from now on. Saved twice it is saved once; on top of somebody else's it is refused.

    Raises `Conflict` with the sweep as it is, so that nothing is lost on either side.
    """
    row = telling.locked(c, id, planning=True)
    before = queries.plan(c, id)
    _check(c, who, form)
    held, wanted = _held(before), _wanted(form, before)
    if wanted == held:
        return queries.state(c, id)
    if form.changed != row.changed:
        raise Conflict(MEANWHILE, now=queries.state(c, id))
    old = {one["member"]: one["id"] for one in before["lanes"]}
    ids = {member: old.get(member) or new_id() for member in wanted.lanes}
    _write_lanes(c, id, ids, wanted, set(old))
    moved, dropped = _write_stops(c, id, ids, wanted, before)
    handing.withdraw(c, row, [*moved, *dropped], who.id)
    _drop(c, dropped, gone := [old[member] for member in old if member not in ids])
    differ = {ids[member] for member in ids if wanted.lanes[member] != held.lanes.get(member)}
    sharing.keep(c, row)
    telling.tell_lanes(c, row, who.id, differ, loose=wanted.loose != held.loose, gone=tuple(gone))
    arriving.look(c, row, who.id, now())
    return queries.state(c, id)


def _held(plan: dict[str, list[Data]]) -> Held:
    lanes = {
        one["member"]: Lane(place, one["name"], one["area"], one["start"], _customers(one["stops"]))
        for place, one in enumerate(plan["lanes"])
    }
    return Held(lanes, _customers(plan["loose"]))


def _customers(stops: list[Data]) -> list[str]:
    return [one["customer"] for one in stops]


def _wanted(form: Plan, before: dict[str, list[Data]]) -> Held:
    """The form as a plan; what is done or skipped and is not named comes before the rest of its lane."""
    named, goes_on = set(_named(form)), {str(one.member) for one in form.lanes}
    kept: dict[str | None, list[str]] = {None: []}
    for member, stops in [(one["member"], one["stops"]) for one in before["lanes"]] + [
        (None, before["loose"])
    ]:
        past = [one for one in stops if one["state"] != "planned" and one["customer"] not in named]
        kept.setdefault(member if member in goes_on else None, []).extend(_customers(past))
    lanes = {}
    for place, one in enumerate(form.lanes):
        start = one.start.model_dump() if one.start else None
        stops = [*kept.get(str(one.member), []), *map(str, one.stops)]
        area = one.area.model_dump(mode="json") if one.area else None
        lanes[str(one.member)] = Lane(place, _name(one), area, start, stops)
    return Held(lanes, [*kept[None], *map(str, form.loose)])


def _named(form: Plan) -> list[str]:
    return [str(one) for some in (*(each.stops for each in form.lanes), form.loose) for one in some]


def _name(one: LanePlan) -> str:
    return checked_name("name", one.name) if one.name.strip() else ""


def _check(c: Connection, who: Who, form: Plan) -> None:
    """Members of the squad with one lane each, and customers on its list, each once."""
    members = [str(one.member) for one in form.lanes]
    here = select(membership.c.member).where(
        membership.c.squad == who.squad, membership.c.left_at.is_(None), membership.c.member.in_(members)
    )
    if len(set(members)) < len(members) or set(c.scalars(here)) != set(members):
        raise Invalid({"lanes": N_("Each lane belongs to one member of the squad, who has no other.")})
    wanted = _named(form)
    if len(set(wanted)) < len(wanted):
        raise Invalid({"stops": N_("Each customer can be in a sweep only once.")})
    known = (
        select(customer.c.id)
        .join(customer_squad, customer_squad.c.customer == customer.c.id)
        .where(customer_squad.c.squad == who.squad)
    )
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        if len(list(c.scalars(known.where(customer.c.id.in_(some))))) < len(some):
            raise Invalid({"stops": N_("This customer is not on the squad's list.")})


def _write_lanes(c: Connection, id: str, ids: dict[str, str], wanted: Held, old: set[str]) -> None:
    for member, lane_id in ids.items():
        one = wanted.lanes[member]
        spot = one.start or {"lat": None, "lon": None}
        values = {"place": one.place, "name": one.name, "area": one.area}
        values |= {"start_lat": spot["lat"], "start_lon": spot["lon"]}
        if member in old:
            c.execute(update(lane).where(lane.c.id == lane_id).values(**values))
        else:
            c.execute(insert(lane), {"id": lane_id, "sweep": id, "member": member, **values})


def _write_stops(
    c: Connection, id: str, ids: dict[str, str], wanted: Held, before: dict[str, list[Data]]
) -> tuple[list[str], list[str]]:
    """Puts every stop where it belongs. Answers those that left their lane, and those that are in none."""
    stops = [one for some in (*(each["stops"] for each in before["lanes"]), before["loose"]) for one in some]
    known = {one["customer"]: one for one in stops}
    moved = []
    homes: list[tuple[str | None, list[str]]] = [(ids[who], wanted.lanes[who].stops) for who in ids]
    for home, customers in [*homes, (None, wanted.loose)]:
        for place, one in enumerate(customers):
            spot = {"lane": home, "place": place}
            if (there := known.pop(one, None)) is None:
                fresh = {"id": new_id(), "sweep": id, "customer": one, "state": "planned", "reason": ""}
                c.execute(insert(stop), fresh | spot)
                continue
            c.execute(update(stop).where(stop.c.id == there["id"]).values(**spot))
            if there["lane"] != home:
                moved.append(there["id"])
    return moved, [one["id"] for one in known.values()]


def _drop(c: Connection, stops: list[str], lanes: list[str]) -> None:
    """What is not in the plan any more; the journal has it still."""
    for start in range(0, len(stops), 500):
        some = stops[start : start + 500]
        c.execute(delete(handover).where(handover.c.stop.in_(some)))
        c.execute(delete(stop).where(stop.c.id.in_(some)))
    c.execute(delete(lane).where(lane.c.id.in_(lanes)))
