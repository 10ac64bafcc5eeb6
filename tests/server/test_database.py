"""PostgreSQL goes and comes back: nobody who reads or writes need know."""

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
