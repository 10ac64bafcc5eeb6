"""Makes lanes level: stops are moved and swapped out of the longest lane as long as that makes it shorter."""

import time
from typing import NamedTuple

from server.sweeps.planning.problem import Board
from server.sweeps.planning.routes import Routes, cheapest

NEAR = 12
"""With how many of the stops nearby a stop may swap lanes."""


class Move(NamedTuple):
    """When the later of two lanes would end, both together, the other lane, and the two routes."""

    later: int
    both: int
    lane: int
    mine: list[int]
    theirs: list[int]


def level(board: Board, routes: Routes, deadline: float) -> None:
    """Changes the routes in place. A lane never becomes longer than the longest was."""
    ends = [board.finish(lane, route) for lane, route in enumerate(routes)]
    for _ in range(len(board.legs)):
        longest = max(range(len(ends)), key=lambda lane: (ends[lane], lane))
        moves = [*_given(board, routes, ends, longest), *_swapped(board, routes, ends, longest)]
        if not moves or time.monotonic() > deadline:
            return
        best = min(moves)
        for lane, route in ((longest, best.mine), (best.lane, best.theirs)):
            routes[lane], ends[lane] = route, board.finish(lane, route)


def _given(board: Board, routes: Routes, ends: list[int], longest: int) -> list[Move]:
    """Every stop of the longest lane, given to each of the others that stays shorter with it."""
    moves = []
    for place in routes[longest]:
        mine = [one for one in routes[longest] if one != place]
        end = board.finish(longest, mine)
        for lane, route in enumerate(routes):
            if lane != longest and board.may(lane, place):
                extra, at = cheapest(board, lane, route, place)
                theirs = ends[lane] + extra
                if theirs < ends[longest]:
                    moves.append(Move(max(end, theirs), end + theirs, lane, mine, _with(route, at, place)))
    return moves


def _swapped(board: Board, routes: Routes, ends: list[int], longest: int) -> list[Move]:
    """Every stop of the longest lane against some of the stops nearby, where both lanes then are shorter."""
    moves = []
    lanes = {place: lane for lane, route in enumerate(routes) for place in route}
    for place in routes[longest]:
        legs = board.legs[place]
        without = [one for one in routes[longest] if one != place]
        end = board.finish(longest, without)
        others = (one for one in lanes if lanes[one] != longest and board.may(lanes[one], place))
        for other in sorted(others, key=lambda one: (legs[one], one))[:NEAR]:
            lane = lanes[other]
            extra, at = cheapest(board, longest, without, other)
            if end + extra < ends[longest] and board.may(longest, other):
                rest = [one for one in routes[lane] if one != other]
                more, there = cheapest(board, lane, rest, place)
                theirs = board.finish(lane, rest) + more
                if theirs < ends[longest]:
                    both = (_with(without, at, other), _with(rest, there, place))
                    moves.append(Move(max(end + extra, theirs), end + extra + theirs, lane, *both))
    return moves


def _with(route: list[int], position: int, place: int) -> list[int]:
    return [*route[:position], place, *route[position:]]
