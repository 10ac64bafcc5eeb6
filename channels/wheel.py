"""A timer for many: its members are visited one set after the other, each once per round."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Wheel(Generic[T]):
    """Spreads members evenly over `parts` sets."""

    def __init__(self, parts: int = 20) -> None:
        self._parts: list[set[T]] = [set() for _ in range(parts)]
        self._turn = 0
        self._next = 0
        self._timer: asyncio.TimerHandle | None = None

    def start(self, seconds: float, visit: Callable[[list[T]], None]) -> None:
        """From now on hand the sets to `visit`, a round in so many seconds; it must not raise."""
        self._timer = asyncio.get_running_loop().call_later(
            seconds / len(self._parts), self.start, seconds, visit
        )
        visit(self.turn())

    def stop(self) -> None:
        """Visit nobody any more."""
        if self._timer is not None:
            self._timer.cancel()

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    def add(self, member: T) -> int:
        """Take the member in; the answer is the slot that `discard` wants."""
        self._next = (self._next + 1) % len(self._parts)
        self._parts[self._next].add(member)
        return self._next

    def discard(self, member: T, slot: int) -> None:
        """Let the member go; nothing happens where it is not in."""
        self._parts[slot].discard(member)

    def turn(self) -> list[T]:
        """The members of the next set."""
        self._turn = (self._turn + 1) % len(self._parts)
        return list(self._parts[self._turn])

    def all(self) -> list[T]:
        """Every member."""
        return [member for part in self._parts for member in part]
