"""The planner: from a problem to a lane for every member. Nothing in here waits, asks or remembers."""

import math
import time
from collections.abc import Callable

from server.sweeps.planning.ground import Ground
from server.sweeps.planning.level import level
from server.sweeps.planning.plane import Plane
from server.sweeps.planning.problem import Board, Customer, Place, Problem, Progress, Proposal, Reason, Unfit
from server.sweeps.planning.routes import Routes, complete, fill
from server.sweeps.planning.search import Limits, search
from server.sweeps.planning.sides import Field

Tell = Callable[[Progress], None]


def propose(problem: Problem, tell: Tell = lambda progress: None, deadline: float | None = None) -> Proposal:
    """Level lanes that enter from different sides and all end at the rally point in time.

    `tell` hears how it goes, often; `deadline` is one of the monotonic clock, else `seconds` from now.
    Every customer is once in a lane (planned or done) or named in `unfit`.
    """
    deadline = time.monotonic() + problem.seconds if deadline is None else deadline
    asked = _asked(problem)
    placed = [(one, one.at) for one in asked if one.at is not None]
    field = Field(Plane(problem.rally), [at for _, at in placed])
    here = Ground(problem, field.starts(problem.members))
    out = [lane for lane in range(len(problem.members)) if here.in_time(lane)]
    unfit = {one.id: reason for one in asked if (reason := _hopeless(here, out, one))}
    wanted = [(one, at) for one, at in placed if one.id not in unfit]
    board = here.board(out, wanted)
    routes, cut = best(board, limits(problem, len(wanted), deadline), tell)
    at = {place: (one.id, spot) for place, (one, spot) in zip(board.customers, wanted, strict=True)}
    unfit |= {at[place][0]: "no_time" for place in at.keys() - {place for route in routes for place in route}}
    stops: list[list[tuple[str, Place]]] = [[] for _ in problem.members]
    for lane, route in zip(out, routes, strict=True):
        stops[lane] = [at[place] for place in route]
    lanes = here.lanes(field, stops)
    minutes = [lane.minutes for lane in lanes if lane.stops]
    return Proposal(
        lanes,
        tuple(Unfit(one.id, unfit[one.id]) for one in asked if one.id in unfit),
        sum(lane.metres for lane in lanes),
        max(minutes, default=0),
        min(minutes, default=0),
        cut,
    )


def _asked(problem: Problem) -> list[Customer]:
    """Every customer that is still to be visited, once."""
    done = {id for one in problem.members for id in one.done}
    return list({one.id: one for one in problem.customers if one.id not in done}.values())


def _hopeless(here: Ground, out: list[int], customer: Customer) -> Reason | None:
    """Why a customer cannot be in any lane, whatever the others are."""
    members = here.problem.members
    able = [lane for lane, one in enumerate(members) if customer.member in (None, one.id)]
    if customer.at is None:
        return "no_position"
    if not able:
        return "no_members"
    if not any(here.in_time(lane, customer.at) for lane in able if lane in out):
        return "too_far"
    return None


def limits(problem: Problem, customers: int, deadline: float) -> Limits:
    """More rounds for more customers and more time, but so few that an idle machine is through in time."""
    rounds = round((250 + 3.5 * customers) * problem.seconds / 2.5)
    return Limits(max(20, rounds), deadline, problem.seed)


def best(board: Board, limits: Limits, tell: Tell = lambda progress: None) -> tuple[Routes, bool]:
    """The best routes found, and whether time ran out. What is in none of them fits into none of them.

    First as many customers as can be visited, then lanes that end together.
    """
    if not board.ready:
        return [], False
    routes: Routes = [[] for _ in board.ready]
    left = fill(board, routes, list(board.customers))
    stages = [(0.5, True), (0.25, False), (0.25, False)] if left else [(0.5, False), (0.5, False)]
    cut, done = False, 0.0
    for share, fitting in stages:

        def hear(part: float, fitted: int, last: int, done: float = done, share: float = share) -> None:
            tell(Progress(done + share * part, fitted, len(board.customers), math.ceil(last / 60)))

        now = time.monotonic()
        until = now + 0.9 * (limits.deadline - now) * share / (1 - done)
        part = Limits(max(1, round(limits.rounds * share)), until, limits.seed)
        routes, stopped = search(board, routes, left if fitting else [], part, hear)
        cut, done = cut or stopped, done + share
        left = complete(board, routes)
    level(board, routes, limits.deadline)
    complete(board, routes)
    return routes, cut
