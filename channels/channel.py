"""One stream in one representation: its frames, made once, in order, for those who watch."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

import structlog

from channels.frame import Entry, data_frame, html_frame, reset_frame
from channels.position import Position
from channels.topic import Topic

if TYPE_CHECKING:
    from channels.stream import Stream

log = structlog.get_logger(__name__)


class Unshowable(Exception):
    """There are entries whose fragments cannot be had: only a fresh page helps."""


class Channel:
    """`lang` is empty for `data`, whose frames need no rendering and wait for none."""

    __slots__ = ("_filling", "_frames", "_task", "joining", "lang", "rep", "sent", "stream", "topic")

    def __init__(self, stream: Stream, rep: str) -> None:
        self.stream = stream
        self.topic = Topic(stream.key)
        self.rep = rep
        self.lang = rep.partition(":")[2]
        self.joining = 0
        """How many are being brought up to date."""
        self.sent = stream.head
        """The last offset that was published here."""
        self._frames: dict[int, bytes] = {}
        self._task: asyncio.Task[None] | None = None
        self._filling: asyncio.Task[None] | None = None

    @property
    def wanted(self) -> bool:
        """Whether anybody watches or is about to."""
        return bool(self.topic.fast or self.topic.slow or self.joining)

    @property
    def taken(self) -> int:
        """The last offset that a watcher who enters now would not get from the topic."""
        return self.sent - self.topic.entries

    @property
    def entrance(self) -> Position:
        """Where a watcher who enters now begins; what is pending in the topic comes after it."""
        return Position(self.stream.epoch, self.taken)

    @property
    def position(self) -> Position:
        """Where the representation is; behind the stream's head while something is rendered."""
        return Position(self.stream.epoch, self.sent)

    @property
    def start(self) -> Position:
        """Where a watcher who enters now begins: everything after it comes by the topic."""
        return Position(self.stream.epoch, self.taken)

    def advance(self) -> None:
        """The stream has new entries."""
        if not self.wanted:
            if self._task is None:
                self._skip()
        elif not self.lang:
            for offset in range(self.sent + 1, self.stream.head + 1):
                self._publish(offset, self._keep(offset, data_frame(self.stream.entries[offset])))
        elif self._task is None:
            self._task = asyncio.create_task(self._render())

    def restart(self) -> None:
        """The stream goes on elsewhere: whoever watches fetches the page again."""
        stream = self.stream
        self._frames.clear()
        self.topic.forget()
        self.sent = stream.head
        if len(self.topic):
            stream.common.counts.resets += len(self.topic)
            stream.common.fanout.publish(self.topic, reset_frame(stream.name, stream.position))

    def drop(self, offset: int) -> None:
        """Forget one frame."""
        self._frames.pop(offset, None)

    def cached(self, after: int, limit: int) -> list[bytes]:
        """The frames following that offset that are there already, in order, none of them still pending."""
        found: list[bytes] = []
        for offset in range(after + 1, min(self.taken, after + limit) + 1):
            frame = self._frames.get(offset)
            if frame is None:
                if self.lang:
                    break
                frame = self._keep(offset, data_frame(self.stream.entries[offset]))
            found.append(frame)
        return found

    async def fill(self, after: int) -> None:
        """Render what is in memory and was never rendered, beginning there; shared by all who wait.

        Unshowable as in `frames()`.
        """
        if self._filling is None:
            self._filling = asyncio.create_task(self._fill(after))
        await asyncio.shield(self._filling)

    def stop(self) -> None:
        """Nobody wants the stream."""
        for task in (self._task, self._filling):
            if task is not None:
                task.cancel()

    async def settle(self) -> None:
        """Wait until more was rendered and handed out."""
        if self._task is not None:
            await asyncio.shield(self._task)
        await asyncio.sleep(0)

    async def frames(self, entries: Sequence[Entry]) -> list[bytes]:
        """The entries' frames; Unshowable where the source cannot make one of them, tried again and again."""
        if not self.lang:
            return [data_frame(entry) for entry in entries]
        common = self.stream.common
        for pause in common.limits.pauses:
            try:
                return await self._html(entries)
            except Exception as error:
                common.counts.failures += 1
                log.warning(
                    "rendering failed", stream=self.stream.key, entries=len(entries), error=repr(error)
                )
            await asyncio.sleep(pause)
        raise Unshowable

    async def _html(self, entries: Sequence[Entry]) -> list[bytes]:
        common = self.stream.common
        common.counts.renderings += 1
        async with asyncio.timeout(common.limits.render):
            contents = await common.source.contents(entries, self.lang)
        return [html_frame(entry, content) for entry, content in zip(entries, contents, strict=True)]

    async def _render(self) -> None:
        stream = self.stream
        try:
            while self.wanted and self.sent < stream.head:
                if stream.head - self.sent > stream.common.limits.window:
                    raise Unshowable
                epoch = stream.epoch
                batch = await self._unsent()
                frames = await self.frames(batch)
                if stream.epoch == epoch and self.sent + 1 == batch[0].offset:
                    for entry, frame in zip(batch, frames, strict=True):
                        self._publish(entry.offset, self._keep(entry.offset, frame))
        except Unshowable:
            log.warning("watchers fetch the page again", stream=stream.key, behind=stream.head - self.sent)
            self.restart()
        finally:
            self._task = None
            if not self.wanted:
                self._skip()

    async def _unsent(self) -> Sequence[Entry]:
        """The next to render: from memory, or from the journal where they were dropped meanwhile."""
        stream = self.stream
        last = min(stream.head, self.sent + stream.common.limits.page)
        if self.sent + 1 >= stream.oldest:
            return [stream.entries[offset] for offset in range(self.sent + 1, last + 1)]
        try:
            found = await stream.read(self.sent, last - self.sent)
        except Exception as error:
            raise Unshowable from error
        if not found or found[0].epoch != stream.epoch:  # others, under its numbers
            raise Unshowable
        return found

    async def _fill(self, after: int) -> None:
        stream = self.stream
        try:
            last = min(self.sent, after + stream.common.limits.page)
            wanted = [offset for offset in range(after + 1, last + 1) if offset not in self._frames]
            batch = [stream.entries[offset] for offset in wanted if offset in stream.entries]
            known = stream.epoch, stream.redactions
            frames = await self.frames(batch) if batch else []
            if (stream.epoch, stream.redactions) == known:
                for entry, frame in zip(batch, frames, strict=True):
                    self._keep(entry.offset, frame)
        finally:
            self._filling = None

    def _keep(self, offset: int, frame: bytes) -> bytes:
        if offset >= self.stream.oldest:
            self._frames[offset] = frame
        return frame

    def _publish(self, offset: int, frame: bytes) -> None:
        self.sent = offset
        self.stream.common.fanout.publish(self.topic, frame, 1)

    def _skip(self) -> None:
        # What is pending has no one to go to, and must not reach whoever enters after the skipped.
        self.topic.forget()
        self.sent = self.stream.head
