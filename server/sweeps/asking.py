"""From a sweep as it stands to a problem for the planner."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, exists, func, select

from server.customers.models import customer, customer_squad
from server.errors import Invalid
from server.schema import now
from server.squads.models import membership
from server.sweeps import queries, standing
from server.sweeps.forms import Ask, Goer
from server.sweeps.models import lane, stop
from server.sweeps.planning.problem import Customer, Member, Place, Problem
from server.visits.models import visit
from web.render import N_

MOST = 500
"""Customers that can be planned at once."""


def problem(c: Connection, row: Any, form: Ask) -> Problem:
    """What is asked of the planner; while the sweep is under way, from where everyone is now.

    Raises `Invalid` for members or customers that are not the squad's, and for too many.
    """
    under_way = row.state in queries.LIVE
    begins = max(row.starts_at, now()) if under_way else row.starts_at
    customers = _customers(c, row, form)
    if len(customers) > MOST:
        raise Invalid({"customers": N_("At most %(most)s customers can be planned at once.")}, {"most": MOST})
    return Problem(
        customers,
        _members(c, row, form, begins, under_way),
        Place(row.rally_lat, row.rally_lon),
        row.rally_at,
        begins,
        row.visit_minutes,
        row.speed_kmh,
        row.detour,
        seed=form.seed,
    )


def _customers(c: Connection, row: Any, form: Ask) -> tuple[Customer, ...]:
    """Those of the sweep in their order, then those that are asked for besides."""
    keep = set(map(str, form.keep))
    here = (
        select(stop.c.customer, stop.c.state, lane.c.member, customer.c.lat, customer.c.lon)
        .join(customer, customer.c.id == stop.c.customer)
        .outerjoin(lane, lane.c.id == stop.c.lane)
        .where(stop.c.sweep == row.id)
        .order_by(lane.c.place, stop.c.place, stop.c.id)
    )
    stops = c.execute(here).all()
    found = [
        Customer(one.customer, _place(one), one.member if one.customer in keep else None)
        for one in stops
        if one.state == "planned"
    ]
    known = {one.customer for one in stops}
    return (*found, *(one for one in _asked(c, row, form) if one.id not in known))


def _asked(c: Connection, row: Any, form: Ask) -> list[Customer]:
    wanted = list(dict.fromkeys(map(str, form.customers)))
    ours = _ours(row.squad)
    found = {one.id: one for one in c.execute(ours.where(customer.c.id.in_(wanted)))}
    if len(found) < len(wanted):
        raise Invalid({"customers": N_("This customer is not on the squad's list.")})
    if form.not_visited_since is not None:
        seen = exists().where(
            visit.c.customer == customer.c.id,
            visit.c.squad == row.squad,
            visit.c.retracted_at.is_(None),
            visit.c.captured_at >= form.not_visited_since,
        )
        found |= {one.id: one for one in c.execute(ours.where(~seen).order_by(customer.c.id))}
    return [Customer(one.id, _place(one)) for one in found.values()]


def _ours(squad: str) -> Select[Any]:
    return (
        select(customer.c.id, customer.c.lat, customer.c.lon)
        .join(customer_squad, customer_squad.c.customer == customer.c.id)
        .where(customer_squad.c.squad == squad, customer.c.merged_into.is_(None))
    )


def _members(c: Connection, row: Any, form: Ask, begins: datetime, under_way: bool) -> tuple[Member, ...]:
    """Who goes out, in the order they were named or have lanes."""
    starts = {one.member: _start(one) for one in c.execute(select(lane).where(lane.c.sweep == row.id))}
    goers = form.members
    if goers is None:
        goers = [Goer.model_validate({"member": one}) for one in queries.participants(c, row.id)]
    _check(c, row.squad, [str(one.member) for one in goers])
    there = _whereabouts(c, row, begins) if under_way else {}
    made = []
    for one in goers:
        id = str(one.member)
        at = Place(one.start.lat, one.start.lon) if one.start else None
        if at is None and one.side is None:
            at = starts.get(id)
        member = Member(id, at, one.side)
        made.append(there.get(id, member) if one.start is None else member)
    return tuple(made)


def _whereabouts(c: Connection, row: Any, begins: datetime) -> dict[str, Member]:
    """Where those are now of whom it is known, and when they are free: not in the middle of a visit."""
    length = timedelta(minutes=row.visit_minutes)
    open_since = (
        select(visit.c.member, func.max(visit.c.captured_at).label("at"))
        .where(visit.c.squad == row.squad, visit.c.retracted_at.is_(None), visit.c.closed_at.is_(None))
        .where(visit.c.captured_at > begins - length, visit.c.captured_at <= begins)
        .group_by(visit.c.member)
    )
    free = {one.member: one.at + length for one in c.execute(open_since)}
    rally = Place(row.rally_lat, row.rally_lon)
    found = {}
    for one in standing.load(c, row.id).members:
        if one.arrived_at is not None:  # who is there stays there
            found[one.member] = Member(one.member, rally, free_at=row.rally_at)
        elif one.spot is not None:
            spot = Place(one.spot.lat, one.spot.lon)
            found[one.member] = Member(one.member, spot, free_at=free.get(one.member))
    return found


def _check(c: Connection, squad: str, members: list[str]) -> None:
    here = select(membership.c.member).where(
        membership.c.squad == squad, membership.c.left_at.is_(None), membership.c.member.in_(members)
    )
    if len(set(members)) < len(members) or set(c.scalars(here)) != set(members):
        raise Invalid({"members": N_("Each lane belongs to one member of the squad, who has no other.")})


def _place(row: Any) -> Place | None:
    return Place(row.lat, row.lon) if row.lat is not None and row.lon is not None else None


def _start(row: Any) -> Place | None:
    known = row.start_lat is not None and row.start_lon is not None
    return Place(row.start_lat, row.start_lon) if known else None
