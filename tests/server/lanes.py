"""Problems for the planner, and what must be true of its answer whatever was asked."""

import math
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from server.sweeps.planning.problem import Customer, Lane, Member, Place, Problem, Proposal
from server.visits.place import metres

TOWN = Place(31.2, 121.4)
MORNING = datetime(2026, 5, 4, 1, tzinfo=UTC)


def near(north: float, east: float) -> Place:
    """A place so many kilometres from the middle of the town."""
    return Place(TOWN.lat + north / 111.195, TOWN.lon + east / (111.195 * math.cos(math.radians(TOWN.lat))))


def problem(customers: list[Place | None], members: tuple[Member, ...], **changes: Any) -> Problem:
    """Customers c0, c1, … on a morning of four hours, to end in the middle of the town."""
    made = tuple(Customer(f"c{number}", at) for number, at in enumerate(customers))
    given: dict[str, Any] = {"rally": TOWN, "begins": MORNING, "rally_at": MORNING + timedelta(hours=4)}
    return Problem(**{"customers": made, "members": members, **given, **changes})


def planned(lane: Lane) -> list[str]:
    """Its stops, in order."""
    return [one.customer for one in lane.stops]


def way(asked: Problem, one: Place, two: Place) -> int:
    """Seconds from place to place."""
    return math.ceil(metres(one.lat, one.lon, two.lat, two.lon) * asked.detour * 3.6 / asked.speed)


def ends(asked: Problem, member: Member, start: Place, visits: list[Place]) -> datetime:
    """When a member is at the rally point, by these visits."""
    time, at = max(asked.begins, member.free_at or asked.begins), start
    for place in visits:
        time += timedelta(seconds=way(asked, at, place)) + timedelta(minutes=asked.visit_minutes)
        at = place
    return time + timedelta(seconds=way(asked, at, asked.rally))


def verify(asked: Problem, found: Proposal) -> None:
    """All that the planner promises, computed anew."""
    places = {one.id: one.at for one in asked.customers}
    owner = {one.id: one.member for one in asked.customers}
    assert [lane.member for lane in found.lanes] == [one.id for one in asked.members]
    told = Counter(id for lane in found.lanes for id in (*lane.done, *planned(lane)))
    told.update(one.customer for one in found.unfit)
    assert told == Counter({*places, *(id for one in asked.members for id in one.done)})
    assert len({(lane.side, lane.number) for lane in found.lanes}) == len(found.lanes)
    for member, lane in zip(asked.members, found.lanes, strict=True):
        spots = [at for id in planned(lane) if (at := places[id])]
        assert lane.done == member.done
        assert member.at in (None, lane.start)
        assert {owner[id] for id in planned(lane)} <= {None, member.id}
        assert lane.arrives == ends(asked, member, lane.start, spots)
        assert lane.late is (ends(asked, member, lane.start, []) > asked.rally_at)
        assert not lane.stops if lane.late else lane.arrives <= asked.rally_at
        assert all(inside(one, lane.area) for one in (lane.start, *spots))
    for one in found.unfit:
        _really_unfit(asked, found, one.reason, owner[one.customer], places[one.customer])


def _really_unfit(asked: Problem, found: Proposal, reason: str, owner: str | None, at: Place | None) -> None:
    """Nobody could have taken it into the lane they have, nor with `too_far` into an empty one."""
    places = {one.id: one.at for one in asked.customers}
    able = [one for one in asked.members if owner in (None, one.id)]
    assert (reason == "no_position") is (at is None)
    if at is None:
        return
    assert (reason == "no_members") is (not able)
    alone = False
    for member, lane in zip(asked.members, found.lanes, strict=True):
        spots = [spot for id in planned(lane) if (spot := places[id])]
        if member not in able or lane.late:
            continue
        alone |= ends(asked, member, lane.start, [at]) <= asked.rally_at
        for place in range(len(spots) + 1):
            tried = [*spots[:place], at, *spots[place:]]
            assert ends(asked, member, lane.start, tried) > asked.rally_at
    assert (reason == "no_time") is alone


def inside(place: Place, area: tuple[Place, ...]) -> bool:
    """Whether a convex outline, anticlockwise, has it inside."""
    corners = zip(area, (*area[1:], area[0]), strict=True)
    return all(
        (b.lon - a.lon) * (place.lat - a.lat) - (b.lat - a.lat) * (place.lon - a.lon) > 0 for a, b in corners
    )
