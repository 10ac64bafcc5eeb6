"""What an event costs the server while 10 other squads are being watched, and while 10,000 are."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import NamedTuple

from tests.bench.callers import call
from tests.bench.company import Company, found
from tests.bench.crowd import Crowd
from tests.bench.machine import LOAD, Bench, cpu, median, on
from tests.bench.shop import check_in, clock, serving
from tests.bench.table import Figure

FEW, MANY = 10, 10_000
AT_ONCE = 60
"""Squads that one connection listens to; it may be 64."""
WATCHERS, CHECK_INS, ROUNDS = 10, 300, 5


class Shop(NamedTuple):
    """A running server with its watchers."""

    port: int
    pid: int
    town: Company
    idle: float


def run(bench: Bench) -> Iterator[Figure]:
    """CPU of a check-in with ten watchers, less what the server does anyway; then that."""
    with ExitStack() as stack:
        few, many = opened(bench, stack, FEW), opened(bench, stack, MANY)
        floors, costs = [], []
        for _ in range(ROUNDS):
            floors.append(cost(few))
            costs.append(cost(many))
    yield Figure(
        f"CPU of an event with {MANY:,} other squads watched",
        median(costs),
        "µs",
        1.1,
        median(floors),
        f"µs, with {FEW}",
        median([one / least for one, least in zip(costs, floors, strict=True)]),
        times=True,
        rounds=costs,
        note=f"a check-in over HTTP, seen by {WATCHERS}; watching alone takes {many.idle:.1%} of a core, "
        f"with {FEW} {few.idle:.1%}",
    )


def opened(bench: Bench, stack: ExitStack, others: int) -> Shop:
    """A server with a squad that has its watchers, and so many others that are watched too."""
    settings = stack.enter_context(bench.ground.embedded())
    town = found(settings, squads=1, members=100, others=others)
    shop = stack.enter_context(serving(bench, settings))
    crowd = stack.enter_context(Crowd(bench, shop.port, token=town.tokens[0]))
    crowd.open(WATCHERS, f"/live?streams={town.squads[0]}&as=html")
    for start in range(1, len(town.squads), AT_ONCE):
        crowd.open(1, f"/live?streams={','.join(town.squads[start : start + AT_ONCE])}&as=html")
    before, began = cpu(shop.pid), time.monotonic()
    time.sleep(5)
    return Shop(shop.port, shop.pid, town, (cpu(shop.pid) - before) / (time.monotonic() - began))


def cost(shop: Shop) -> float:
    """Microseconds of a check-in."""
    turns = shop.town.turns()
    before = cpu(shop.pid)
    with on(LOAD):
        done = call(shop.port, lambda _: check_in(*next(turns), clock()), lines=1, count=CHECK_INS)
    done.only(201)
    return (cpu(shop.pid) - before - shop.idle * done.seconds) * 1e6 / CHECK_INS
