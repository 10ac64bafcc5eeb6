"""Lanes as a lead would have them proposed: from different sides, level, and together at the rally point."""

import math
import random
from dataclasses import replace
from datetime import timedelta

import pytest

from server.sweeps.planning.plane import Plane, bearing
from server.sweeps.planning.problem import Board, Customer, Lane, Member, Place, Progress
from server.sweeps.planning.propose import propose
from server.sweeps.planning.routes import complete
from tests.server.lanes import MORNING, TOWN, near, planned, problem, verify

THREE = tuple(Member(name) for name in ("wang", "zhang", "li"))


def scattered(count: int, seed: int = 1, kilometres: float = 5.0) -> list[Place | None]:
    """Customers all over the town."""
    dice = random.Random(seed)
    return [near(*(dice.uniform(-kilometres, kilometres) for _ in "xy")) for _ in range(count)]


def directions(lanes: tuple[Lane, ...]) -> list[float]:
    """The bearing of each lane's start from the rally point."""
    plane = Plane(TOWN)
    return sorted(bearing(plane.point(lane.start)) for lane in lanes)


def test_three_without_a_start_come_from_three_sides() -> None:
    """Their entrances lie apart, every customer is in a lane, and they arrive within a visit."""
    asked = problem(scattered(24), THREE, rally_at=MORNING + timedelta(hours=6))
    found = propose(asked)
    verify(asked, found)
    assert found.unfit == ()
    one, two, three = directions(found.lanes)
    assert min(two - one, three - two, one + 360 - three) > 60
    assert len({lane.side for lane in found.lanes}) == 3
    assert found.longest - found.shortest <= 20
    assert sorted(len(lane.stops) for lane in found.lanes) in ([8, 8, 8], [7, 8, 9])


def test_a_side_that_was_chosen_is_kept() -> None:
    """Who is to come from the east and the south does; the third fills the gap. The middle is a side, too."""
    members = (Member("wang", side="east"), Member("zhang", side="south"), Member("li"))
    found = propose(problem(scattered(24), members))
    wang, zhang, li = found.lanes
    assert (wang.side, zhang.side) == ("east", "south")
    assert wang.start.lon > TOWN.lon
    assert zhang.start.lat < TOWN.lat
    assert li.side in ("west", "north", "northwest")
    middle = propose(problem(scattered(24), (Member("wang", side="centre"),))).lanes[0]
    assert (middle.side, middle.start) == ("centre", TOWN)


def test_everybody_starts_where_they_are() -> None:
    """Positions are kept; who has the longer way to go visits fewer."""
    members = (Member("wang", near(0, 1)), Member("zhang", near(-40, 0)))
    asked = problem(scattered(12), members, rally_at=MORNING + timedelta(hours=8))
    found = propose(asked)
    verify(asked, found)
    wang, zhang = found.lanes
    assert (wang.start, zhang.start) == (near(0, 1), near(-40, 0))
    assert len(wang.stops) > len(zhang.stops) > 0
    assert abs(wang.arrives - zhang.arrives) <= timedelta(minutes=30)


def test_too_little_time_names_what_does_not_fit() -> None:
    """As many as can be are visited; the others are named, and why."""
    asked = problem([*scattered(24), near(300, 0)], THREE, rally_at=MORNING + timedelta(hours=2))
    found = propose(asked)
    verify(asked, found)
    reasons = {one.customer: one.reason for one in found.unfit}
    assert reasons.pop("c24") == "too_far"
    assert set(reasons.values()) == {"no_time"}
    assert sum(len(lane.stops) for lane in found.lanes) >= 8


def test_customers_without_a_position_are_named() -> None:
    """Nobody can be sent there."""
    found = propose(problem([None, near(1, 1), None], THREE))
    assert [(one.customer, one.reason) for one in found.unfit] == [
        ("c0", "no_position"),
        ("c2", "no_position"),
    ]


def test_nobody_goes_out() -> None:
    """Then all customers are named."""
    found = propose(problem([near(1, 1)], ()))
    assert (found.lanes, [one.reason for one in found.unfit]) == ((), ["no_members"])


def test_no_customers() -> None:
    """A sweep without stops is fine: everyone goes straight to the rally point."""
    asked = problem([], (Member("wang", near(3, 0)), Member("zhang")))
    found = propose(asked)
    verify(asked, found)
    wang, zhang = found.lanes
    assert (wang.side, wang.minutes) == ("north", 13)
    assert (zhang.start, zhang.minutes, zhang.metres) == (TOWN, 0, 0)
    assert found.unfit == ()


