"""Rate limits: in memory, or shared through Redis when there is one."""

from limits import parse
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter

from config.settings import Settings
from server.access import Who
from server.errors import TooMany


class Limits:
    """Counts hits per kind and key; raises `TooMany` over the limit."""

    def __init__(self, settings: Settings) -> None:
        url = settings.redis_url
        storage = RedisStorage(f"async+{url}", implementation="redispy") if url else MemoryStorage()
        self.window = MovingWindowRateLimiter(storage)
        self.write_limit = parse(settings.write_limit)

    async def write(self, who: Who) -> None:
        """One write of a member."""
        if not await self.window.hit(self.write_limit, "write", who.id):
            raise TooMany

    async def hit(self, kind: str, key: str, limit: str) -> None:
        """One try of something that must not be tried endlessly."""
        if not await self.window.hit(parse(limit), kind, key):
            raise TooMany

    async def check(self, kind: str, key: str, limit: str) -> None:
        """Raises when the limit is reached already, without counting a try: where only failures count."""
        if not await self.window.test(parse(limit), kind, key):
            raise TooMany

    async def forget(self, kind: str, key: str, limit: str) -> None:
        """Starts counting anew, after a try that was right."""
        await self.window.clear(parse(limit), kind, key)
