"""Who is connected: member ids per stream, over all processes, shown at most once an interval.

Every process tells its set of a stream on change and, slowly, again; a process that has not been heard
of for a while is taken to be gone, with everybody on it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from channels.frame import presence_frame

CROWD = 200
"""More members than this are counted, not named: a crowd's names would cost more than its news."""


def named(stream: str) -> bool:
    """Whether a stream shows who is there: squads and queues do, the company's and one's own do not."""
    return stream != "company" and not stream.startswith("me:")


class Presence:
    """`tell` hands one's own set to the other processes, `show` a frame to a stream's watchers."""

    def __init__(
        self,
        tell: Callable[[str, Sequence[str]], None],
        show: Callable[[str, bytes], None],
        *,
        interval: float = 1.0,
        patience: float = 20.0,
    ) -> None:
        self._tell = tell
        self._show = show
        self._interval = interval
        self._patience = patience
        self._here: dict[str, Counter[str]] = {}
        self._there: dict[str, dict[str, frozenset[str]]] = {}
        self._alive: dict[str, float] = {}
        self._shown: dict[str, bytes] = {}
        self._told: dict[str, frozenset[str]] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def enter(self, stream: str, member: str) -> None:
        """One connection more."""
        here = self._here.setdefault(stream, Counter())
        here[member] += 1
        if here[member] == 1:
            self._changed(stream)

    def leave(self, stream: str, member: str) -> None:
        """One connection less; unknown ones do not count."""
        here = self._here.get(stream)
        if here is None or member not in here:
            return
        here[member] -= 1
        if not here[member]:
            del here[member]
            self._changed(stream)

    def heard(self, stream: str, process: str, members: Iterable[str]) -> None:
        """Another process told its set."""
        self._there.setdefault(stream, {})[process] = frozenset(members)
        self._changed(stream)

    def heard_of(self, process: str, now: float) -> bool:
        """Another process is alive (loop time); True: it is new here, and knows nothing of ours."""
        new = process not in self._alive
        self._alive[process] = now + self._patience
        return new

    def gone(self, process: str) -> None:
        """Another process ended."""
        self._alive.pop(process, None)
        for stream, there in self._there.items():
            if there.pop(process, None):
                self._changed(stream)

    def expire(self, now: float) -> None:
        """Take silent processes for gone."""
        for process in [process for process, until in self._alive.items() if until < now]:
            self.gone(process)

    def repeat(self, streams: Iterable[str] | None = None) -> None:
        """Tell one's own sets again, all or some."""
        for stream in list(self._here) if streams is None else streams:
            if self._here.get(stream):
                self._tell(stream, list(self._here[stream]))

    def forget(self, stream: str) -> None:
        """Nobody here watches the stream any more."""
        for kept in (self._here, self._there, self._shown, self._told):
            kept.pop(stream, None)
        timer = self._timers.pop(stream, None)
        if timer is not None:
            timer.cancel()

    def frame(self, stream: str, *, fresh: bool = False) -> bytes:
        """The stream's snapshot as of now; a crowd's is the last shown, unless it must be fresh."""
        if len(self._here.get(stream, ())) > CROWD and not fresh and stream in self._shown:
            return self._shown[stream]
        here = set(self._here.get(stream, ()))
        for members in self._there.get(stream, {}).values():
            here |= members
        names = sorted(here) if len(here) <= CROWD else []
        return presence_frame(stream, names, len(here))

    def stop(self) -> None:
        """Show nothing any more."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def _changed(self, stream: str) -> None:
        if stream not in self._timers:
            # The bigger the crowd, the rarer its snapshot: a thousand reconnecting are not a thousand news.
            wait = self._interval * max(1.0, len(self._here.get(stream, ())) / 1000)
            self._timers[stream] = asyncio.get_running_loop().call_later(wait, self._publish, stream)

    def _publish(self, stream: str) -> None:
        del self._timers[stream]
        mine = frozenset(self._here.get(stream, ()))
        if mine != self._told.get(stream, frozenset()):
            self._told[stream] = mine
            self._tell(stream, list(mine))
        frame = self.frame(stream, fresh=True)
        if frame != self._shown.get(stream):
            self._shown[stream] = frame
            self._show(stream, frame)
