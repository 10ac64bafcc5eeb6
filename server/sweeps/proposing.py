"""Runs the planner in processes of their own: the event loop goes on, and a cancelled search ends at once."""

import asyncio
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import orjson
from pydantic import TypeAdapter

from config.settings import Settings
from server.sweeps.planning.problem import Problem, Progress, Proposal

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "server.sweeps.planning")
GRACE = 20.0
"""Seconds after which a planner that should have ended is ended, beyond those it may search."""
LONGEST = 1 << 24
"""Bytes of its longest line."""
PROGRESS, PROPOSAL = TypeAdapter(Progress), TypeAdapter(Proposal)


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
