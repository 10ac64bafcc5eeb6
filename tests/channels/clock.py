"""A loop whose time passes as soon as nothing else is to be done: what waits for an hour is over at once."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any


class Impatient(selectors.DefaultSelector):
    """Does not wait; says how long it would have waited."""

    waited = 0.0
    turns = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0)
        self.turns = 0 if timeout else self.turns + 1
        assert self.turns < 20_000, "round and round"
        if not found and timeout is None:
            found = super().select(10)
            assert found, "nothing will ever happen"
        elif not found:
            self.waited += timeout or 0
        return found


class Loop(asyncio.SelectorEventLoop):
    """The same actions give the same order of events, always."""

    def __init__(self) -> None:
        self._hurry = Impatient()
        super().__init__(self._hurry)

    def time(self) -> float:
        return 1000 + self._hurry.waited


def run(story: Coroutine[Any, Any, None]) -> None:
    """Like `asyncio.run`."""
    with asyncio.Runner(loop_factory=Loop) as runner:
        runner.run(story)
