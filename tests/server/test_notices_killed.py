"""A server that dies between the commit and the sending: what it owed is sent afterwards, once."""

import subprocess
import sys

import pytest
from anyio import to_thread

from tests.bed.receivers import Letters
from tests.bed.served import ROOT, environment
from tests.server.conftest import Town
from tests.server.noticing import LATER, letters, run, told

pytestmark = pytest.mark.anyio

__all__ = ["letters"]
KILLED = """
import asyncio, os, signal, sys
from types import SimpleNamespace
from config.settings import Settings
from server.access import digest, find
from server.feed.actions import say
from server.metrics import Metrics
from server.parts import running
from server.schema import new_id

async def main():
    state, (squad, token) = SimpleNamespace(), sys.argv[1:]
    async with running(Settings(), Metrics(), state):
        who = await state.db.read(find, (digest(token), True), "squad", squad)
        await state.db.write(say, who, new_id(), "@Li Na are you there?", 1000)
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def test_killed_after_the_commit_and_before_the_sending(town: Town, letters: Letters) -> None:
    """kill -9 with the words in the feed and no letter: the next server writes it, and no second one."""
    token = town["wang"].headers["authorization"].removeprefix("Bearer ")
    command = [sys.executable, "-c", KILLED, town.squad, token]
    env = environment(town.app.state.settings)
    died = await to_thread.run_sync(lambda: subprocess.run(command, env=env, cwd=ROOT, check=False))
    assert died.returncode == -9
    assert await told(town, "li") == [("Wang Fang named you", "@Li Na are you there?")]
    assert letters.got == []
    for _ in range(3):
        await run(town, LATER)
    assert [one["to"] for one in letters.got] == ["li@qinghe.example"]
