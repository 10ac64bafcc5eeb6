"""Positions that members share for a while: in memory alone, shown to those alone who share theirs.

Every process holds all of them, told by the relay; nothing of it is written anywhere. Whoever has a fresh
position in a stream sees the others' there, and no one else does: to look is to be seen. One that was not
heard of for a while, or whose time is over, is gone. Times are seconds since the epoch.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

import orjson

from channels.frame import shared_frame
from channels.source import Dismissal


@dataclass(frozen=True, slots=True)
class Shared:
    """Where a member is, in WGS-84 degrees, and until when they say so at the latest.

    `at` is when they came there, `seen` when they last said so; `ticket` the session or token they say it by.
    """

    stream: str
    sweep: str
    member: str
    ticket: str
    lat: float
    lon: float
    accuracy: float | None
    at: float
    seen: float
    until: float


@dataclass(frozen=True, slots=True)
class Unshared:
    """A member, or with None everybody, does not share their position in a stream any more."""

    stream: str
    member: str | None


class Sharing:
    """`tell` hands a line to the other processes, `send` a frame to these members of a stream's watchers."""

    def __init__(
        self,
        tell: Callable[[bytes], None],
        send: Callable[[str, Iterable[str], bytes], None],
        *,
        stale: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._tell = tell
        self._send = send
        self._stale = stale
        self._clock = clock
        self._held: dict[str, dict[str, Shared]] = {}
        self._ended: dict[tuple[str, str | None], float] = {}
        """When who ended: what was said before and comes after it is not believed."""

    def find(self, stream: str, member: str) -> Shared | None:
        """A member's position, while it is fresh."""
        found = self._held.get(stream, {}).get(member)
        return found if found is not None and self._fresh(found) else None

    def put(self, shared: Shared) -> None:
        """A member is there, here and in the other processes."""
        self._tell(b"s" + orjson.dumps(asdict(shared)))
        self._take(shared)

    def still(self, shared: Shared, seen: float, until: float) -> None:
        """They are where they were."""
        self.put(replace(shared, seen=seen, until=until))

    def end(self, gone: Unshared) -> None:
        """They do not share any more, here and in the other processes."""
        at = self._clock()
        self._tell(b"n" + orjson.dumps([gone.stream, gone.member, at]))
        self._end(gone, at)

    def only(self, stream: str, members: set[str], asked: float) -> None:
        """These share, as the database said when asked: the end of whoever else is held here was missed."""
        for member in self._held.get(stream, {}).keys() - members:
            if self._held[stream][member].seen < asked:
                self._drop(stream, member)

    def dismissed(self, gone: Dismissal) -> None:
        """Somebody may no longer watch, so they are not seen either."""
        for stream, held in list(self._held.items()):
            one = held.get(gone.member)
            if one and gone.stream in (None, stream) and gone.ticket in (None, one.ticket):
                self._end(Unshared(stream, gone.member), self._clock())

    def heard(self, line: bytes) -> None:
        """Another process told a position. Raises ValueError or TypeError for anything else."""
        self._take(Shared(**orjson.loads(line)))

    def heard_end(self, line: bytes) -> None:
        """Another process told an end. Raises ValueError or TypeError for anything else."""
        stream, member, at = orjson.loads(line)
        self._end(Unshared(stream, member), at)

    def greeting(self, stream: str, member: str) -> bytes:
        """What somebody who begins to watch sees: themselves first, then the others, if they share at all.

        A page that has not heard of its own reader's position shows nobody's.
        """
        own = self.find(stream, member)
        if own is None:
            return b""
        others = (one for one in self._held[stream].values() if one is not own and self._fresh(one))
        return b"".join(self._frame(one) for one in (own, *others))

    def repeat(self) -> None:
        """Tell all positions again, to a process that may not know them."""
        for held in self._held.values():
            for one in held.values():
                self._tell(b"s" + orjson.dumps(asdict(one)))

    def expire(self) -> None:
        """Called often: what is not fresh any more is gone."""
        for stream, held in list(self._held.items()):
            for member, one in list(held.items()):
                if not self._fresh(one):
                    self._drop(stream, member)
        old = self._clock() - max(self._stale, 60)
        self._ended = {who: at for who, at in self._ended.items() if at > old}

    def _fresh(self, one: Shared) -> bool:
        return self._clock() < self._fresh_until(one)

    def _fresh_until(self, one: Shared) -> float:
        return min(one.until, one.seen + self._stale)

    def _take(self, one: Shared) -> None:
        known = self._held.get(one.stream, {}).get(one.member)
        ends = (self._ended.get((one.stream, whose), 0.0) for whose in (None, one.member))
        if one.seen <= max(ends) or not self._fresh(one) or (known and known.seen >= one.seen):
            return
        held = self._held.setdefault(one.stream, {})
        held[one.member] = one
        self._send(one.stream, list(held), self._frame(one))
        if known is None:
            others = b"".join(self._frame(other) for other in held.values() if other is not one)
            self._send(one.stream, [one.member], others)

    def _end(self, gone: Unshared, at: float) -> None:
        key = (gone.stream, gone.member)
        self._ended[key] = max(at, self._ended.get(key, 0.0))
        held = self._held.get(gone.stream, {})
        for member in [gone.member] if gone.member else list(held):
            if member in held and held[member].seen <= at:
                self._drop(gone.stream, member)

    def _drop(self, stream: str, member: str) -> None:
        held = self._held[stream]
        one = held.pop(member)
        data = {"sweep": one.sweep, "member": member, "position": None}
        self._send(stream, [*held, member], shared_frame(stream, data))
        if not held:
            del self._held[stream]

    def _frame(self, one: Shared) -> bytes:
        position = {"lat": one.lat, "lon": one.lon, "accuracy": one.accuracy}
        data: dict[str, Any] = {"sweep": one.sweep, "member": one.member, "position": position}
        data |= {"at": _stamp(one.at), "until": _stamp(one.until)}
        data["fresh_for"] = round(self._fresh_until(one) - self._clock(), 1)
        return shared_frame(one.stream, data)


def _stamp(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
