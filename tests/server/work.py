"""Jobs for the tests of jobs: what they do is seen in North Bank's journal."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from server import jobs, journal
from server.db import Database
from server.jobs import task
from server.worker import Action, Kinds, Worker
from tests.server.conftest import Town

SECOND = timedelta(seconds=1)


def worker(db: Database, kinds: Kinds, **changes: Any) -> Worker:
    """One that looks often; its runs are kept in `seen`."""
    seen: list[tuple[str, str]] = []
    made = Worker(db, kinds, **{"poll": 0.05, "lease": 60.0, "ran": lambda *how: seen.append(how), **changes})
    made.seen = seen  # type: ignore[attr-defined]
    return made


def rows(c: Connection) -> list[Any]:
    """The list, without the application's own regular jobs."""
    return list(c.execute(select(task).where(task.c.key.startswith("t:")).order_by(task.c.key)))


def add(kind: str, key: str, due_at: datetime, **data: Any) -> Callable[[Connection], None]:
    """Notes one."""
    return lambda c: jobs.later(c, kind, f"t:{key}", data, due_at)


def writes(town: Town) -> Action:
    """An action with an entry in North Bank's journal."""
    return Action(lambda c, data: entry(c, town.squad, data["name"]))


def entry(c: Connection, squad: str, name: str) -> None:
    journal.append(c, squad, "squad", {"id": squad, "name": name, "zone": "Asia/Shanghai"}, actor=None)


async def soon(ask: Callable[[], Awaitable[bool]], patience: float = 30) -> None:
    """Returns once another process's doing shows; `patience` in seconds."""
    async with asyncio.timeout(patience):
        while not await ask():  # noqa: ASYNC110 - there is nothing of ours to wait for
            await asyncio.sleep(0.02)


async def named(town: Town) -> list[str]:
    """The names those entries gave, in order."""
    return [one["data"]["name"] for one in await town.journal() if one["kind"] == "squad"]
