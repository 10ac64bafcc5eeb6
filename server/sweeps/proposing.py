"""Runs the planner in processes of their own: the event loop goes on, and a cancelled search ends at once."""

import asyncio
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import orjson
import structlog
from pydantic import TypeAdapter

from config.settings import Settings
from server.db import Database
from server.sweeps import proposals
from server.sweeps.planning.problem import Problem, Progress, Proposal

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "server.sweeps.planning")
GRACE = 20.0
"""Seconds after which a planner that should have ended is ended, beyond those it may search."""
EVERY = 0.4
"""Seconds between two words of a search about how far it is."""
LONGEST = 1 << 24
"""Bytes of its longest line."""
PROGRESS, PROPOSAL = TypeAdapter(Progress), TypeAdapter(Proposal)

log = structlog.get_logger()


class Planner:
    """Some searches at once, the others wait their turn. One to an application."""

    def __init__(self, settings: Settings) -> None:
        self.turns = asyncio.Semaphore(settings.plans_at_once)
        self.seconds = settings.plan_seconds

    async def propose(self, problem: Problem, tell: Callable[[Progress], None]) -> Proposal:
        """The proposal; `tell` hears of progress. Cancelled, or failing, it leaves no process behind.

        Raises RuntimeError when the planner ended without an answer, TimeoutError when it did not end.
        """
        asked = replace(problem, seconds=self.seconds)
        async with self.turns, asyncio.timeout(self.seconds + GRACE):
            process = await asyncio.create_subprocess_exec(
                *COMMAND,
                str(time.monotonic() + self.seconds),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                cwd=ROOT,
                limit=LONGEST,
            )
            try:
                return await _conversation(process, asked, tell)
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()


async def _conversation(
    process: asyncio.subprocess.Process, problem: Problem, tell: Callable[[Progress], None]
) -> Proposal:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(orjson.dumps(problem, option=orjson.OPT_APPEND_NEWLINE))
    async for line in process.stdout:
        said = orjson.loads(line)
        if "proposal" in said:
            return PROPOSAL.validate_python(said["proposal"])
        tell(PROGRESS.validate_python(said["progress"]))
    raise RuntimeError(f"the planner ended with {await process.wait()}")


class Proposing:
    """The searches of this process; how they go is in the database, for all processes to see."""

    def __init__(self, settings: Settings, db: Database) -> None:
        self.planner, self.db = Planner(settings), db
        self.searches: dict[str, asyncio.Task[None]] = {}

    def start(self, sweep: str, run: str, problem: Problem) -> None:
        """Begins a search; one for the same sweep ends."""
        self.end(sweep)
        task = asyncio.create_task(self._search(sweep, run, problem))
        self.searches[sweep] = task
        task.add_done_callback(lambda done: self._forget(sweep, done))

    def end(self, sweep: str) -> None:
        """Ends a search of this process; those of others end by themselves, a moment later."""
        if (task := self.searches.pop(sweep, None)) is not None:
            task.cancel()

    async def stop(self) -> None:
        """Ends all searches."""
        tasks = list(self.searches.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _forget(self, sweep: str, done: asyncio.Task[None]) -> None:
        if self.searches.get(sweep) is done:
            del self.searches[sweep]

    async def _search(self, sweep: str, run: str, problem: Problem) -> None:
        heard = Progress(0.0, 0, len(problem.customers))

        def hear(progress: Progress) -> None:
            nonlocal heard
            heard = progress

        search = asyncio.create_task(self.planner.propose(problem, hear))
        try:
            while not (await asyncio.wait({search}, timeout=EVERY))[0]:
                if not await self.db.write(proposals.note, sweep, run, proposals.progress_data(heard)):
                    return
            found = proposals.found_data(search.result())
            await self.db.write(proposals.finish, sweep, run, found)
        except Exception as failure:
            log.warning("no lanes were found", error=repr(failure))
            with suppress(Exception):  # whoever asks will find that it is not heard of any more
                await self.db.write(proposals.fail, sweep, run)
        finally:
            search.cancel()
            await asyncio.wait({search})
