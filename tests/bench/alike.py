"""Is this customer in the files already? Asked among 100,000, on either database."""

import asyncio
import random
import time
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Table, insert, text
from sqlalchemy.util import await_only

from config.settings import Settings
from server.customers.alike import find
from server.customers.keys import keys
from server.customers.models import customer, customer_key, customer_squad
from server.db import Database
from server.schema import new_id, now
from server.squads.models import squad
from tests.bench.machine import Bench, median
from tests.bench.table import Figure

CUSTOMERS, ASKED, AT_ONCE = 100_000, 200, 2_000
TOWNS = ("南京市", "苏州市", "上海市", "无锡市", "江苏省常州市", "")
SIGNS = "恒泰顺达金帆东湖海晏康宁老港鸿运城南北渡口桥河山林安华盛丰源兴隆和平"
TRADES = ("五金", "医院", "药房", "大酒店", "食品厂", "汽修", "中学", "幼儿园", "冷库", "诊所")
FORMS = ("有限公司", "股份有限公司", "", "")


def run(bench: Bench) -> Iterator[Figure]:
    """Names as they are written, with where they are; every other one asked for in another form."""
    for name in ("embedded", "scaled"):
        with getattr(bench.ground, name)() as settings:
            waits, spent = asyncio.run(looked_up(settings))
        yield Figure(
            f"is it one of {CUSTOMERS:,} customers? {name}, p50",
            median(waits) * 1000,
            "ms",
            50,
            note=f"p99 {sorted(waits)[len(waits) * 99 // 100] * 1000:.1f} ms, "
            f"the server computes {median(spent) * 1000:.1f} ms of it",
        )


async def looked_up(settings: Settings) -> tuple[list[float], list[float]]:
    """Seconds for each look-up, as a request waits for it; and those our process computed."""
    db = Database(settings)
    await db.start()
    here, names = await db.write(filled)
    each = [await asked(db, here, name) for name in names]
    await db.stop()
    return [one[0] for one in each], [one[1] for one in each]


def filled(c: Connection) -> tuple[str, list[str]]:
    """A squad with all of them; some of their names, half of those otherwise written."""
    dice, here = random.Random(1), new_id()
    c.execute(insert(squad), {"id": here, "name": "All", "zone": "Asia/Shanghai", "created_at": now()})
    names: list[str] = []
    found: list[tuple[str, str, str]] = []
    for _ in range(CUSTOMERS // AT_ONCE):
        rows: list[dict[str, Any]] = []
        for _ in range(AT_ONCE):
            core = "".join(dice.choice(SIGNS) for _ in range(3)) + dice.choice(TRADES)
            bare = dice.choice(TOWNS) + core
            name = bare + dice.choice(FORMS)
            if len(rows) < ASKED * AT_ONCE // CUSTOMERS:
                names.append(f"{bare}股份有限公司" if len(names) % 2 else name)
            lat, lon = 31 + dice.random(), 121 + dice.random()
            rows.append({"id": new_id(), "name": name, "lat": lat, "lon": lon, "created_at": now()})
        pour(c, customer, rows)
        pour(c, customer_squad, [{"squad": here, "customer": row["id"]} for row in rows])
        found += [
            (*key, row["id"]) for row in rows for key in keys([row["name"]], "", row["lat"], row["lon"])
        ]
    found.sort()  # into an index in its order: a tenth of the time
    for n in range(0, len(found), AT_ONCE * 10):
        some = found[n : n + AT_ONCE * 10]
        pour(c, customer_key, [{"kind": kind, "key": key, "customer": id} for kind, key, id in some])
    c.execute(text("ANALYZE"))
    return here, names


def pour(c: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Many rows at once, as fast as the database takes them."""
    if c.dialect.name == "sqlite":
        c.execute(insert(table), rows)
        return
    columns = list(rows[0])
    records = [tuple(row[name] for name in columns) for row in rows]
    great: Any = c.connection.driver_connection
    await_only(great.copy_records_to_table(table.name, records=records, columns=columns))


async def asked(db: Database, here: str, name: str) -> tuple[float, float]:
    """Seconds for one look-up, which has to find it: of the clock, and of computing."""
    begun, computed = time.perf_counter(), time.process_time()
    found = await db.read(find, [here], [name], "", 31.5, 121.5)
    took = time.perf_counter() - begun, time.process_time() - computed
    assert found, name
    return took
