"""A table of 20,000 customers, as companies have them: workers are killed midway, and all of it comes in."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from anyio import to_thread
from sqlalchemy import Connection, func, select

from config.settings import Settings
from server.customers import imported
from server.customers.models import (
    customer,
    customer_import,
    customer_import_row,
    customer_key,
    customer_squad,
)
from server.search.models import search_entry
from tests.bed.ground import Ground
from tests.server.conftest import Town
from tests.server.test_customers import page
from tests.server.test_customers_brought import bring, rest
from tests.server.test_jobs_processes import Working
from tests.server.work import soon

ROWS = 20_000
SIGNS = "东南西北中河山林海湖安康宁泰丰金银玉石竹春夏秋冬日月"
row = customer_import_row.c


def called(n: int) -> str:
    """The customer of that row. Every fiftieth is one of before as a company is written in full, every
    thousandth is known, and one of each thousand has no name.
    """
    if n % 1000 == 999:
        return "Hengtai Hardware Ltd"
    if n % 1000 == 500:
        return ""
    if n % 50 == 49:
        return called(n // 2 if n // 2 % 50 != 49 and n // 2 % 1000 != 500 else n // 2 - 1) + "有限公司"
    a, b, c = n // 676, n // 26 % 26, n % 26
    return f"{SIGNS[a % 26]}{SIGNS[b]}{SIGNS[c]}{'五金' if a < 26 else '诊所'}"


NAMES = [called(n) for n in range(ROWS)]
MEANT = {"column-0": "name", "column-1": "address"}


@pytest.mark.anyio
async def test_what_was_found_for_other_columns_is_not_kept(town: Town) -> None:
    """Somebody says meanwhile that the columns mean something else; nor is a verdict written down twice."""
    db = town.app.state.db
    await rest(town)
    path = await bring(town, "客户名称,地址\n东河五金,东河路".encode("gbk"))
    id = path.rpartition("/")[2]
    await town["wang"].post(f"{path}/check", data=MEANT)
    it = await db.read(lambda c: c.execute(select(customer_import)).one())
    found = await db.read(imported.looked_at, it)
    await db.write(imported.judge, id, ["address", "name"], found)
    assert await db.read(verdicts, path) == {"": 1}
    await db.write(imported.judge, id, ["name", "address"], found)
    await db.write(imported.judge, id, ["name", "address"], [{**found[0], "verdict": "wrong"}])
    assert await db.read(verdicts, path) == {"new": 1}


async def killed(town: Town, room: Path, settings: Settings, midway: Any) -> None:
    """A worker begins, and is killed once that much is done."""
    worker = Working(room, settings)
    await to_thread.run_sync(worker.start)
    await soon(midway, 100)
    await to_thread.run_sync(worker.kill)
    assert not await town.app.state.db.read(over), "it was done before"


def over(c: Connection) -> bool:
    """Whether there is nothing more to do just now."""
    return c.scalar(select(customer_import.c.state)) in ("checked", "done")


def verdicts(c: Connection, path: str) -> dict[str, int]:
    """How many rows have which verdict."""
    each = select(row.verdict, func.count()).where(row["import"] == path.rpartition("/")[2])
    return dict(tuple(one) for one in c.execute(each.group_by(row.verdict)))


@pytest.mark.far
@pytest.mark.anyio
async def test_twenty_thousand_come_in_though_their_workers_are_killed(town: Town, ground: Ground) -> None:
    """In GBK. kill -9 of a real worker while rows are looked at, and while they are made: the next goes on,
    no row is lost, none is made twice, each that is known already or there twice is named.
    """
    db, settings = town.app.state.db, town.app.state.settings.model_copy(update={"jobs_lease": 1.0})
    await rest(town)
    lines = ["客户名称,地址", *(f"{name},老桥路 {n} 号" for n, name in enumerate(NAMES))]
    path = await bring(town, "\r\n".join(lines).encode("gbk"), "客户.csv")
    assert (await town["wang"].post(f"{path}/check", data=MEANT)).status_code == 303

    async def looked() -> bool:
        return bool(await db.read(lambda c: c.scalar(select(func.count()).where(row.verdict != ""))) >= 2000)

    async def made() -> bool:
        return bool(
            await db.read(lambda c: c.scalar(select(func.count()).where(row.customer.is_not(None))) >= 5000)
        )

    async def done() -> bool:
        return await db.read(over)

    await killed(town, ground.room("killed"), settings, looked)
    shown = (await town["wang"].get(path)).text
    assert "of 20000 rows" in shown
    await through(ground.room("next"), settings, done)

    twins = sum(name.endswith("有限公司") for name in NAMES)
    new = ROWS - twins - 40
    assert await db.read(verdicts, path) == {"new": new, "repeated": twins, "double": 20, "wrong": 20}
    assert f"Put {new} customers in the files" in (await town["wang"].get(path)).text
    assert f'href="{page(town)}"' in (await town["wang"].get(f"{path}?show=double")).text
    repeated = await db.read(
        lambda c: c.execute(select(row.n, row.first).where(row.first.is_not(None))).all()
    )
    assert len(repeated) == twins
    assert all(NAMES[one.n - 2] == NAMES[one.first - 2] + "有限公司" for one in repeated)

    await town["wang"].post(f"{path}/run")
    await killed(town, ground.room("killed"), settings, made)
    half = await db.read(lambda c: c.scalar(select(func.count(row.customer))))
    assert await db.read(lambda c: c.scalar(select(func.count()).select_from(customer))) == half + 2
    assert f"{half} of {new} customers" in (await town["wang"].get(path)).text
    await through(ground.room("next"), settings, done)
    assert f"{new} new customers are in the files" in (await town["wang"].get(path)).text
    await db.read(each_once, new)


async def through(room: Path, settings: Settings, done: Any) -> None:
    """Another worker does the rest."""
    worker = Working(room, settings)
    await to_thread.run_sync(worker.start)
    try:
        await soon(done, 100)
    finally:
        await to_thread.run_sync(worker.end)
    assert "Traceback" not in worker.log()


def each_once(c: Connection, new: int) -> None:
    """Every new row is one whole customer: on the squad's list, found by what it is called and by search."""
    made = c.execute(
        select(row.n, row.customer, customer.c.name, customer.c.address)
        .join(customer, customer.c.id == row.customer)
        .order_by(row.n)
    ).all()
    assert len(made) == len({one.customer for one in made}) == new
    assert all((NAMES[one.n - 2], f"老桥路 {one.n - 2} 号") == (one.name, one.address) for one in made)
    plain = Counter(name for name in NAMES if name and not name.endswith(("有限公司", "Ltd")))
    there = Counter(c.scalars(select(customer.c.name)))
    assert there == plain + Counter(["Hengtai Hardware", "Lotus Pharmacies"])
    assert max(there.values()) == 1
    ids = {one.customer for one in made}
    for held in (customer_squad.c.customer, customer_key.c.customer, search_entry.c.id):
        assert ids <= set(c.scalars(select(held)))
