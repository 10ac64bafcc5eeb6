"""Entries too old for the memory: read and rendered a page at a time, once for all who are within it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from channels.stream import Stream


class Pages:
    """The pages of one stream that somebody waits for, or waited for a moment ago."""

    __slots__ = ("_stream", "_tasks")

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._tasks: dict[tuple[str, int], asyncio.Task[list[bytes]]] = {}

    async def after(self, offset: int, rep: str) -> list[bytes]:
        """Frames following that offset, at most up to what the representation sent; none: not to be had.

        Raises what the source raises, and Unshowable.
        """
        stream = self._stream
        low = offset - offset % stream.common.limits.page
        task = self._tasks.get((rep, low))
        if task is None:
            task = self._tasks[rep, low] = asyncio.create_task(self._make(rep, low))
        epoch = stream.epoch
        frames = await asyncio.shield(task)
        usable = min(len(frames), stream.channel(rep).taken - low)
        return frames[offset - low : usable] if stream.epoch == epoch else []

    def forget(self) -> None:
        """What was read until now is of no use to those who come."""
        self._tasks.clear()

    def stop(self) -> None:
        """Nobody waits any more."""
        for task in self._tasks.values():
            task.cancel()

    async def _make(self, rep: str, low: int) -> list[bytes]:
        stream, limits = self._stream, self._stream.common.limits
        keep, known = 0.0, -1
        frames: list[bytes] = []
        try:
            while known != stream.redactions:
                known = stream.redactions
                found = await stream.read(low, limits.page)
                dense = [
                    entry
                    for place, entry in enumerate(found, low + 1)
                    if (entry.epoch, entry.offset) == (stream.epoch, place)
                ]
                frames = await stream.channel(rep).frames(dense)
            keep = limits.keep_pages
            return frames
        finally:
            asyncio.get_running_loop().call_later(keep, self._tasks.pop, (rep, low), None)
