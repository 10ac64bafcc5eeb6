"""The fan-out: one stream in one representation, and the writing of its frames to descriptors.

A watcher without unsent bytes is written to directly with `os.write`: one system call per watcher and
tick, no Python object touched but a dict of descriptors. One whose transport holds unsent bytes is
slow: its frames wait behind them, bounded. Transports have a high-water mark of 0, so that
`pause_writing()` and `resume_writing()` mean exactly "there are (no) unsent bytes".
"""

from __future__ import annotations

import asyncio
import os
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from channels.socket import Live

SLICE = 1000
"""Watchers written to before the loop may do something else."""


class Topic:
    """Who gets which bytes. `fast` maps watchers to their descriptors."""

    __slots__ = ("entries", "fast", "pending", "rest", "slow", "stream", "text")

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self.fast: dict[Live, int] = {}
        self.slow: set[Live] | tuple[()] = ()
        self.pending: list[bytes] = []
        self.entries = 0
        """How many of the pending frames are journal entries."""
        self.text = b""
        """What is being written to those in `rest`, a slice at a time."""
        self.rest: list[tuple[Live, int]] | None = None

    def __len__(self) -> int:
        return len(self.fast) + len(self.slow)

    def __bool__(self) -> bool:
        return True

    def add(self, live: Live) -> None:
        """From now on the watcher gets what is published, beginning with what is pending."""
        if live.congested or live.fd < 0:
            self.slow_down(live)
        else:
            self.fast[live] = live.fd

    def slow_down(self, live: Live) -> None:
        """The watcher's transport holds unsent bytes, or has no descriptor to write to (TLS)."""
        self.fast.pop(live, None)
        if isinstance(self.slow, tuple):
            self.slow = set()
        self.slow.add(live)

    def speed_up(self, live: Live) -> None:
        """Everything of the watcher's was sent."""
        if isinstance(self.slow, set):
            self.slow.discard(live)
        self.fast[live] = live.fd

    def remove(self, live: Live) -> None:
        """Nothing more, not even what is pending."""
        self.fast.pop(live, None)
        if isinstance(self.slow, set):
            self.slow.discard(live)

    def watchers(self) -> list[Live]:
        """Everybody who watches."""
        return [*self.fast, *self.slow]

    def forget(self) -> None:
        """Drop what is pending."""
        self.pending.clear()
        self.entries = 0


class Fanout:
    """Writes the pending frames of all topics once per tick."""

    def __init__(self, size: int = SLICE) -> None:
        self.size = size
        self.published = 0
        self.delivered = 0
        self._dirty: deque[Topic] = deque()
        self._scheduled = False

    def publish(self, topic: Topic, frame: bytes, entries: int = 0) -> None:
        """Send the frame (a whole WebSocket frame) to all watchers at the end of this tick."""
        self.published += 1
        if not topic.pending and topic.rest is None:
            self._dirty.append(topic)
            if not self._scheduled:
                self._scheduled = True
                asyncio.get_running_loop().call_soon(self._flush)
        topic.pending.append(frame)
        topic.entries += entries

    def _flush(self) -> None:
        left = self.size
        while self._dirty and left > 0:
            topic = self._dirty.popleft()
            left -= self._go_on(topic) if topic.rest else self._begin(topic)
            if topic.rest or topic.pending:
                self._dirty.append(topic)
            else:
                topic.rest = None
        if self._dirty:
            asyncio.get_running_loop().call_soon(self._flush)
        else:
            self._scheduled = False

    def _begin(self, topic: Topic) -> int:
        if not topic.pending:
            return 0
        frames = len(topic.pending)
        text = topic.pending[0] if frames == 1 else b"".join(topic.pending)
        topic.forget()
        self.delivered += frames * len(topic)
        for live in tuple(topic.slow):
            live.hold(text)
        if len(topic.fast) <= self.size:
            write(topic.fast, text)
            return len(topic.fast)
        topic.text = text
        topic.rest = list(topic.fast.items())
        return self._go_on(topic)

    def _go_on(self, topic: Topic) -> int:
        """The next slice. Since the list was made, some may have left, some may have slowed down."""
        rest = topic.rest or []
        part = rest[-self.size :]
        del rest[-self.size :]
        slow = [live for live, _ in part if live in topic.slow]
        write({live: fd for live, fd in part if live in topic.fast}, topic.text)
        for live in slow:
            live.hold(topic.text)
        if not rest:
            topic.text = b""
        return len(part)


def write(fast: dict[Live, int], text: bytes) -> None:
    """Write to every descriptor; what does not fit goes through the transport, which then says when."""
    size = len(text)
    short: list[tuple[Live, int]] | None = None
    put = os.write
    for live, fd in fast.items():
        try:
            sent = put(fd, text)
        except OSError:
            sent = 0  # full, or broken: the transport finds out
        if sent != size:
            if short is None:
                short = []
            short.append((live, sent))
    for live, sent in short or ():
        live.send_rest(text[sent:])