def test_one_member_has_all() -> None:
    """In an order without detours: as long as the way round is."""
    ring = [near(3 * math.cos(turn), 3 * math.sin(turn)) for turn in (0, 2, 4, 1, 5, 3)]
    found = propose(problem([*ring], (Member("wang", near(3.1, -1)),)))
    order = [int(id[1:]) for id in planned(found.lanes[0])]
    assert order in ([0, 3, 1, 5, 2, 4], [4, 2, 5, 1, 3, 0])
    assert (found.lanes[0].number, found.longest) == (0, found.shortest)


def test_all_at_one_place() -> None:
    """A shopping mall: the visits are shared out, and an outline is still an area."""
    asked = problem([near(1, 1)] * 9, THREE)
    found = propose(asked)
    verify(asked, found)
    assert [len(lane.stops) for lane in found.lanes] == [3, 3, 3]
    assert all(len(lane.area) >= 4 for lane in found.lanes)


def test_thirty_members() -> None:
    """Each has a lane with a name of its own, and none is much longer than another."""
    members = tuple(Member(f"m{number}") for number in range(30))
    asked = problem(scattered(120), members)
    found = propose(asked)
    verify(asked, found)
    assert found.unfit == ()
    assert {len(lane.stops) for lane in found.lanes} <= {3, 4, 5}


def test_a_rally_point_far_away() -> None:
    """The sides are those of the customers then, and the way is part of every lane."""
    asked = problem(scattered(9), THREE, rally=near(0, 60), rally_at=MORNING + timedelta(hours=9))
    found = propose(asked)
    verify(asked, found)
    assert found.unfit == ()
    assert len({lane.side for lane in found.lanes}) == 3
    assert all(lane.metres > 60_000 for lane in found.lanes)


def test_the_rest_is_planned_anew_from_where_everyone_is() -> None:
    """In the middle of a sweep: what is done stays, what is settled stays, who is late is told."""
    spots = scattered(12)
    members = (
        Member("wang", spots[0], free_at=MORNING + timedelta(minutes=90), done=("c0", "c1")),
        Member("zhang", spots[2], free_at=MORNING + timedelta(minutes=70), done=("c2",)),
        Member("li", near(0, 400), free_at=MORNING + timedelta(minutes=80), done=("c3",)),
    )
    asked = problem(spots, members)
    customers = tuple(
        Customer(one.id, one.at, "zhang" if one.id == "c4" else None) for one in asked.customers
    )
    asked = replace(asked, customers=customers)
    found = propose(asked)
    verify(asked, found)
    wang, zhang, li = found.lanes
    assert [lane.done for lane in found.lanes] == [("c0", "c1"), ("c2",), ("c3",)]
    assert "c4" in planned(zhang)
    assert (li.late, li.stops, wang.late) == (True, (), False)
    assert wang.stops[0].arrives >= MORNING + timedelta(minutes=90)


def test_what_only_somebody_at_home_may_visit_is_named() -> None:
    """Nobody else gets it."""
    asked = replace(problem([], THREE), customers=(Customer("c0", near(1, 1), "sun"),))
    assert [one.reason for one in propose(asked).unfit] == ["no_members"]


def test_what_still_fits_is_put_in() -> None:
    """Whatever a search has left out; nothing twice, and nothing that would make a lane late."""
    legs = [[0 if one == two else 60 for two in range(6)] for one in range(6)]
    routes = [[3], []]
    assert complete(Board(legs, [0, 0], 400, 60), routes) == []
    assert sorted(place for route in routes for place in route) == [3, 4, 5]
    assert complete(Board(legs, [0, 0], 400, 60, {5: 1}), found := [[], []]) == []
    assert 5 in found[1]
    assert complete(Board(legs, [300, 300], 400, 60), [[], []]) == [3, 4, 5]


def test_a_plan_is_told_as_it_gets_better() -> None:
    """From 0 to 1, never back, with the best so far."""
    heard: list[Progress] = []
    propose(problem(scattered(30), THREE, rally_at=MORNING + timedelta(hours=8)), heard.append)
    shares = [one.share for one in heard]
    assert shares == sorted(shares)
    assert (0 < shares[0] < 0.1, shares[-1]) == (True, pytest.approx(1))
    assert {(one.fitted, one.of) for one in heard} == {(30, 30)}
    assert heard[-1].longest <= heard[0].longest
