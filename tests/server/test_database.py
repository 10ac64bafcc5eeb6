"""What those who read and write may rely on, also when the database goes and comes back."""

import asyncio
import os
import signal

import pytest
from sqlalchemy import Connection, text

from config.settings import Settings
from server.db import Database
from tests.bed.ground import gone
from tests.bed.process import until

pytestmark = pytest.mark.anyio


def backend(c: Connection) -> int:
    """The process of PostgreSQL's that serves this connection."""
    return int(c.scalar(text("SELECT pg_backend_pid()")) or 0)


def end(pid: int) -> None:
    """As a restart ends it; returns once it is gone."""
    os.kill(pid, signal.SIGTERM)
    assert until(lambda: gone(pid), 10)


async def test_one_that_fails_keeps_no_other_waiting(setup: Settings) -> None:
    """Not even with what no future can be told."""
    db = Database(setup)
    await db.start()

    def too_many(c: Connection) -> int:
        return next(iter([]))

    def one(c: Connection) -> int:
        return 1

    asked = [db.write(too_many), *(db.write(one) for _ in range(3))]
    failed, *answered = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(failed, RuntimeError)
    assert answered == [1, 1, 1]
    await db.stop()


async def test_a_connection_that_was_closed_is_not_used_again(scaled: Settings) -> None:
    """Between two requests, or in the middle of one, which is then done once more."""
    db = Database(scaled)
    await db.start()
    for ask in (db.read, db.write):
        first = await ask(backend)
        end(first)
        second = await ask(backend)
        assert second != first
        tried = list[int]()

        def broken_off(c: Connection, tried: list[int] = tried) -> int:
            tried.append(backend(c))
            if len(tried) == 1:
                end(tried[0])
            return backend(c)

        assert await ask(broken_off) == tried[1] != tried[0] == second
    await db.stop()


async def test_a_closed_one_says_so(embedded: Settings) -> None:
    """Nobody waits for ever for a writer who has gone."""
    db = Database(embedded)
    await db.start()
    assert await db.write(lambda c: 1) == 1
    await db.stop()
    with pytest.raises(RuntimeError, match="closed"):
        await db.write(lambda c: 1)
