"""Check-ins accepted per second by one process on one core, over the real HTTP API, in three set-ups.

The floor: the very rows that the server has just written, written again by the bare driver into a copy of the
database as it was (`bare_database.py`). PostgreSQL and the callers are on the other core.
"""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from config.settings import Settings
from tests.bed.ground import migrate
from tests.bed.ground import settings as settings_of
from tests.bed.postgres import HASTY, Postgres
from tests.bench import bare_database as bare
from tests.bench.callers import call
from tests.bench.company import Company, found
from tests.bench.machine import LOAD, SERVER, Bench, cpu, median, on
from tests.bench.shop import check_in, clock, serving
from tests.bench.table import Figure

AT_ONCE, SECONDS, ROUNDS = 16, 4, 5


def run(bench: Bench) -> Iterator[Figure]:
    """SQLite, PostgreSQL, PostgreSQL with everybody in one squad."""
    with bench.ground.embedded() as settings:
        town = found(settings, squads=50, members=4)
        used, copy = settings.data_dir / "muster.db", settings.data_dir / "copy.db"
        shutil.copy(used, copy)
        rates, costs = accepted(bench, settings, town)
        with on(SERVER):
            floor = bare.sqlite(used, copy, AT_ONCE)
    yield figure("SQLite synchronous=FULL", 1000, rates, costs, floor)
    with postgres(bench) as server:
        for squads, members, bound in ((50, 4, 600), (1, 200, 450)):
            name = f"squads_{squads}"
            server.sql(f"CREATE DATABASE {name} TEMPLATE migrated")
            with on(LOAD):
                settings = settings_of(data_dir=server.folder / name, database_url=server.url(name))
                town = found(settings, squads=squads, members=members)
            server.sql(f"CREATE DATABASE {name}_copy TEMPLATE {name}")
            rates, costs = accepted(bench, settings, town)
            with on(SERVER):
                floor = asyncio.run(bare.postgres(server.url(name), server.url(f"{name}_copy")))
            yield figure(f"PostgreSQL, {squads} squad{'s' * (squads > 1)}", bound, rates, costs, floor)


def figure(what: str, bound: float, rates: list[float], costs: list[float], floor: float) -> Figure:
    """One line of the table."""
    return Figure(
        f"check-ins accepted, {what}",
        median(rates),
        "/s",
        bound,
        floor,
        "/s, bare driver",
        least=True,
        rounds=rates,
        note=f"{AT_ONCE} at once; {median(costs):,.0f} µs of the server's CPU each, so "
        f"{1e6 / median(costs):,.0f} in a second of CPU",
    )


def accepted(bench: Bench, settings: Settings, town: Company) -> tuple[list[float], list[float]]:
    """(check-ins a second, microseconds of CPU each) of every round."""
    rates, costs, turns = [], [], town.turns()
    with serving(bench, settings) as shop, on(LOAD):

        def ask(seconds: float) -> tuple[int, float]:
            prepared = check_ins(town, turns)
            done = call(shop.port, lambda _: next(prepared), lines=AT_ONCE, seconds=seconds)
            return done.only(201), done.seconds

        ask(1)
        for _ in range(ROUNDS):
            before = cpu(shop.pid)
            count, seconds = ask(SECONDS)
            rates.append(count / seconds)
            costs.append((cpu(shop.pid) - before) * 1e6 / count)
    return rates, costs


def check_ins(town: Company, turns: Iterator[tuple[str, str, str]]) -> Iterator[bytes]:
    """Requests of one member after the other."""
    return (check_in(*turn, clock()) for turn in turns)


@contextmanager
def postgres(bench: Bench) -> Iterator[Postgres]:
    """A PostgreSQL that writes every commit to the disk, unlike the tests' own."""
    server = Postgres(bench.ground.room("durable"))
    for name in HASTY:
        server.command += ["-c", f"{name}=on"]
    with on(LOAD):
        server.start()
    try:
        server.sql("CREATE DATABASE migrated")
        migrate(settings_of(data_dir=server.folder, database_url=server.url("migrated")))
        yield server
    finally:
        server.end()
