"""kill -9, and the server is started again: how long until a page is answered and all are live again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress

import psutil

from tests.bed.served import Served
from tests.bench.callers import call
from tests.bench.company import Company, found
from tests.bench.crowd import Crowd
from tests.bench.machine import LOAD, SERVER, Bench, median, on
from tests.bench.shop import asked, check_in, clock, serving
from tests.bench.table import Figure

WATCHERS, CHECK_INS, ROUNDS = 1000, 500, 3
LIBRARIES = (
    "import fastapi, pydantic, sqlalchemy.ext.asyncio, alembic.command, uvicorn, jinja2, redis.asyncio"
)


def run(bench: Bench) -> Iterator[Figure]:
    """From the kill on; the floor is a Python that imports the libraries and does nothing else."""
    watchers = bench.most(WATCHERS)
    pages, alive, floors = [], [], []
    with bench.ground.embedded() as settings:
        town = found(settings, squads=1, members=20)
        with serving(bench, settings) as shop:
            turns = town.turns()
            with on(LOAD):
                call(shop.port, lambda _: check_in(*next(turns), clock()), lines=4, count=CHECK_INS).only(201)
            for _ in range(ROUNDS):
                page, live = again(bench, shop, town, watchers)
                pages.append(page)
                alive.append(live)
                floors.append(imported())
    floor = median(floors)
    yield Figure("kill -9 to the first page", median(pages), "s", 5, floor, "s, imports alone", rounds=pages)
    yield Figure(
        f"kill -9 to {watchers:,} watchers live again",
        median(alive),
        "s",
        6,
        floor,
        "s, imports alone",
        rounds=alive,
        note="they come back at once and not, as pages do, a little after each other",
    )


def again(bench: Bench, shop: Served, town: Company, watchers: int) -> tuple[float, float]:
    """Seconds from the kill to the live page, and to the last watcher."""
    path = f"/live?streams={town.squads[0]}&as=html"
    with Crowd(bench, shop.port, token=town.tokens[0]) as crowd:
        crowd.open(watchers, path)
        server, begun = psutil.Process(shop.pid), time.perf_counter()
        os.kill(shop.pid, signal.SIGKILL)
        server.wait(10)
        with on(SERVER):
            shop.guard = shop.launch()
        page = answered(shop.port, f"/squads/{town.squads[0]}", town.tokens[0])
        crowd.cut()
        crowd.open(watchers, path, at_once=watchers)
        return page - begun, time.perf_counter() - begun


def answered(port: int, path: str, token: str) -> float:
    """The moment of the first answer."""
    while True:
        with suppress(OSError):
            asked(port, path, token)
            return time.perf_counter()
        time.sleep(0.01)


def imported() -> float:
    """Seconds that a new Python takes for the libraries."""
    with on(SERVER):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", LIBRARIES], check=True)
        return time.perf_counter() - begun
