"""What was just said is found a moment after its commit: many new posts are put into the index at once.

In each post's own transaction it took a quarter of a check-in's time on SQLite, a third on PostgreSQL.
"""

import asyncio
import contextlib
import logging
from collections.abc import Iterable

from channels.frame import Entry
from server.db import Database
from server.search.keeping import NEW, fill_up, keep_new

log = logging.getLogger(__name__)
AT_ONCE = 50
PATIENCE = 3.0
"""Seconds a search waits for what was said before it; where ever more is said, it goes without the newest."""


class Soon:
    """Knows which new posts are not in the index yet. What it forgets with its process `fill_up` finds: at
    the next start, and every hour.
    """

    def __init__(self, db: Database) -> None:
        self.db = db
        self.waiting: dict[str, None] = {}
        self.work: asyncio.Task[None] | None = None

    def start(self) -> None:
        """What another process left undone comes first."""
        self.work = asyncio.create_task(self._fill(), name="search")

    async def stop(self) -> None:
        """What waits is left to `fill_up`; what is being written is finished or undone."""
        self.waiting.clear()
        if self.work is not None:
            self.work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.work

    def heard(self, entries: Iterable[Entry]) -> None:
        """Entries that were committed just now."""
        self.waiting.update((one.subject, None) for one in entries if one.kind in NEW and one.subject)
        if self.waiting and (self.work is None or self.work.done()):
            self.work = asyncio.create_task(self._keep(), name="search")

    async def settled(self) -> None:
        """Returns once what was heard so far can be found: who has just said a thing finds it."""
        if self.work is not None and not self.work.done():
            await asyncio.wait([self.work], timeout=PATIENCE)

    async def _fill(self) -> None:
        await fill_up(self.db)
        await self._keep()

    async def _keep(self) -> None:
        while some := list(self.waiting)[:AT_ONCE]:
            try:
                await self.db.write(keep_new, some)
            except Exception:
                log.exception("new posts are not in the index yet")
            for id in some:
                self.waiting.pop(id, None)
