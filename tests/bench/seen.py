"""The whole way of a check-in: from the request's first byte to the frame in the hands of 1,000 watchers.

The real server on SQLite; the watchers get what a screen gets, HTML rendered from the database, or what a
program gets, data. Being accepted is a part of this way: from there it is shorter still.
"""

import time
from collections.abc import Iterator
from typing import Any

from tests.bench.callers import call
from tests.bench.company import found
from tests.bench.crowd import Crowd
from tests.bench.delivery import sendloop
from tests.bench.machine import LOAD, Bench, cpu, on
from tests.bench.shop import check_in, clock, serving
from tests.bench.table import Figure

WATCHERS, RATE, COUNT = 1000, 50, 1000


def run(bench: Bench) -> Iterator[Figure]:
    """p50 and p99; the floor is the C loop's delivery of one frame to as many."""
    with sendloop(bench) as (crowd, _):
        crowd.open(WATCHERS)
        crowd.publish(5)
        least = crowd.publish(200)
    for form in ("html", "data"):
        told, busy = measured(bench, form)
        for which, bound in (("p50", None), ("p99", 25)):
            yield Figure(
                f"check-in sent to seen by {WATCHERS:,} as {form}, at {RATE}/s: {which}",
                told[which] / 1000,
                "ms",
                bound,
                least[which] / 1000,
                "ms, C loop's delivery alone",
                note=f"the server computed {busy:.0%} of the time" if which == "p99" else "",
            )


def measured(bench: Bench, form: str) -> tuple[dict[str, Any], float]:
    """What the watchers tell, and the share of a core that the server used."""
    with bench.ground.embedded() as settings:
        town = found(settings, squads=1, members=100)
        turns = town.turns()

        def marked(number: int) -> bytes:
            mark = f"~TS={time.clock_gettime_ns(time.CLOCK_MONOTONIC):019d};SQ={number:08d};"
            return check_in(*next(turns), clock(), mark)

        with serving(bench, settings) as shop, Crowd(bench, shop.port, token=town.tokens[0]) as crowd:
            crowd.open(WATCHERS, f"/live?streams={town.squads[0]}&as={form}")
            with on(LOAD):
                call(shop.port, lambda _: check_in(*next(turns), clock()), lines=4, count=50).only(201)
                crowd.expect(COUNT)
                before = cpu(shop.pid)
                done = call(shop.port, marked, lines=16, count=COUNT, rate=RATE)
                done.only(201)
            return crowd.seen(), (cpu(shop.pid) - before) / done.seconds
