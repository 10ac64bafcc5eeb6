"""Proposed lanes: how long they take, and how good they are beside a minute's search and the best known."""

import asyncio
import math
import random
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from server.sweeps.planning.problem import Board, Customer, Member, Place, Problem, Proposal
from server.sweeps.planning.propose import best, propose, rounds
from server.sweeps.planning.search import Limits
from server.sweeps.proposing import Planner
from tests.bed.ground import settings
from tests.bench.machine import Bench
from tests.bench.table import Figure

INSTANCES = Path(__file__).parent / "instances"
MEMBERS, CUSTOMERS = 10, 200
LONG = 60.0
"""Seconds of the run that the usual one is compared with."""
Point = tuple[float, float]
Distance = Callable[[Point, Point], float]


def straight(one: Point, two: Point) -> float:
    """As the crow flies, in hundredths."""
    return math.dist(one, two) * 100


def blocks(one: Point, two: Point) -> float:
    """Along streets at right angles."""
    return abs(one[0] - two[0]) + abs(one[1] - two[1])


def rounded(one: Point, two: Point) -> float:
    """As TSPLIB has it."""
    return float(int(math.dist(one, two) + 0.5))


PUBLIC: list[tuple[str, int, Distance, float, bool, float]] = [
    ("eil51", 1, rounded, 1, True, 426),
    ("berlin52", 1, rounded, 1, True, 7542),
    ("eil51", 3, straight, 100, True, 159.57),
    ("eil51", 5, straight, 100, True, 118.13),
    ("eil51", 7, straight, 100, True, 112.07),
    ("whizzkids96", 4, blocks, 1, False, 1183),
]
"""Name, members, how far it is and in which unit, whether they come back, the best known longest lane."""


def run(bench: Bench) -> Iterator[Figure]:
    """Time from asking to the answer; then quality, of as many rounds as an idle machine has time for."""
    asked, what = town(), f"lanes for {MEMBERS} members and {CUSTOMERS} customers"
    seconds, computed, found = timed(asked)
    late = sum(lane.arrives > asked.rally_at for lane in found.lanes)
    yield Figure(
        f"{what}: from asking to the answer",
        seconds,
        "s",
        3,
        note=f"{computed:.1f} s CPU, {late} lanes late, {len(found.unfit)} customers do not fit"
        + (", cut off by a busy machine" if found.cut else ""),
    )
    usual, longer = unhurried(asked), unhurried(replace(asked, seconds=LONG))
    beside = f"a {LONG:.0f} s run"
    yield Figure(f"{what}: longest", usual.longest, "min", 1.05, longer.longest, beside, times=True)
    spread, least = usual.longest - usual.shortest, longer.longest - longer.shortest
    yield Figure(f"{what}: longest less shortest", spread, "min", None, least, beside)
    way, shorter = usual.metres / 1000, longer.metres / 1000
    yield Figure(f"{what}: way of all", way, "km", 1.1, shorter, beside, times=True)
    for name, members, distance, unit, back, known in PUBLIC:
        longest, took = instance(name, members, distance, back)
        yield Figure(
            f"{name}, {members} members: longest lane",
            longest / unit,
            "",
            1.05,
            known,
            "best known",
            times=True,
            note=f"{took:.1f} s CPU",
        )


def town() -> Problem:
    """Half of the customers anywhere in a town of twelve kilometres, half in its five markets."""
    dice = random.Random(1)
    markets = [(dice.gauss(31.2, 0.03), dice.gauss(121.4, 0.03)) for _ in range(5)]
    places = [
        Place(dice.uniform(31.145, 31.255), dice.uniform(121.335, 121.465)) for _ in range(CUSTOMERS // 2)
    ]
    while len(places) < CUSTOMERS:
        lat, lon = dice.choice(markets)
        places.append(Place(dice.gauss(lat, 0.005), dice.gauss(lon, 0.005)))
    begins = datetime(2026, 5, 4, 1, tzinfo=UTC)
    return Problem(
        tuple(Customer(f"c{number}", at) for number, at in enumerate(places)),
        tuple(Member(f"m{number}") for number in range(MEMBERS)),
        Place(31.2, 121.4),
        begins + timedelta(hours=9),
        begins,
    )


def timed(asked: Problem) -> tuple[float, float, Proposal]:
    """As the server does it: seconds, of which computed, and the answer."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    found = asyncio.run(Planner(settings()).propose(asked, lambda progress: None))
    seconds = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    computed = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, computed, found


def unhurried(asked: Problem) -> Proposal:
    """However busy the machine is: the rounds count, not the time."""
    return propose(asked, deadline=math.inf)


def instance(name: str, members: int, distance: Distance, back: bool) -> tuple[float, float]:
    """The longest lane of a public instance, and the seconds it took to compute."""
    lines = (INSTANCES / f"{name}.tsp").read_text().splitlines()
    points = [(float(x), float(y)) for _, x, y in (line.split() for line in lines if line[:1].isdigit())]
    places = [points[0]] * (members + 1) + points[1:]
    legs = [[round(distance(one, two)) for two in places] for one in places]
    if not back:
        for row in legs:
            row[members] = 0
    board = Board(legs, [0] * members, 10**9, 0)
    begun = time.process_time()
    routes, _ = best(board, Limits(rounds(len(points) - 1, 2.5), math.inf, 1))
    took = time.process_time() - begun
    return max(board.finish(lane, route) for lane, route in enumerate(routes)), took
