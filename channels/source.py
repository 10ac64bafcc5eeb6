"""What the hub asks of the application that owns the journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from channels.frame import Entry
from channels.position import Position


@dataclass(frozen=True, slots=True)
class Dismissal:
    """Somebody may no longer watch: one member everywhere, in one stream, or by one ticket."""

    member: str
    stream: str | None = None
    ticket: str | None = None
    """The session or token, as in `Live.ticket`."""


class Source(Protocol):
    """Any of these may fail; the hub logs it and asks again."""

    async def heads(self, seen: Mapping[str, Position | None]) -> Mapping[str, Position]:
        """The heads that differ from `seen`; a stream seen as None is answered if it exists."""

    async def history(self, stream: str, after: int, limit: int) -> Sequence[Entry]:
        """The entries after that offset, in order, at most `limit`."""

    async def contents(self, entries: Sequence[Entry], lang: str) -> Sequence[str | None]:
        """The fragment of each entry from the present state; None: nothing to swap."""

    async def dismissals(self) -> Sequence[Dismissal]:
        """Those made anywhere since the last call."""
