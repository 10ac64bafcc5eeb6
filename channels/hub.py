"""The live hub of one process: who watches which stream, and what reaches them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import structlog

from channels.common import Common, Limits
from channels.dismissals import Dismissals, meant
from channels.frame import INTERNAL, NOT_ALLOWED, RESTARTING, TOO_SLOW, Entry
from channels.heads import Heads
from channels.join import follow
from channels.mail import CONTROL, Mail
from channels.position import Position
from channels.presence import Presence, named
from channels.relay import Relay
from channels.sharing import Sharing
from channels.socket import Live
from channels.source import Dismissal, Source
from channels.stream import Stream
from channels.topic import Topic
from channels.wheel import Wheel

log = structlog.get_logger(__name__)

PARTS = 20
"""Slices of a round: every beat and every ping comes in this many steps."""
AGE = 15
"""Rounds of beats after which entries in memory begin to count as old."""


class Hub:
    """All methods belong to the event loop that `start()` ran in. Times are seconds, sizes bytes."""

    def __init__(
        self,
        source: Source,
        relay: Relay,
        *,
        langs: Sequence[str] = ("en", "zh"),
        window: int = 512,
        far: int = 2000,
        beat: float = 20.0,
        poll: float = 1.0,
        ping: float = 20.0,
        presence: float = 1.0,
        stale: float = 600.0,
        grace: float = 0.02,
        buffer_limit: int = 1 << 20,
        redacting: Iterable[str] = ("deleted",),
        pauses: Sequence[float] = (0.2, 0.8, 2.0, 0.0),
    ) -> None:
        self.representations = ("data", *(f"html:{lang}" for lang in langs))
        self.relay = relay
        self.source = source
        self.lives: Wheel[Live] = Wheel(PARTS)
        self.streams: dict[str, Stream] = {}
        limits = Limits(
            window=window,
            far=max(far, window),
            page=min(128, window),
            buffer=buffer_limit,
            grace=grace,
            redacting=frozenset(redacting),
            pauses=tuple(pauses),
        )
        self._common = Common(source, limits, doubt=lambda stream: self._heads.want([stream]))
        self._counts = self._common.counts
        self._heads = Heads(source, self._counts, self._known, self._learn)
        self._mail = Mail(relay, self)
        self.presence = Presence(self._mail.tell_presence, self._show, interval=presence)
        self.sharing = Sharing(self._mail.tell_all, self._send, stale=stale)
        self._beats: Wheel[Stream] = Wheel(PARTS)
        self._dismissals = Dismissals()
        self._beat, self._ping, self._poll = beat, ping, poll
        self._turns = 0
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to listen to other processes and to look after the streams."""
        self.loop = asyncio.get_running_loop()
        self.relay.subscribe(CONTROL)
        await self.relay.start(self._mail.receive, self._mail.confirmed)
        self._task = asyncio.create_task(self._look())
        self.lives.start(self._ping, self._check)
        self._beats.start(self._beat, self._turn)

    async def stop(self) -> None:
        """Close every connection with 1012, tell the other processes, end."""
        self.lives.stop()
        self._beats.stop()
        if self._task is not None:
            self._task.cancel()
        for live in self.lives.all():
            live.shutdown()
        self._heads.stop()
        for stream in self.streams.values():
            stream.close()
        self.presence.stop()
        self._mail.goodbye()
        await self.relay.stop()

    def announce(self, entries: Iterable[Entry]) -> None:
        """Deliver entries that were committed just now, here and in the other processes. Never raises."""
        for entry in entries:
            self._mail.tell_entry(entry)
            self.take(entry.stream, [entry])

    def take(self, stream: str, entries: Sequence[Entry]) -> None:
        """Deliver entries of one stream to those who watch it here."""
        found = self.streams.get(stream)
        if found is not None:
            found.take(entries)

    def dismiss(self, member: str, stream: str | None = None, ticket: str | None = None) -> None:
        """Close with 1008, here at once and in the other processes, what may no longer be watched."""
        dismissal = Dismissal(member, stream, ticket)
        self._mail.tell_dismissal(dismissal)
        self.close(dismissal)

    def close(self, dismissal: Dismissal) -> None:
        """Carry out a dismissal here, also for those who are just being let in."""
        self._dismissals.add(dismissal, self.loop.time())
        self.sharing.dismissed(dismissal)
        for live in self.lives.all():
            if meant(dismissal, live):
                live.close(NOT_ALLOWED, "no longer allowed")

    @property
    def dismissed(self) -> int:
        """How many dismissals were heard of so far."""
        return self._dismissals.count

    def forget(self, stream: str) -> None:
        """Entries of the stream were redacted without an entry saying so: no process keeps them in memory."""
        self._mail.tell_redaction(stream)
        self.drop_memory(stream)

    def drop_memory(self, stream: str) -> None:
        """Forget the stream's recent entries here."""
        found = self.streams.get(stream)
        if found is not None:
            found.forget()

    async def join(self, live: Live, cursors: Mapping[str, Position | None], rep: str) -> None:
        """Let an admitted watcher follow streams: replay from each cursor, `ready`, live.

        Returns when the watcher is live in all of them or closed; ValueError for an unknown representation.
        """
        if rep not in self.representations:
            live.close(INTERNAL, "unknown representation")
            raise ValueError(f"unknown representation {rep!r}")
        live.streams = tuple(cursors)
        if self._dismissals.missed(live):
            live.close(NOT_ALLOWED, "no longer allowed")
        channels = {key: self._open(key).channel(rep) for key in cursors} if not live.closing else {}
        for channel in channels.values():
            channel.joining += 1
        try:
            asks = [self._heads.ask(key) for key, each in channels.items() if not each.stream.opened]
            if not all(await asyncio.gather(*asks)):
                return live.close(NOT_ALLOWED, "no such stream")
            for key, channel in channels.items():
                await follow(
                    live,
                    channel,
                    cursors[key],
                    check=partial(self._heads.ask, key),
                    greet=partial(self._greet, key, live),
                )
        except Exception as error:
            self._counts.failures += 1
            log.warning("join failed", streams=list(cursors), error=repr(error))
            live.close(INTERNAL, "try again")
        except asyncio.CancelledError:
            live.close(RESTARTING, "restarting")
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise  # otherwise the hub stopped what was waited for
        finally:
            for channel in channels.values():
                channel.joining -= 1

    def stats(self) -> dict[str, int]:
        """Gauges `connections` and `streams`, and counters since the start."""
        counts, fanout = self._counts, self._common.fanout
        return {
            "connections": len(self.lives),
            "streams": len(self.streams),
            "published": fanout.published,
            "delivered": fanout.delivered,
            "slow_closed": counts.slow_closed,
            "resets": counts.resets,
            "holes_filled": counts.holes_filled,
            "history_reads": counts.history_reads,
            "head_reads": counts.head_reads,
            "renderings": counts.renderings,
            "failures": counts.failures,
        }

    def left(self, live: Live, topics: tuple[Topic, ...]) -> None:
        """A connection left these topics."""
        for topic in topics:
            self.presence.leave(topic.stream, live.owner)

    def over_limit(self, size: int) -> bool:
        """Whether that many unsent bytes are too many."""
        return size > self._common.limits.buffer

    def too_slow(self, live: Live) -> None:
        """A connection does not take what it is sent."""
        self._counts.slow_closed += 1
        live.close(TOO_SLOW, "too slow")

    def check_heads(self, streams: Iterable[str]) -> None:
        """Something may have been missed: read these heads soon."""
        self._heads.want(stream for stream in streams if stream in self.streams)

    def _open(self, key: str) -> Stream:
        stream = self.streams.get(key)
        if stream is None:
            stream = self.streams[key] = Stream(key, self._common)
            stream.slot = self._beats.add(stream)
            self.relay.subscribe(key)
        return stream

    def _greet(self, key: str, live: Live) -> bytes:
        if not named(key):
            return b""
        self.presence.enter(key, live.owner)
        return self.presence.frame(key) + self.sharing.greeting(key, live.owner)

    def _show(self, key: str, frame: bytes) -> None:
        stream = self.streams.get(key)
        for channel in stream.channels.values() if stream is not None else ():
            if len(channel.topic):
                self._common.fanout.publish(channel.topic, frame)

    def _send(self, key: str, members: Iterable[str], frames: bytes) -> None:
        stream, meant = self.streams.get(key), set(members)
        for channel in stream.channels.values() if stream is not None and frames else ():
            for live in channel.topic.watchers():
                if live.owner in meant:
                    live.send(frames)

    def _known(self, key: str) -> Position | None:
        stream = self.streams.get(key)
        return stream.position if stream is not None and stream.opened else None

    def _learn(self, key: str, head: Position) -> None:
        stream = self.streams.get(key)
        if stream is not None:
            stream.learn(head)

    async def _look(self) -> None:
        """The safety net: find lost announcements and lost removals, whatever lost them."""
        while True:
            await asyncio.sleep(self._poll)
            try:
                async with asyncio.timeout(10):
                    await self._heads.look([key for key, stream in self.streams.items() if stream.opened])
                    for dismissal in await self.source.dismissals():
                        if not self._dismissals.done(dismissal, self.loop.time() - 5 - self._poll):
                            self.close(dismissal)
            except Exception as error:
                self._counts.failures += 1
                log.warning("looking for what was lost failed", error=repr(error))

    def _check(self, lives: list[Live]) -> None:
        for live in lives:
            live.check()

    def _turn(self, streams: list[Stream]) -> None:
        self._turns += 1
        self._mail.heartbeat(self.loop.time())
        self.sharing.expire()
        old = self._turns % (PARTS * AGE) < PARTS
        for stream in streams:
            if stream.wanted:
                stream.idle = False
                stream.beat()
            elif stream.idle:
                self._close(stream)
                continue
            else:
                stream.idle = True  # kept for a round: watchers that were cut off come back
            if old:
                stream.age()

    def _close(self, stream: Stream) -> None:
        del self.streams[stream.key]
        self._beats.discard(stream, stream.slot)
        self.relay.unsubscribe(stream.key)
        self.presence.forget(stream.key)
        stream.close()
