"""One watched stream: its head, its recent entries, its order, and the reading of what is missing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

import structlog

from channels.channel import Channel
from channels.common import Common
from channels.frame import Entry, beat_frame, public_name
from channels.pages import Pages
from channels.position import Position

log = structlog.get_logger(__name__)


class Stream:
    """Delivers the next offset and no other: a duplicate is dropped, a hole is read from the journal first.

    `entries` holds the offsets `oldest` to `head` without a gap; until `open()` only what arrives is kept.
    """

    __slots__ = (
        "_aged",
        "_filling",
        "_redacted",
        "_target",
        "_waiting",
        "_widening",
        "channels",
        "common",
        "entries",
        "epoch",
        "head",
        "idle",
        "key",
        "name",
        "oldest",
        "opened",
        "pages",
        "redactions",
        "slot",
    )

    def __init__(self, key: str, common: Common) -> None:
        self.key = key
        self.name = public_name(key)
        self.common = common
        self.opened = False
        self.epoch = ""
        self.head = 0
        self.oldest = 1
        self.entries: dict[int, Entry] = {}
        self.channels: dict[str, Channel] = {}
        self.idle = False
        self.slot = -1
        self.redactions = 0
        """How many are known here: what was read before the last may hold what is gone."""
        self._waiting: dict[int, Entry] = {}
        self._target = 0
        self._aged = 0
        self._redacted = 0
        """Entries before this offset may have been redacted after they came into memory."""
        self._filling: asyncio.Task[None] | None = None
        self._widening: asyncio.Task[bool] | None = None
        self.pages = Pages(self)

    @property
    def position(self) -> Position:
        """Where the stream is, as far as it was delivered here."""
        return Position(self.epoch, self.head)

    @property
    def wanted(self) -> bool:
        """Whether anybody watches or is about to."""
        return any(channel.wanted for channel in self.channels.values())

    def channel(self, rep: str) -> Channel:
        """The stream in one representation."""
        found = self.channels.get(rep)
        if found is None:
            found = self.channels[rep] = Channel(self, rep)
        return found

    def learn(self, head: Position) -> None:
        """The journal's head as read just now: begin, catch up, or start anew in another epoch."""
        if not self.opened:
            self.opened = True
            self._restart(head)
            waiting, self._waiting = self._waiting, {}
            self.take(waiting[offset] for offset in sorted(waiting))
        elif head.epoch != self.epoch:
            log.warning("epoch changed", stream=self.key)
            self._restart(head)
        elif head.offset > self.head:
            self._fill(head.offset)

    def take(self, entries: Iterable[Entry]) -> None:
        """Entries from anywhere, in any order, perhaps again."""
        before = self.head
        for entry in entries:
            self._take(entry)
        if self.head != before:
            for channel in self.channels.values():
                channel.advance()
            self._sweep()

    def _take(self, entry: Entry) -> None:
        if not self.opened:
            self._wait(entry)
        elif entry.epoch != self.epoch:
            self.common.doubt(self.key)
        elif entry.offset == self.head + 1:
            self._append(entry)
            while (following := self._waiting.pop(self.head + 1, None)) is not None:
                self._append(following)
        elif entry.offset > self.head:
            self._wait(entry)
            self._fill(entry.offset)

    def _wait(self, entry: Entry) -> None:
        if len(self._waiting) < self.common.limits.window:
            self._waiting[entry.offset] = entry

    def _append(self, entry: Entry) -> None:
        self.head = entry.offset
        self.entries[entry.offset] = entry
        if entry.kind in self.common.limits.redacting:
            self._redact(entry.offset)

    def forget(self) -> None:
        """Entries may have been redacted: drop what is in memory, the journal is read again when needed."""
        self._redact(self.head + 1)
        self._sweep()

    def _redact(self, before: int) -> None:
        self.redactions += 1
        self._redacted = before
        self.pages.forget()

    def _sweep(self) -> None:
        self._drop(max(self._redacted, self.head + 1 - self.common.limits.window))

    def age(self) -> None:
        """Drop what was in memory already at the last call but one."""
        self._drop(min(self._aged, self.head) + 1)
        self._aged = self.head

    def _drop(self, before: int) -> None:
        while self.oldest < before and self.oldest <= self.head:
            self.entries.pop(self.oldest, None)
            for channel in self.channels.values():
                channel.drop(self.oldest)
            self.oldest += 1

    def beat(self) -> None:
        """Tell every watcher how far the stream is."""
        for channel in self.channels.values():
            if len(channel.topic):
                self.common.fanout.publish(channel.topic, beat_frame(self.name, channel.position))

    def close(self) -> None:
        """Nobody wants the stream."""
        for task in (self._filling, self._widening):
            if task is not None:
                task.cancel()
        self.pages.stop()
        for channel in self.channels.values():
            channel.stop()

    def _restart(self, head: Position) -> None:
        self.epoch, self.head, self._target = head.epoch, head.offset, head.offset
        self.oldest = head.offset + 1
        self.entries = {}
        self._waiting = {
            offset: entry
            for offset, entry in self._waiting.items()
            if entry.epoch == head.epoch and offset > head.offset
        }
        self._redacted = 0
        self.pages.forget()
        for channel in self.channels.values():
            channel.restart()

    def _fill(self, target: int) -> None:
        self._target = max(self._target, target)
        if self._filling is None:
            self._filling = asyncio.create_task(self._read_missing())

    async def filled(self) -> None:
        """Wait for the catching up that is under way."""
        if self._filling is not None:
            await asyncio.shield(self._filling)

    async def _read_missing(self) -> None:
        limits = self.common.limits
        try:
            await asyncio.sleep(limits.grace)  # most holes close themselves: two commits, announced crosswise
            while (before := self.head) < self._target:
                if self._target - before > limits.far:
                    self._restart(Position(self.epoch, self._target))
                    break
                page = await self.read(before, limits.page)
                self.common.counts.holes_filled += self.head == before
                self.take(page)
                if self.head == before:
                    log.warning("journal lacks the next entry", stream=self.key, after=before)
                    break  # the next look at the heads tries again
        except Exception as error:
            self.common.counts.failures += 1
            log.warning("reading missing entries failed", stream=self.key, error=repr(error))
        finally:
            self._filling = None

    async def read(self, after: int, limit: int) -> Sequence[Entry]:
        """Entries of the journal, read after the last redaction known here. Raises what the source raises."""
        found: Sequence[Entry] = ()
        known = -1
        while known != self.redactions:
            known = self.redactions
            self.common.counts.history_reads += 1
            found = await self.common.source.history(self.key, after, limit)
        return found

    async def widen(self, after: int) -> bool:
        """Read what follows that offset into memory, for everybody; False: it is not to be had."""
        if self._widening is None:
            self._widening = asyncio.create_task(self._widen(after))
        return await asyncio.shield(self._widening)

    async def _widen(self, after: int) -> bool:
        limits, before = self.common.limits, (self.oldest, self.epoch)
        try:
            # A little more than asked: those a few entries further behind need no reading of their own.
            low = max(after - after % limits.page, self.head - limits.window, 0)
            for entry in reversed(await self.read(low, self.oldest - 1 - low)):
                if entry.epoch == self.epoch and entry.offset == self.oldest - 1:
                    self.entries[entry.offset] = entry
                    self.oldest -= 1
            return (self.oldest, self.epoch) != before
        finally:
            self._widening = None
