"""The relay over Redis or Valkey: plain PUBLISH, one message per tick and channel.

Whatever fails is logged and tried again with growing pauses; lines of an outage are dropped, because
every hub reads from the journal what it missed, and other processes are told so by `confirmed`.
"""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Callable, Coroutine
from itertools import islice
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from channels.relay import Confirmed, Receive

log = structlog.get_logger(__name__)

MOST_WAITING = 10_000
"""Lines kept while the server does not answer."""
SLICE = 1000
"""Channels named in one command."""
TIMEOUT = 5.0
"""Seconds after which a server that does not answer is taken for dead."""
PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds between attempts."""


class RedisRelay:
    """See `channels.relay.Relay`. `url` is `redis://`, `rediss://` or `unix://`."""

    def __init__(self, url: str, *, prefix: str = "muster:", timeout: float = TIMEOUT) -> None:
        self._prefix = prefix
        self._timeout = timeout
        self._client: Redis = Redis.from_url(
            url,
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
            retry=Retry(NoBackoff(), 0),
            driver_info=None,  # to find its own version out took longer than to connect
        )
        self._sender = uuid.uuid4().hex.encode()
        self._wanted: set[str] = set()
        self._asked: dict[str, bool] = {}
        """What to tell the server: channel, whether to hear it."""
        self._news = asyncio.Event()
        self._outbox: dict[str, list[bytes]] = {}
        self._waiting = 0
        self._mail = asyncio.Event()
        self._sent = asyncio.Event()
        self._sent.set()
        self._tasks: list[asyncio.Task[None]] = []
        self._receive: Receive | None = None
        self._confirmed: Confirmed | None = None

    async def start(self, receive: Receive, confirmed: Confirmed) -> None:
        """See Relay. A server that is down now is found when it is up."""
        self._receive, self._confirmed = receive, confirmed
        work = (("publishing", self._publish_all), ("listening", self._listen))
        self._tasks = [asyncio.create_task(self._keep(name, each)) for name, each in work]

    async def stop(self) -> None:
        """See Relay."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1.0):
                await self._sent.wait()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()

    def publish(self, channel: str, line: bytes) -> None:
        """See Relay."""
        if self._waiting < MOST_WAITING:
            self._waiting += 1
            self._outbox.setdefault(channel, []).append(line)
            self._mail.set()
            self._sent.clear()

    def subscribe(self, channel: str) -> None:
        """See Relay."""
        self._wanted.add(channel)
        self._asked[channel] = True
        self._news.set()

    def unsubscribe(self, channel: str) -> None:
        """See Relay."""
        self._wanted.discard(channel)
        self._asked[channel] = False
        self._news.set()

    async def ping(self) -> None:
        """See Relay."""
        try:
            async with asyncio.timeout(self._timeout):
                await self._client.ping()
        except (RedisError, OSError) as error:
            raise OSError("the relay does not answer") from error

    async def _keep(self, name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do it for ever: after a failure again, soon at first."""
        loop, failures = asyncio.get_running_loop(), 0
        while True:
            begun = loop.time()
            try:
                await work()
            except Exception as error:
                failures = 0 if loop.time() - begun > 10 else failures
                if not failures:
                    log.warning("relay interrupted", doing=name, error=repr(error))
                pause = PAUSES[min(failures, len(PAUSES) - 1)]
                failures += 1
                await asyncio.sleep(pause)

    async def _publish_all(self) -> None:
        while True:
            await self._mail.wait()
            self._mail.clear()
            outbox, self._outbox, self._waiting = self._outbox, {}, 0
            if outbox:
                async with self._client.pipeline(transaction=False) as pipe:
                    for channel, lines in outbox.items():
                        pipe.publish(self._prefix + channel, b"\n".join((self._sender, *lines)))
                    await pipe.execute()
            if not self._outbox:
                self._sent.set()

    async def _listen(self) -> None:
        pubsub = self._client.pubsub()
        try:
            self._asked = dict.fromkeys(self._wanted, True)
            await self._tell(pubsub)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._tell_news(pubsub))
                group.create_task(self._hear(pubsub))
        finally:
            await pubsub.aclose()  # type: ignore[no-untyped-call]

    async def _tell_news(self, pubsub: PubSub) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            await self._tell(pubsub)

    async def _tell(self, pubsub: PubSub) -> None:
        while self._asked:
            some = dict(islice(self._asked.items(), SLICE))
            for channel in some:
                del self._asked[channel]
            for hear, command in ((True, pubsub.subscribe), (False, pubsub.unsubscribe)):
                channels = [self._prefix + channel for channel, wanted in some.items() if wanted is hear]
                if channels:
                    await command(*channels)

    async def _hear(self, pubsub: PubSub) -> None:
        asked = False
        while True:
            message = await pubsub.get_message(timeout=self._timeout)
            if message is not None:
                asked = False
                self._take(message)
            elif asked:
                raise ConnectionError("silent")
            else:
                asked = True
                await pubsub.ping()

    def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "message":
            sender, *lines = message["data"].split(b"\n")
            if sender != self._sender and self._receive is not None:
                self._receive(self._channel(message), lines)
        elif message["type"] == "subscribe" and self._confirmed is not None:
            self._confirmed([self._channel(message)])

    def _channel(self, message: dict[str, Any]) -> str:
        name: str = message["channel"].decode()
        return name[len(self._prefix) :]
