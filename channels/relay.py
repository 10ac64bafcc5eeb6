"""Between processes: lines of bytes on named channels. It may lose anything; the hub finds what was lost.

A relay tells `confirmed` every time it begins (again) to hear channels: what was said on them before is
unknown, so the heads of those streams are checked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

Receive = Callable[[str, Sequence[bytes]], None]
Confirmed = Callable[[Sequence[str]], None]


class Relay(Protocol):
    """Lines hold no newline. Only `ping` raises."""

    async def start(self, receive: Receive, confirmed: Confirmed) -> None:
        """Begin; the callbacks are called in the loop and get no line of one's own."""

    async def stop(self) -> None:
        """Send what is waiting, if that is quick, and end."""

    def publish(self, channel: str, line: bytes) -> None:
        """Hand a line to all other processes that hear the channel; returns at once."""

    def subscribe(self, channel: str) -> None:
        """Hear the channel; `confirmed` tells from when on."""

    def unsubscribe(self, channel: str) -> None:
        """Stop hearing the channel."""

    async def ping(self) -> None:
        """Raises OSError where other processes cannot be reached."""


class Bus:
    """What joins memory relays of one process; alone, a memory relay reaches nobody."""

    def __init__(self) -> None:
        self.relays: list[MemoryRelay] = []


class MemoryRelay:
    """For a single process; on a shared `Bus`, between the hubs of one process."""

    def __init__(self, bus: Bus | None = None) -> None:
        self._bus = bus or Bus()
        self._channels: set[str] = set()
        self._fresh: list[str] = []
        self._outbox: dict[str, list[bytes]] = {}
        self._receive: Receive | None = None
        self._confirmed: Confirmed | None = None

    async def start(self, receive: Receive, confirmed: Confirmed) -> None:
        """See Relay."""
        self._receive, self._confirmed = receive, confirmed
        self._bus.relays.append(self)
        self._confirm()

    async def stop(self) -> None:
        """See Relay."""
        self._flush()
        self._receive = self._confirmed = None
        if self in self._bus.relays:
            self._bus.relays.remove(self)

    def publish(self, channel: str, line: bytes) -> None:
        """See Relay."""
        if len(self._bus.relays) > 1:
            if not self._outbox:
                asyncio.get_running_loop().call_soon(self._flush)
            self._outbox.setdefault(channel, []).append(line)

    def subscribe(self, channel: str) -> None:
        """See Relay."""
        if not self._fresh and self._confirmed is not None:
            asyncio.get_running_loop().call_soon(self._confirm)
        self._channels.add(channel)
        self._fresh.append(channel)

    def unsubscribe(self, channel: str) -> None:
        """See Relay."""
        self._channels.discard(channel)

    async def ping(self) -> None:
        """See Relay."""

    def _flush(self) -> None:
        outbox, self._outbox = self._outbox, {}
        for other in list(self._bus.relays):
            if other is not self:
                for channel, lines in outbox.items():
                    other._hear(channel, lines)

    def _hear(self, channel: str, lines: Sequence[bytes]) -> None:
        if self._receive is not None and channel in self._channels:
            self._receive(channel, lines)

    def _confirm(self) -> None:
        fresh, self._fresh = self._fresh, []
        if self._confirmed is not None and fresh:
            self._confirmed(fresh)
