"""Asking for the heads of streams: questions at the same time are one call of the source."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from channels.common import Counts
from channels.position import Position
from channels.source import Source

BATCH = 1000


class Heads:
    """`known` tells what the hub has seen of a stream (None: nothing); `learn` is told what is new."""

    def __init__(
        self,
        source: Source,
        counts: Counts,
        known: Callable[[str], Position | None],
        learn: Callable[[str, Position], None],
    ) -> None:
        self._source = source
        self._counts = counts
        self._known = known
        self._learn = learn
        self._asked: dict[str, asyncio.Future[bool]] = {}
        self._task: asyncio.Task[None] | None = None

    async def ask(self, stream: str) -> bool:
        """Read the head afresh; True: the stream exists. Raises what the source raises."""
        return await asyncio.shield(self._future(stream))

    def want(self, streams: Iterable[str]) -> None:
        """Read the heads soon; failures are left to the next look."""
        for stream in streams:
            self._future(stream)

    async def look(self, streams: Sequence[str]) -> None:
        """Read all these heads, a slice at a time. Raises what the source raises."""
        for start in range(0, len(streams), BATCH):
            await self._read(streams[start : start + BATCH])

    def stop(self) -> None:
        """Answer nobody any more."""
        if self._task is not None:
            self._task.cancel()
        for future in self._asked.values():
            future.cancel()

    def _future(self, stream: str) -> asyncio.Future[bool]:
        future = self._asked.get(stream)
        if future is None:
            future = self._asked[stream] = asyncio.get_running_loop().create_future()
            future.add_done_callback(lambda done: done.cancelled() or done.exception())
            if self._task is None:
                self._task = asyncio.create_task(self._answer())
        return future

    async def _answer(self) -> None:
        try:
            while self._asked:
                batch = {key: self._asked.pop(key) for key in list(islice(self._asked, BATCH))}
                try:
                    there = await self._read(list(batch))
                except Exception as error:
                    for future in batch.values():
                        if not future.done():
                            future.set_exception(error)
                else:
                    for key, future in batch.items():
                        if not future.done():
                            future.set_result(key in there)
                finally:
                    for future in batch.values():
                        future.cancel()  # does nothing to those answered
        finally:
            self._task = None

    async def _read(self, streams: Sequence[str]) -> set[str]:
        self._counts.head_reads += 1
        seen = {stream: self._known(stream) for stream in streams}
        found = await self._source.heads(seen)
        for stream, head in found.items():
            self._learn(stream, head)
        return set(found) | {stream for stream, head in seen.items() if head is not None}
