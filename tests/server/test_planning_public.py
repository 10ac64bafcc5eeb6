"""The planner on public problems: near the best that is known, and never better than what is proved."""

import math

import pytest

from server.sweeps.planning.problem import Problem
from server.sweeps.planning.propose import best, limits
from tests.bench.instances import INSTANCES, Instance
from tests.server.lanes import MORNING, TOWN


@pytest.mark.parametrize("one", INSTANCES, ids=lambda one: f"{one.name}-{one.lanes}")
def test_a_public_problem_is_solved_about_as_well_as_can_be(one: Instance) -> None:
    """With the rounds a proposal has, however slow the machine: all places once, within a twentieth."""
    board = one.board()
    asked = limits(Problem((), (), TOWN, MORNING, MORNING), len(board.customers), math.inf)
    routes, cut = best(board, asked)
    assert not cut
    assert sorted(place for route in routes for place in route) == list(board.customers)
    longest = max(board.finish(lane, route) for lane, route in enumerate(routes))
    rounding = len(board.customers) / 2 if one.lanes > 1 else 0
    assert one.best * one.unit - rounding <= longest <= 1.05 * one.best * one.unit


@pytest.mark.parametrize(("name", "lanes"), [("eil51", 7), ("berlin52", 5), ("eil76", 7)])
def test_a_best_that_is_proved_is_the_way_to_the_farthest_place_and_back(name: str, lanes: int) -> None:
    """No lane can be shorter than that, so the table's value is not somebody's mistake."""
    one = next(one for one in INSTANCES if (one.name, one.lanes) == (name, lanes))
    assert 2 * max(one.board().legs[0]) / one.unit == pytest.approx(one.best, abs=0.02)
