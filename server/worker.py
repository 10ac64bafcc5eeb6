"""Who does the jobs: in the web process, or where there are several, in `python -m server work` as well.

Actions are done one after the other as they fell due, each in one transaction with what it writes and tells.
Work outside the database is done a few at once, beside them: a slow network holds up no escalation.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection

from config.logs import masked
from server import jobs
from server.db import Database
from server.jobs import Task
from server.schema import now

log = structlog.get_logger()
AT_ONCE = 4
"""Effects under way at the same time, in one process."""
PATIENCE = 900.0
"""Seconds an effect may take."""
GRACE = 10.0
"""Seconds for what is under way when the process is to end."""


@dataclass(frozen=True)
class Action:
    """A kind of job done in the database alone, in one transaction: exactly once. `every`: and again."""

    do: Callable[[Connection, dict[str, Any]], None]
    every: timedelta | None = None


@dataclass(frozen=True)
class Effect:
    """A kind of job done outside the database: at least once, so the second time must do no harm."""

    do: Callable[[dict[str, Any]], Awaitable[None]]
    every: timedelta | None = None


Kinds = Mapping[str, Action | Effect]
"""All kinds of jobs there are, by name. What is on the list under another name waits for newer code."""


class Worker:
    """Looks when something falls due, claims it, does it. Durations are seconds.

    `ran` hears the kind and `done`, `failed` or `moved` after each.
    """

    def __init__(
        self, db: Database, kinds: Kinds, *, poll: float, lease: float, ran: Callable[[str, str], None]
    ) -> None:
        self.db, self.kinds, self.ran = db, kinds, ran
        self.poll, self.lease = poll, timedelta(seconds=lease)
        self.news: list[asyncio.Event] = []
        self.looking: list[asyncio.Task[None]] = []
        self.doing: set[asyncio.Task[None]] = set()
        self.outside: set[asyncio.Task[None]] = set()
        self.ended = False

    def start(self) -> None:
        """Begins to look; jobs that a killed process had claimed follow when its claim is over."""
        for kind, most in ((Action, 1), (Effect, AT_ONCE)):
            names = [name for name, one in self.kinds.items() if isinstance(one, kind)]
            if names:
                self.news.append(asyncio.Event())
                self.looking.append(asyncio.create_task(self._look(names, most, self.news[-1])))

    async def stop(self) -> None:
        """Ends: an action under way is finished; an effect is broken off, and free for others at once."""
        self.ended = True
        for news in self.news:
            news.set()
        for one in self.outside:
            one.cancel()
        everything = [*self.looking, *self.doing]
        if everything:
            await asyncio.wait(everything, timeout=GRACE)
        for one in everything:
            one.cancel()
        await asyncio.gather(*everything, return_exceptions=True)

    def wake(self, at: datetime) -> None:
        """A job of this process's making is due then: no need to wait for the next look."""
        if at <= now() + timedelta(seconds=self.poll):
            for news in self.news:
                news.set()

    async def run_due(self, moment: datetime) -> int:
        """Does all that is due by then, here and now, as if it were that moment; answers how many."""
        await self._keep_regular(list(self.kinds), moment)
        done = 0
        while one := await self._claimed(list(self.kinds), moment):
            await self._do(one, moment)
            done += 1
        return done

    async def _keep_regular(self, names: list[str], moment: datetime) -> None:
        for name in names:
            if every := self.kinds[name].every:
                await self.db.write(jobs.keep, name, moment + every)

    async def _look(self, names: list[str], most: int, news: asyncio.Event) -> None:
        slots, kept = asyncio.Semaphore(most), False
        while not self.ended:
            await slots.acquire()
            try:
                if not kept:
                    await self._keep_regular(names, now())
                    kept = True
                one = await self._next(names, news)
            except Exception as failure:  # the database is away: another look is another chance
                log.warning("jobs were not looked for", error=repr(failure))
                one = None
                await self._wait(news, self.poll)
            if one is not None and self.ended:  # claimed while the end was said: free again, and not begun
                await self.db.write(jobs.release, one)
            elif one is not None:
                self._begin(one, slots)
                continue
            slots.release()

    def _begin(self, one: Task, slots: asyncio.Semaphore) -> None:
        doing = asyncio.create_task(self._do(one))
        self.doing.add(doing)
        doing.add_done_callback(self.doing.discard)
        if isinstance(self.kinds[one.kind], Effect):
            self.outside.add(doing)
            doing.add_done_callback(self.outside.discard)
        doing.add_done_callback(lambda _: slots.release())

    async def _next(self, names: list[str], news: asyncio.Event) -> Task | None:
        """Waits for a job and claims it; None at the end."""
        while not self.ended:
            news.clear()
            due = await self.db.read(jobs.next_due, names)
            if due is not None and due <= now() and not self.ended:
                if one := await self._claimed(names, now()):
                    return one
                due = None  # somebody was faster; what else there is, the next look tells
            soon = (due - now()).total_seconds() if due is not None else self.poll
            await self._wait(news, soon)
        return None

    async def _wait(self, news: asyncio.Event, seconds: float) -> None:
        if not self.ended:
            with suppress(TimeoutError):
                async with asyncio.timeout(min(seconds, self.poll)):
                    await news.wait()

    async def _claimed(self, names: list[str], moment: datetime) -> Task | None:
        return await self.db.write(jobs.claim, names, moment, moment + self.lease)

    async def _do(self, one: Task, moment: datetime | None = None) -> None:
        kind, how = self.kinds[one.kind], "done"
        again = (moment or now()) + kind.every if kind.every else None
        try:
            if isinstance(kind, Action):
                if not await self.db.write(_once, kind.do, one, again):
                    how = "moved"
            else:
                await self._outside(kind, one)
                await self.db.write(jobs.finish, one, again)
        except asyncio.CancelledError:
            await asyncio.shield(self.db.write(jobs.release, one))
            raise
        except Exception as failure:
            how = "failed"
            log.warning("job failed", kind=one.kind, tries=one.tries, exc_info=failure)
            with suppress(Exception):  # then its claim runs out
                await self.db.write(jobs.fail, one, said(failure), moment or now())
        self.ran(one.kind, how)

    async def _outside(self, kind: Effect, one: Task) -> None:
        holding = asyncio.create_task(self._hold(one))
        try:
            async with asyncio.timeout(PATIENCE):
                await kind.do(one.data)
        finally:
            holding.cancel()

    async def _hold(self, one: Task) -> None:
        """Keeps the claim while it takes longer."""
        while True:
            await asyncio.sleep(self.lease.total_seconds() / 3)
            with suppress(Exception):
                await self.db.write(jobs.extend, one, now() + self.lease)


def _once(
    c: Connection, do: Callable[[Connection, dict[str, Any]], None], one: Task, again: datetime | None
) -> bool:
    """The job and its end in one transaction; False where it is no longer ours to do."""
    if not jobs.finish(c, one, again):
        return False
    do(c, one.data)
    return True


def said(failure: Exception) -> str:
    """What the list keeps of a failure: no key that its words quote."""
    return masked(f"{type(failure).__name__}: {failure}".splitlines()[0])
