"""Rate limits: in memory, or shared through Redis when there is one."""

import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import structlog
from limits import parse
from limits.aio.storage import MemoryStorage, RedisStorage
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


class Limits:
    """Counts hits per kind and key; raises `TooMany` over the limit."""

    def __init__(self, settings: Settings) -> None:
        self.own = MovingWindowRateLimiter(MemoryStorage())
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

    async def _ask(self, ask: Callable[[MovingWindowRateLimiter], Awaitable[T]]) -> T:
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
    }
    url = f"async+redis+{url}" if url.startswith("unix:") else f"async+{url}"
    return MovingWindowRateLimiter(
        RedisStorage(url, wrap_exceptions=True, implementation="redispy", **options)
    )
