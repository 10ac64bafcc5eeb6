"""Routes by hand: a first set of lanes, and what still fits into them."""

from server.sweeps.planning.problem import Board

Routes = list[list[int]]
"""Places in order, by lane."""
LEVEL = 0.1
"""How much a lane that is long already puts off the next stop, as a share of its time."""


def cheapest(board: Board, lane: int, route: list[int], place: int) -> tuple[int, int]:
    """Seconds that a stop adds to a lane at its best position, and that position."""
    legs, best, at, before = board.legs, -1, 0, lane
    for position, after in enumerate([*route, board.rally]):
        extra = legs[before][place] + legs[place][after] - legs[before][after]
        if best < 0 or extra < best:
            best, at = max(0, extra), position
        before = after
    return best + board.visit, at


def fill(board: Board, routes: Routes, places: list[int]) -> list[int]:
    """Puts each place, the farthest from the rally point first, where it costs least and nobody comes late.

    What fits nowhere is returned.
    """
    ends = [board.finish(lane, route) for lane, route in enumerate(routes)]
    left = []
    for place in sorted(places, key=lambda one: (one not in board.owner, -board.legs[one][board.rally], one)):
        choices = []
        for lane, route in enumerate(routes):
            if board.may(lane, place):
                extra, at = cheapest(board, lane, route, place)
                if ends[lane] + extra <= board.due:
                    choices.append((extra + LEVEL * ends[lane], lane, at))
        if not choices:
            left.append(place)
            continue
        _, lane, at = min(choices)
        routes[lane].insert(at, place)
        ends[lane] = board.finish(lane, routes[lane])
    return left


def complete(board: Board, routes: Routes) -> list[int]:
    """Puts in what still fits; what is left fits nowhere."""
    there = {place for route in routes for place in route}
    left = [place for place in board.customers if place not in there]
    while len(rest := fill(board, routes, left)) < len(left):
        left = rest
    return left
