"""A server that dies before the sending, or while it sends: what it owed is sent, and shown once."""

import subprocess
import sys

import pytest
from anyio import to_thread

from server.notices import deliveries
from tests.bed.receivers import Hooks, Letters
from tests.bed.served import ROOT, environment
from tests.server.conftest import Town
from tests.server.noticing import LATER, SOON, Device, hooks, letters, run, subscribe, told

pytestmark = pytest.mark.anyio
PATIENCE = deliveries.PATIENCE

__all__ = ["hooks", "letters"]
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


HANDED_OVER = """
import asyncio, os, signal, sys
from datetime import timedelta
from types import SimpleNamespace
from config.settings import Settings
from server.metrics import Metrics
from server.notices import deliveries
from server.parts import running
from server.schema import now

async def main():
    state = SimpleNamespace()
    deliveries.done = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    async with running(Settings(), Metrics(), state):
        await state.jobs.run_due(now() + timedelta(seconds=int(sys.argv[1])))

asyncio.run(main())
"""


async def dies(town: Town, program: str, *words: str) -> None:
    """A process on the same installation runs this, and is killed in the middle."""
    command, env = [sys.executable, "-c", program, *words], environment(town.app.state.settings)
    died = await to_thread.run_sync(lambda: subprocess.run(command, env=env, cwd=ROOT, check=False))
    assert died.returncode == -9


async def test_killed_after_the_commit_and_before_the_sending(town: Town, letters: Letters) -> None:
    """kill -9 with the words in the feed and no letter: the next server writes it, and no second one."""
    token = town["wang"].headers["authorization"].removeprefix("Bearer ")
    await dies(town, KILLED, town.squad, token)
    assert await told(town, "li") == [("Wang Fang named you", "@Li Na are you there?")]
    assert letters.got == []
    for _ in range(3):
        await run(town, LATER)
    assert [one["to"] for one in letters.got] == ["li@qinghe.example"]


async def test_killed_once_the_push_service_has_it(town: Town, hooks: Hooks) -> None:
    """Nobody knows that it was taken: it goes once more, alone, under its own name, and is shown once."""
    device = Device(hooks)
    await subscribe(town, "li", device)
    await town.say("wang", "@Li Na one")
    await dies(town, HANDED_OVER, "15")
    await town.say("wang", "@Li Na two")
    await run(town, SOON)
    for _ in range(3):
        await run(town, SOON + PATIENCE)
    shown = [device.opens(one) for one in hooks.got]
    topics = [one.headers["topic"] for one in hooks.got]
    assert [one["kind"] for one in shown] == ["mention"] * 3
    assert (shown[0], topics[0]) == (shown[2], topics[2])
    assert len({one["link"] for one in shown}) == len(set(topics)) == 2


async def test_killed_once_the_mail_server_has_it(town: Town, letters: Letters) -> None:
    """The same letter again, with the same id, and what came meanwhile in one of its own."""
    await town.say("wang", "@Li Na one")
    await dies(town, HANDED_OVER, "180")
    await town.say("wang", "@Li Na two")
    await run(town, LATER)
    for _ in range(3):
        await run(town, LATER + PATIENCE)
    ids = [one["message-id"] for one in letters.got]
    assert len(ids) == 3
    assert ids[0] == ids[2] != ids[1]


async def test_an_answer_that_is_lost_may_have_been_a_yes(town: Town, hooks: Hooks) -> None:
    """Taken, and then the line was cut: it goes once more by itself, never as one of several."""
    device = Device(hooks)
    await subscribe(town, "li", device)
    hooks.cuts = True
    await town.say("wang", "@Li Na one")
    await run(town, SOON)
    hooks.cuts = False
    await town.say("wang", "@Li Na two")
    for _ in range(3):
        await run(town, SOON + PATIENCE)
    shown = [device.opens(one)["link"] for one in hooks.got]
    assert (len(shown), len(set(shown)), shown[0]) == (3, 2, shown[1])
