"""Who was sent away lately: for those who were let in just before, and for news that comes twice."""

from __future__ import annotations

from collections import deque

from channels.socket import Live
from channels.source import Dismissal

MOST = 1000


class Dismissals:
    """The last ones, numbered. Times are those of the loop."""

    def __init__(self) -> None:
        self.count = 0
        """How many were carried out so far."""
        self._recent: deque[tuple[int, float, Dismissal]] = deque(maxlen=MOST)

    def add(self, dismissal: Dismissal, now: float) -> None:
        """It is being carried out."""
        self.count += 1
        self._recent.append((self.count, now, dismissal))

    def missed(self, live: Live) -> bool:
        """Whether the watcher was sent away since its handshake began, when it could not be found yet."""
        if self.count - live.since > MOST:
            return True
        return any(serial > live.since and meant(each, live) for serial, _, each in self._recent)

    def done(self, dismissal: Dismissal, since: float) -> bool:
        """Whether it was carried out since then: whoever came back after it was let in rightly."""
        return any(at > since and dismissal == each for _, at, each in self._recent)


def meant(dismissal: Dismissal, live: Live) -> bool:
    """Whether this watcher may no longer watch."""
    return (
        live.owner == dismissal.member
        and (dismissal.ticket is None or dismissal.ticket == live.ticket)
        and (dismissal.stream is None or dismissal.stream in live.streams)
    )
