"""Memory that an idle live connection takes of the real server."""

import sys
from collections.abc import Iterator

from tests.bench.company import found
from tests.bench.crowd import Crowd
from tests.bench.machine import SERVER, Bench, Program, memory
from tests.bench.shop import serving
from tests.bench.table import Figure

FIRST, THEN = 500, 10_000
"""Watchers that have the server load what it loads once, and those that are counted."""


def run(bench: Bench) -> Iterator[Figure]:
    """What the resident set grows by; a connection kept in bare uvloop is the floor."""
    watchers = bench.most(THEN + FIRST) - FIRST
    with bench.ground.embedded() as settings:
        town = found(settings, squads=1, members=1)
        with serving(bench, settings) as shop:
            kept = grown(
                bench, shop.port, shop.pid, watchers, town.tokens[0], f"/live?streams={town.squads[0]}"
            )
    with Program(sys.executable, "-m", "tests.bench.kept", core=SERVER) as bare:
        least = grown(bench, bare.ports()[0], bare.pid, watchers)
    yield Figure(
        f"memory per idle live connection, of {watchers:,}",
        kept,
        "KB",
        3,
        least,
        "KB, bare uvloop connection",
    )


def grown(bench: Bench, port: int, pid: int, watchers: int, token: str = "", path: str = "/live") -> float:
    """KB of each watcher."""
    with Crowd(bench, port, token=token) as crowd:
        crowd.open(FIRST, path)
        before = memory(pid)
        crowd.open(watchers, path)
        return (memory(pid) - before) / 1024 / watchers
