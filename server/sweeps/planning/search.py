"""The search for good routes: PyVRP's iterated local search, told to keep the lanes level."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from pyvrp import (
    Client,
    CostEvaluator,
    Depot,
    IteratedLocalSearchCallbacks,
    IteratedLocalSearchParams,
    Location,
    ProblemData,
    Route,
    Solution,
    SolveParams,
    VehicleType,
    solve,
)
from pyvrp.search import NeighbourhoodParams

from server.sweeps.planning.problem import Board
from server.sweeps.planning.routes import Routes

OVERTIME = 20
"""What a second above the level costs, in seconds of driving."""
NEAR = 20
"""How many neighbours of a stop are tried beside it."""


Tell = Callable[[float, int, int], None]
"""Hears, after every round: the share of it that is done, customers in lanes, the last arrival."""


@dataclass
class Limits:
    """When a search ends: after so many rounds, or at a moment of the monotonic clock."""

    rounds: int
    deadline: float
    seed: int


class Watch(IteratedLocalSearchCallbacks):
    """Ends the search, and tells how it goes."""

    def __init__(self, limits: Limits, tell: Tell) -> None:
        self.limits, self.tell = limits, tell
        self.done, self.cut = 0, False

    def __call__(self, best_cost: int) -> bool:
        """Whether it is enough; asked before every round."""
        self.cut = self.done < self.limits.rounds and time.monotonic() >= self.limits.deadline
        return self.done >= self.limits.rounds or self.cut

    def on_iteration(self, current: Solution, candidate: Solution, best: Solution, _: CostEvaluator) -> None:
        """Called by the search after every round."""
        self.done += 1
        last = max((route.end_time() for route in best.routes()), default=0)
        self.tell(self.done / self.limits.rounds, best.num_clients(), last)


def search(
    board: Board, routes: Routes, optional: list[int], limits: Limits, tell: Tell
) -> tuple[Routes, bool]:
    """Better routes than these, and whether the deadline came first.

    Without `optional` places all that is in the routes stays in some lane, and the lanes are made level; with
    them as many places as possible are fitted in.
    """
    places = sorted(place for route in routes for place in route) + optional
    if not places:
        return routes, False
    ends = [board.finish(lane, route) for lane, route in enumerate(routes) if route]
    aim = board.due if optional else -(-sum(ends) // len(ends))
    data = _data(board, places, bool(optional), aim)
    clients = {place: client for client, place in enumerate(places)}
    first = [Route(data, [clients[one] for one in route], lane) for lane, route in enumerate(routes) if route]
    watch = Watch(limits, tell)
    history = min(300, max(20, limits.rounds // 60))
    params = SolveParams(
        ils=IteratedLocalSearchParams(history_length=history, callbacks=watch),
        neighbourhood=NeighbourhoodParams(num_neighbours=NEAR),
    )
    start = Solution(data, first)
    found = solve(data, watch, seed=limits.seed, collect_stats=False, params=params, initial_solution=start)
    return _routes(found.best, places, board.rally), watch.cut


def _data(board: Board, places: list[int], optional: bool, aim: int) -> ProblemData:
    worth = 2 * (OVERTIME + 1) * (board.due + max(map(max, board.legs)))  # more than any way round
    clients = [
        Client(
            place,
            service_duration=board.visit,
            required=not optional,
            prize=worth * (1 + (place in board.owner)) if optional else 0,
        )
        for place in places
    ]
    profiles, which = _profiles(board)
    lanes = [
        VehicleType(
            start_depot=lane,
            end_depot=board.rally,
            tw_early=ready,
            tw_late=board.due,
            start_late=ready,
            shift_duration=max(0, aim - ready),
            max_overtime=board.due,
            unit_distance_cost=0,
            unit_duration_cost=1,
            unit_overtime_cost=OVERTIME,
            profile=which[lane],
        )
        for lane, ready in enumerate(board.ready)
    ]
    nowhere = [Location(0, 0) for _ in board.legs]
    depots = [Depot(place) for place in range(board.rally + 1)]
    return ProblemData(nowhere, clients, depots, lanes, profiles, profiles)


def _profiles(board: Board) -> tuple[list[Any], list[int]]:
    """The legs as each lane sees them: what another lane owns is out of reach."""
    far = 2 * (board.due + max(map(max, board.legs))) + 1
    base = np.array(board.legs, dtype=np.int64)
    owners = sorted(set(board.owner.values()))
    made = []
    for lane in [None, *owners]:
        legs = base.copy()
        for place, owner in board.owner.items():
            if owner != lane:
                legs[:, place] = far
                legs[place, place] = 0
        made.append(legs)
    return made, [owners.index(lane) + 1 if lane in owners else 0 for lane in range(board.rally)]


def _routes(best: Solution, places: list[int], lanes: int) -> Routes:
    routes: Routes = [[] for _ in range(lanes)]
    for route in best.routes():
        routes[route.vehicle_type()] = [places[one.idx] for one in route if one.is_client()]
    return routes
