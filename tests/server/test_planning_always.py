"""What is true of every proposal, whatever was asked: hypothesis tries to find what it is not true of."""

import time
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from server.sweeps.planning.problem import Customer, Member, Place, Problem
from server.sweeps.planning.propose import propose
from server.sweeps.planning.sides import SIDES
from tests.server.lanes import MORNING, near, verify

spots = st.builds(near, *(st.floats(-8, 8).map(lambda value: round(value, 2)) for _ in "xy"))
moments = st.integers(-30, 300).map(lambda minutes: MORNING + timedelta(minutes=minutes))


@st.composite
def problems(draw: Any) -> Problem:
    """A few members of every kind and some customers, done, settled, unknown or free."""
    names = [f"m{number}" for number in range(draw(st.integers(0, 6)))]
    owners = st.sampled_from([None, None, None, *names, "somebody who stays at home"])
    customers = [
        Customer(f"c{number}", draw(st.none() | spots | spots), draw(owners))
        for number in range(draw(st.integers(0, 20)))
    ]
    done = iter([f"c{number}" for number in range(draw(st.integers(0, 4)))])
    members = [
        Member(
            name,
            draw(st.none() | spots),
            draw(st.sampled_from([None, None, *SIDES, "centre"])),
            draw(st.none() | moments),
            tuple(id for id, _ in zip(done, range(draw(st.integers(0, 2))), strict=False)),
        )
        for name in names
    ]
    return Problem(
        tuple(customers),
        tuple(members),
        draw(spots),
        draw(moments),
        MORNING,
        draw(st.integers(1, 60)),
        draw(st.sampled_from([4.5, 20.0, 60.0])),
        draw(st.sampled_from([1.0, 1.35])),
        seconds=0.2,
        seed=draw(st.integers(0, 1000)),
    )


@settings(deadline=None, max_examples=80)
@given(problems())
def test_every_customer_is_once_in_a_lane_or_named_and_no_lane_is_late(asked: Problem) -> None:
    """Nor does a lane lose what is done, or get what somebody else is to visit."""
    verify(asked, propose(asked))


@settings(deadline=None, max_examples=20)
@given(problems())
def test_the_same_problem_has_the_same_answer(asked: Problem) -> None:
    """As long as the time is enough."""
    enough = time.monotonic() + 600
    first = propose(asked, deadline=enough)
    assert not first.cut
    assert propose(asked, deadline=enough) == first


@settings(deadline=None, max_examples=40)
@given(problems())
def test_without_any_time_to_search_it_is_true_as_well(asked: Problem) -> None:
    """A machine too busy to search still gives everyone a lane that ends in time."""
    verify(asked, propose(asked, deadline=time.monotonic()))


@settings(deadline=None, max_examples=25)
@given(problems(), st.floats(-89, 89), st.floats(-180, 180))
def test_anywhere_on_earth(asked: Problem, lat: float, lon: float) -> None:
    """Near the poles and across the date line."""
    moved = {one.at: _moved(one.at, lat, lon) for one in (*asked.customers, *asked.members) if one.at}
    customers = tuple(Customer(one.id, moved.get(one.at), one.member) for one in asked.customers)  # type: ignore[arg-type]
    members = tuple(
        Member(one.id, moved.get(one.at), one.side, one.free_at, one.done)  # type: ignore[arg-type]
        for one in asked.members
    )
    found = propose(Problem(customers, members, Place(lat, lon), asked.rally_at, MORNING, seconds=0.1))
    assert len(found.lanes) == len(members)
    assert all(-90 <= at.lat <= 90 and -180 <= at.lon <= 180 for lane in found.lanes for at in lane.area)
    assert all(lane.late or lane.arrives <= asked.rally_at for lane in found.lanes)


def _moved(place: Place, lat: float, lon: float) -> Place:
    """As far from there as it was from the town."""
    north = min(90.0, max(-90.0, lat + place.lat - 31.2))
    return Place(north, (lon + place.lon - 121.4 + 180) % 360 - 180)
