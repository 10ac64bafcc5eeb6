"""20,000 customers from a table in GBK: until each has its verdict, and is in the files."""

import asyncio
import io
import random
import resource
import time
from collections.abc import Iterator
from itertools import islice

from sqlalchemy import Connection, func, select

from config.settings import Settings
from server.access import Who, digest, find
from server.customers import imported, importing, reading
from server.customers.models import customer, customer_import, customer_import_row
from server.db import Database
from server.schema import new_id
from tests.bench.alike import FORMS, SIGNS, TOWNS, TRADES
from tests.bench.machine import Bench
from tests.bench.table import Figure
from tests.server.cast import CUSTOMERS, settle

ROWS = 20_000
LONGEST = 250.0
"""Milliseconds that a step of it may hold up whoever else has something to write."""


def run(bench: Bench) -> Iterator[Figure]:
    """As a server does it, on either database."""
    for name in ("embedded", "scaled"):
        with getattr(bench.ground, name)() as settings:
            computed = time.process_time()
            looked, made, writes, late, grown = asyncio.run(brought(settings))
            computed = time.process_time() - computed
        yield Figure(
            f"{ROWS:,} customers from a table, {name}",
            looked + made,
            "s",
            note=f"looked at {looked:.0f} s, made {made:.0f} s; the server computes {computed:.0f} s; "
            f"others wait at most {late * 1000:.0f} ms, {grown >> 20} MB more",
        )
        yield Figure(
            "longest write of those",
            writes[-1] * 1000,
            "ms",
            bound=LONGEST,
            note=f"{len(writes):,} writes, p50 {writes[len(writes) // 2] * 1000:.0f} ms, "
            f"p99 {writes[len(writes) * 99 // 100] * 1000:.0f} ms",
        )


def table() -> bytes:
    """Names as they are written, every fiftieth in the table already."""
    dice, lines = random.Random(2), ["名称,地址,电话"]
    for n in range(ROWS):
        name = "".join(dice.choice(SIGNS) for _ in range(4)) + dice.choice(TRADES)
        again = lines[n // 2].partition(",")[0] if n % 50 == 49 else ""
        lines.append(f"{again or dice.choice(TOWNS) + name + dice.choice(FORMS)},老桥路 {n} 号,")
    return "\r\n".join(lines).encode("gbk")


async def brought(settings: Settings) -> tuple[float, float, list[float], float, int]:
    """Seconds of looking (it is done twice) and of making, of each write (the longest last), that others had
    to wait for their turn at most; bytes of memory more than before.
    """
    db = Database(settings)
    await db.start()
    who, id = await db.write(somebody), new_id()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rows = reading.rows(io.BytesIO(table()), 10**8)
    _, head = next(rows)
    await db.write(importing.begin, who, "table.csv", head, id)
    while some := list(islice(rows, 500)):
        await db.write(importing.take, id, some)
    await db.write(importing.whole, id, ROWS)
    writes: list[float] = []
    late: list[float] = []
    others = asyncio.create_task(waits(late))
    columns = ["name", "address", "phone"]
    looked = await stage(db, id, writes, lambda c: importing.check(c, who, id, columns))
    await stage(db, id, writes, lambda c: importing.check(c, who, id, columns))
    made = await stage(db, id, writes, lambda c: importing.run(c, who, id))
    others.cancel()
    count = await db.read(lambda c: c.scalar(select(func.count()).select_from(customer)))
    new = customer_import_row.c.verdict == "new"
    assert count - len(CUSTOMERS) == await db.read(
        lambda c: c.scalar(select(func.count()).select_from(customer_import_row).where(new))
    )
    await db.stop()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return looked, made, sorted(writes), max(late), grown * 1024


async def waits(late: list[float]) -> None:
    """How long whoever has a turn every ten milliseconds waits for it."""
    while True:
        begun = time.perf_counter()
        await asyncio.sleep(0.01)
        late.append(time.perf_counter() - begun - 0.01)


def somebody(c: Connection) -> Who:
    """A lead of a squad."""
    cast = settle(c)
    who = find(c, (digest(cast.tokens["wang"]), True), "squad", cast.squad)
    assert who
    return who


async def stage(db: Database, id: str, writes: list[float], begin: object) -> float:
    """Seconds until it is through; how long each write took."""
    begun, plain = time.perf_counter(), db.write

    async def timed(action: object, *about: object) -> object:
        at = time.perf_counter()
        done = await plain(action, *about)  # type: ignore[arg-type]
        writes.append(time.perf_counter() - at)
        return done

    db.write = timed  # type: ignore[method-assign, assignment]
    await db.write(begin)  # type: ignore[arg-type]
    state = select(customer_import.c.state).where(customer_import.c.id == id)
    while await db.read(lambda c: c.scalar(state)) in ("clearing", "checking", "running"):
        await imported.go_on(db, {"import": id})
    db.write = plain  # type: ignore[method-assign]
    return time.perf_counter() - begun
