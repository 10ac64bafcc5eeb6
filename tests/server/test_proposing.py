"""The planner in its own process: told as it goes, ended when nobody wants it, gone when the server is."""

import asyncio
import os
import signal
import subprocess
import sys
from datetime import timedelta

import psutil
import pytest

from server.sweeps.planning.problem import Member, Problem, Progress
from server.sweeps.proposing import COMMAND, ROOT, Planner
from tests.bed.ground import settings
from tests.bed.process import until
from tests.server.lanes import MORNING, problem, verify
from tests.server.test_planning import THREE, scattered

pytestmark = pytest.mark.anyio

SERVER = """
import asyncio, sys
from config.settings import Settings
from server.sweeps.planning.problem import Member
from server.sweeps.proposing import Planner
from tests.server.test_proposing import big
asyncio.run(Planner(Settings(plan_seconds=60)).propose(big(), lambda progress: print("going", flush=True)))
"""


def big() -> Problem:
    """Ten members and 200 customers."""
    members = tuple(Member(f"m{number}") for number in range(10))
    return problem(scattered(200), members, rally_at=MORNING + timedelta(hours=9))


def planners(of: int | None = None) -> list[psutil.Process]:
    """The planner's processes below a process, this one unless said otherwise."""
    found = psutil.Process(of).children(recursive=True)
    return [one for one in found if COMMAND[2] in " ".join(one.cmdline()) and one.status() != "zombie"]


@pytest.fixture
def planner() -> Planner:
    """One search at a time, a long one."""
    return Planner(settings(plans_at_once=1, plan_seconds=60))


async def test_a_proposal_comes_from_another_process() -> None:
    """As good as one made here, with its progress, and nothing is left of it."""
    asked = problem(scattered(60), THREE, rally_at=MORNING + timedelta(hours=9))
    heard: list[Progress] = []
    found = await Planner(settings()).propose(asked, heard.append)
    verify(asked, found)
    assert all(0 < one.share <= 1 for one in heard)
    assert planners() == []


async def test_cancelled_it_stops_computing(planner: Planner) -> None:
    """At once, and the next one has its turn."""
    begun = asyncio.Event()
    search = asyncio.create_task(planner.propose(big(), lambda progress: begun.set()))
    await begun.wait()
    assert len(planners()) == 1
    search.cancel()
    with pytest.raises(asyncio.CancelledError):
        await search
    assert planners() == []
    planner.seconds = 1
    await planner.propose(problem(scattered(3), THREE), lambda progress: None)


async def test_one_waits_for_another(planner: Planner) -> None:
    """No more at once than the setting says."""
    begun = asyncio.Event()
    first = asyncio.create_task(planner.propose(big(), lambda progress: begun.set()))
    second = asyncio.create_task(planner.propose(big(), lambda progress: None))
    await begun.wait()
    assert len(planners()) == 1
    for one in (first, second):
        one.cancel()
    await asyncio.gather(first, second, return_exceptions=True)
    assert planners() == []


async def test_a_planner_that_dies_is_an_error(planner: Planner) -> None:
    """Nobody waits for it for ever."""
    begun = asyncio.Event()
    search = asyncio.create_task(planner.propose(big(), lambda progress: begun.set()))
    await begun.wait()
    planners()[0].kill()
    with pytest.raises(RuntimeError):
        await search


def test_when_the_server_is_killed_its_planner_ends() -> None:
    """kill -9 leaves nobody behind to compute."""
    server = subprocess.Popen([sys.executable, "-c", SERVER], cwd=ROOT, stdout=subprocess.PIPE)
    assert server.stdout is not None
    assert server.stdout.readline() == b"going\n"
    (planner,) = planners(server.pid)
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    server.stdout.close()
    assert until(lambda: not planner.is_running() or planner.status() == "zombie", 20)
