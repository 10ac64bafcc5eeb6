"""Rate limits: in memory, or shared through Redis when there is one."""

import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import structlog
from limits import RateLimitItem, parse
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from config.settings import Settings
from server.access import Who
from server.errors import TooMany

T = TypeVar("T")
log = structlog.get_logger()
PATIENCE = 1.0
"""Seconds that Redis may take to answer."""
PAUSE = 5.0
"""Seconds after which it is asked again."""
SWEEP = 60.0
"""Seconds after which keys without hits are forgotten."""


class Own:
    """A moving window in this process. The library's goes through all keys after every hit, each by way of
    a thread: with 200 members at work that is a tenth of what a check-in costs, and more for one at a time.
    """

    def __init__(self) -> None:
        self.hits: dict[str, deque[float]] = {}
        """When each hit stops counting, by key, oldest first."""
        self.next_sweep = 0.0

    async def hit(self, limit: RateLimitItem, *key: str) -> bool:
        """One more; False, and not counted, where the limit is reached."""
        hits = self._counting(limit, key)
        if len(hits) >= limit.amount:
            return False
        hits.append(time.monotonic() + limit.get_expiry())
        return True

    async def test(self, limit: RateLimitItem, *key: str) -> bool:
        """Whether one more would be taken."""
        return len(self._counting(limit, key)) < limit.amount

    async def clear(self, limit: RateLimitItem, *key: str) -> None:
        """Starts anew."""
        self.hits.pop(limit.key_for(*key), None)

    def _counting(self, limit: RateLimitItem, key: tuple[str, ...]) -> deque[float]:
        now = time.monotonic()
        if now > self.next_sweep:
            self.next_sweep = now + SWEEP
            self.hits = {name: hits for name, hits in self.hits.items() if hits and hits[-1] > now}
        hits = self.hits.setdefault(limit.key_for(*key), deque())
        while hits and hits[0] <= now:
            hits.popleft()
        return hits


class Limits:
    """Counts hits per kind and key; raises `TooMany` over the limit."""

    def __init__(self, settings: Settings) -> None:
        self.own = Own()
        self.shared = _shared(settings.redis_url) if settings.redis_url else None
        self.away_until = 0.0
        self.write_limit = parse(settings.write_limit)

    async def write(self, who: Who) -> None:
        """One write of a member."""
        if not await self._ask(lambda window: window.hit(self.write_limit, "write", who.id)):
            raise TooMany

    async def hit(self, kind: str, key: str, limit: str) -> None:
        """One try of something that must not be tried endlessly."""
        if not await self._ask(lambda window: window.hit(parse(limit), kind, key)):
            raise TooMany

    async def check(self, kind: str, key: str, limit: str) -> None:
        """Raises when the limit is reached already, without counting a try: where only failures count."""
        if not await self._ask(lambda window: window.test(parse(limit), kind, key)):
            raise TooMany

    async def forget(self, kind: str, key: str, limit: str) -> None:
        """Starts counting anew, after a try that was right."""
        await self._ask(lambda window: window.clear(parse(limit), kind, key))

    async def _ask(self, ask: Callable[[MovingWindowRateLimiter | Own], Awaitable[T]]) -> T:
        """By the shared counts; while Redis is away by our own, for nobody's work may wait for it."""
        if self.shared is not None and time.monotonic() >= self.away_until:
            try:
                return await ask(self.shared)
            except StorageError as failure:
                self.away_until = time.monotonic() + PAUSE
                log.warning("limits are counted in this process alone", error=repr(failure))
        return await ask(self.own)


def _shared(url: str) -> MovingWindowRateLimiter:
    options: dict[str, Any] = {
        "socket_timeout": PATIENCE,
        "socket_connect_timeout": PATIENCE,
        "retry": Retry(NoBackoff(), 0),
        "driver_info": None,  # to find its own version out took longer than to connect
    }
    url = f"async+redis+{url}" if url.startswith("unix:") else f"async+{url}"
    return MovingWindowRateLimiter(
        RedisStorage(url, wrap_exceptions=True, implementation="redispy", **options)
    )
