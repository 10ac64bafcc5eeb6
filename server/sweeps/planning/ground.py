"""Between places on the earth and the planner's numbers: distances, times, and the finished lanes."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from server.sweeps.planning.plane import outline
from server.sweeps.planning.problem import Board, Customer, Lane, Place, Problem, Stop
from server.sweeps.planning.sides import Field
from server.visits.place import metres

MARGIN = 150.0
"""Metres from a lane's stops to its outline, at least; or this share of the way to the farthest customer:"""
SHARE = 0.04


class Ground:
    """The way between places, and how long it takes; times are whole seconds from the sweep's start."""

    def __init__(self, problem: Problem, starts: Sequence[Place]) -> None:
        self.problem, self.starts = problem, starts
        self.due = math.floor((problem.rally_at - problem.begins).total_seconds())
        self.visit = math.ceil(problem.visit_minutes * 60)
        waits = [(one.free_at or problem.begins) - problem.begins for one in problem.members]
        self.ready = [max(0, math.ceil(wait.total_seconds())) for wait in waits]

    def metres(self, one: Place, two: Place) -> float:
        """How far it is on the road, as far as one can tell."""
        return metres(one.lat, one.lon, two.lat, two.lon) * self.problem.detour

    def seconds(self, one: Place, two: Place) -> int:
        """How long that takes."""
        return math.ceil(self.metres(one, two) * 3.6 / self.problem.speed)

    def in_time(self, lane: int, by: Place | None = None) -> bool:
        """Whether a member can be at the rally point in time, straight on or by way of one visit."""
        start, rally = self.starts[lane], self.problem.rally
        if by is None:
            way = self.seconds(start, rally)
        else:
            way = self.seconds(start, by) + self.visit + self.seconds(by, rally)
        return self.ready[lane] + way <= self.due

    def board(self, out: Sequence[int], customers: Sequence[tuple[Customer, Place]]) -> Board:
        """The planner's numbers for the lanes that go out and these customers, in this order."""
        places = [*(self.starts[lane] for lane in out), self.problem.rally, *(at for _, at in customers)]
        legs = [[0] * len(places) for _ in places]
        for one, here in enumerate(places):
            for two in range(one):
                legs[one][two] = legs[two][one] = self.seconds(here, places[two])
        board = Board(legs, [self.ready[lane] for lane in out], self.due, self.visit)
        lane_of = {self.problem.members[lane].id: number for number, lane in enumerate(out)}
        for place, (customer, _) in zip(board.customers, customers, strict=True):
            if customer.member is not None:
                board.owner[place] = lane_of[customer.member]
        return board

    def lanes(self, field: Field, routes: Sequence[Sequence[tuple[str, Place]]]) -> tuple[Lane, ...]:
        """The lanes of all members, in their order, named by their sides."""
        corners = [[self.starts[lane], *(at for _, at in route)] for lane, route in enumerate(routes)]
        sides = field.names(self.problem.members, [spots[1:] or spots for spots in corners])
        margin = max(MARGIN, SHARE * field.reach)
        made = []
        for lane, (member, route) in enumerate(zip(self.problem.members, routes, strict=True)):
            start = self.starts[lane]
            stops, far, time = self._stops(lane, route)
            area = outline((field.plane.point(at) for at in corners[lane]), margin)
            made.append(
                Lane(
                    member.id,
                    *sides[lane],
                    start,
                    member.at is None,
                    member.done,
                    stops,
                    self._moment(time),
                    time > self.due,
                    round(far),
                    math.ceil((time - self.ready[lane]) / 60),
                    tuple(field.plane.place(point) for point in area),
                )
            )
        return tuple(made)

    def _moment(self, seconds: int) -> datetime:
        return self.problem.begins + timedelta(seconds=seconds)

    def _stops(self, lane: int, route: Sequence[tuple[str, Place]]) -> tuple[tuple[Stop, ...], float, int]:
        """The stops with their times; metres and seconds at the rally point."""
        at, far, time, stops = self.starts[lane], 0.0, self.ready[lane], []
        for customer, place in route:
            time += self.seconds(at, place)
            far += (way := self.metres(at, place))
            arrives, time = time, time + self.visit
            stops.append(Stop(customer, self._moment(arrives), self._moment(time), round(way)))
            at = place
        end = self.problem.rally
        return tuple(stops), far + self.metres(at, end), time + self.seconds(at, end)
