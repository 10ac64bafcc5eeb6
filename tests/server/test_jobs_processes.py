"""Jobs and who does them: processes that are killed or told to end, several at once, live pages elsewhere."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from anyio import to_thread
from sqlalchemy import select

from config.settings import Settings
from server import jobs
from server.db import Database
from server.jobs import task
from server.metrics import Metrics
from server.parts import running
from server.schema import now
from server.worker import Effect, Kinds
from tests.bed.ground import Ground
from tests.bed.process import Process
from tests.bed.served import ROOT, Served, environment
from tests.server.conftest import Town
from tests.server.test_live import listen, until
from tests.server.work import SECOND, add, named, rows, soon, worker, writes

pytestmark = pytest.mark.anyio

KILLED = """
import asyncio, os, signal, sys
from config.settings import Settings
from server.db import Database
from server.schema import now
from server.worker import Action, Worker
from tests.server.work import entry

def last_words(c, data):
    entry(c, sys.argv[1], data["name"])
    os.kill(os.getpid(), signal.SIGKILL)

async def main():
    db = Database(Settings())
    await db.start()
    await Worker(db, {"name": Action(last_words)}, poll=1, lease=60, ran=print).run_due(now())

asyncio.run(main())
"""


async def test_one_whose_process_was_killed_is_done_when_its_claim_is_over(town: Town) -> None:
    """kill -9 after the claim, the entry written and not committed: nobody before, then one entry."""
    db, at = town.app.state.db, now()
    await db.write(add("name", "end", at, name="once"))
    command = [sys.executable, "-c", KILLED, town.squad]
    env = environment(town.app.state.settings)
    died = await to_thread.run_sync(lambda: subprocess.run(command, env=env, cwd=ROOT, check=False))
    assert died.returncode == -9
    (row,) = await db.read(rows)
    assert (row.tries, row.claimed_until > at) == (1, True)
    one = worker(db, {"name": writes(town)})
    assert await one.run_due(now()) == 0
    assert await named(town) == []
    assert await one.run_due(row.claimed_until + SECOND) == 1
    assert await named(town) == ["once"]
    assert await db.read(rows) == []


async def test_work_outside_is_done_beside_and_kept_while_it_takes_long(town: Town) -> None:
    """A slow one holds up neither the others nor an action; nobody else begins it meanwhile."""
    db, slow, begun = town.app.state.db, asyncio.Event(), []
    held = asyncio.Event()

    async def send(data: dict[str, Any]) -> None:
        begun.append(data["to"])
        if data["to"] == "slow":
            held.set()
            await slow.wait()

    kinds = {"send": Effect(send), "name": writes(town)}
    many = [worker(db, kinds, lease=0.3) for _ in range(2)]
    for one in many:
        one.start()
    await db.write(add("send", "a", now(), to="slow"))
    await held.wait()
    (before,) = await db.read(rows)
    await db.write(add("send", "b", now(), to="quick"))
    await db.write(add("name", "c", now(), name="beside"))

    async def only_the_slow_one_and_kept() -> bool:
        left = await db.read(rows)
        return len(left) == 1 and left[0].claimed_until > before.claimed_until

    async def nothing_left() -> bool:
        return not await db.read(rows)

    await soon(only_the_slow_one_and_kept)
    slow.set()
    await soon(nothing_left)
    for one in many:
        await one.stop()
    assert sorted(begun) == ["quick", "slow"]
    assert await named(town) == ["beside"]


async def test_what_is_broken_off_at_the_end_is_free_at_once(town: Town) -> None:
    """A deploy in the middle of sending: the next process begins it anew, and does not wait a minute."""
    db, held = town.app.state.db, asyncio.Event()

    async def send(data: dict[str, Any]) -> None:
        held.set()
        await asyncio.Event().wait()

    one = worker(db, {"send": Effect(send)})
    one.start()
    await db.write(add("send", "a", now()))
    await held.wait()
    await one.stop()
    (row,) = await db.read(rows)
    assert (row.claimed_until, row.tries) == (None, 0)


class Held:
    """A database whose queries can be held up."""

    def __init__(self, db: Any) -> None:
        self.write, self.db = db.write, db
        self.way, self.asked = asyncio.Event(), asyncio.Event()
        self.way.set()

    async def read(self, *query: Any) -> Any:
        """The answer, once the way is free."""
        if not self.way.is_set():
            self.asked.set()
        await self.way.wait()
        return await self.db.read(*query)


async def test_what_is_broken_off_is_not_begun_again(town: Town) -> None:
    """Not even by a look that was under way when the end was said, and sees it free."""
    db, begun = town.app.state.db, asyncio.Queue[str]()

    async def send(data: dict[str, Any]) -> None:
        await begun.put("send")
        await asyncio.Event().wait()

    async def free() -> bool:
        return [row.claimed_until for row in await db.read(rows)] == [None]

    held: Any = Held(db)
    one = worker(held, {"send": Effect(send)})
    one.start()
    await db.write(add("send", "a", now()))
    await begun.get()
    held.way.clear()
    one.wake(now())
    await held.asked.wait()
    ending = asyncio.create_task(one.stop())
    await soon(free)
    held.way.set()
    await ending
    (row,) = await db.read(rows)
    assert (row.claimed_until, row.tries) == (None, 0)
    assert begun.empty()


@asynccontextmanager
async def beside(settings: Settings, kinds: Callable[[Any], Kinds]) -> AsyncIterator[Any]:
    """The parts as `python -m server work` has them, with kinds of jobs of ours."""
    parts = SimpleNamespace()
    async with running(settings, Metrics(), parts):
        parts.jobs.kinds = kinds(parts)
        parts.jobs.start()
        yield parts


async def test_what_a_job_writes_reaches_a_live_page(town: Town, address: str) -> None:
    """Done by another process than the one the page hangs on; noted there and done at once."""
    async with (
        beside(town.app.state.settings, lambda parts: {"name": writes(town)}) as parts,
        listen(address, town, "li", town.squad) as ws,
    ):
        assert orjson.loads(await ws.recv())["kind"] == "ready"
        offset = len(await town.journal()) + 1
        await parts.db.write(add("name", "end", now(), name="Heard by all"))
        assert (await until(ws, offset))[-1]["data"]["name"] == "Heard by all"


class Working(Process):
    """`python -m server work` in a process of its own."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        command = [sys.executable, "-m", "server", "work"]
        env = environment(settings)
        super().__init__(folder, command, ready=self.says_so, watched=os.getpid(), env=env)

    def says_so(self) -> bool:
        """Whether it has begun."""
        return "jobs are done here" in self.log()


async def test_who_does_them(ground: Ground, setup: Settings) -> None:
    """The web server unless told otherwise: embedded, nothing else is needed. `work` always does."""
    db = Database(setup)
    await db.start()

    async def done() -> bool:
        at = await db.read(lambda c: c.scalar(select(task.c.due_at).where(task.c.key == "photos")))
        return at is not None and at > now()

    idle = setup.model_copy(update={"jobs": False})
    idle.model_fields_set.add("jobs")
    for process, does_them in (
        (Served(ground.room("idle"), idle), False),
        (Served(ground.room("web"), setup), True),
        (Working(ground.room("work"), setup), True),
    ):
        await db.write(lambda c: jobs.later(c, "photos", "photos", {}, now() - SECOND))
        await to_thread.run_sync(process.start)
        if does_them:
            await soon(done)
        await to_thread.run_sync(process.end)
        assert await done() == does_them
        assert "Traceback" not in process.log()
    await db.stop()
