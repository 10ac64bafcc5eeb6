"""One live connection: the protocol object that stays when the WebSocket handshake is done.

It has no task, no scope and no parser of its own: what clients say is read by `channels.control`.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Protocol

from channels.control import listen
from channels.frame import DATA_REFUSED, NOT_ALLOWED, PING, RESTARTING, close_frame, pong_frame
from channels.topic import Topic

if TYPE_CHECKING:
    from channels.wheel import Wheel

LINGER = 5.0
"""Seconds a closed connection has to read what it was sent and hang up."""


class Keeper(Protocol):
    """What a connection needs of its hub."""

    loop: asyncio.AbstractEventLoop
    lives: Wheel[Live]

    def left(self, live: Live, topics: tuple[Topic, ...]) -> None:
        """The connection is in none of these topics any more."""

    def too_slow(self, live: Live) -> None:
        """The connection's unsent bytes are over the limit."""

    def over_limit(self, size: int) -> bool:
        """Whether that many unsent bytes are too many."""


class Live(asyncio.Protocol):
    """A watcher. The endpoint sets `owner` (member id), `ticket` (session or token id), `expires` (epoch
    seconds) before it joins; `closing` says that nothing can be sent any more.
    """

    __slots__ = (
        "_connections",
        "_held",
        "_keeper",
        "_size",
        "_slot",
        "_unread",
        "_waiting",
        "alive",
        "closing",
        "congested",
        "expires",
        "fd",
        "owner",
        "since",
        "streams",
        "ticket",
        "topics",
        "transport",
    )

    def __init__(
        self,
        keeper: Keeper,
        transport: asyncio.Transport,
        connections: set[asyncio.Protocol],
        since: int = 0,
    ) -> None:
        self.transport = transport
        self.owner = ""
        self.ticket = ""
        self.expires: float | None = None
        self.since = since
        self.streams: tuple[str, ...] = ()
        self.topics: tuple[Topic, ...] = ()
        self.alive = True
        self.closing = False
        self.congested = False
        secure = transport.get_extra_info("sslcontext") is not None
        self.fd: int = -1 if secure else transport.get_extra_info("socket").fileno()
        self._keeper = keeper
        self._connections = connections
        self._unread = b""
        self._held: list[bytes] | None = None
        self._size = 0
        self._waiting: asyncio.Future[None] | None = None
        self._slot = keeper.lives.add(self)
        connections.add(self)
        # asyncio's TLS transport pauses at the mark, all others above it.
        transport.set_write_buffer_limits(high=1 if secure else 0, low=0)

    def data_received(self, data: bytes) -> None:
        """Answer pings, hang up; what comes after a close frame, either side's, is thrown away."""
        if self.closing:
            return
        self.alive = True
        heard = listen(self._unread + data)
        self._unread = heard.rest
        if heard.pings:
            self.send(b"".join([pong_frame(body) for body in heard.pings]))
        if heard.refused is not None:
            self.close(heard.refused, "listen only" if heard.refused == DATA_REFUSED else "bad frame")
        elif heard.hung_up is not None and not self.closing:
            self._stop()
            self._finish(close_frame(heard.hung_up))

    def eof_received(self) -> None:
        """The peer is done: nothing more for it. The transport closes itself when this returns None."""
        self._stop()
        self._linger()

    def connection_lost(self, exc: Exception | None) -> None:
        """Gone, in whatever way: leave before the descriptor can be somebody else's."""
        self._stop()
        self.fd = -1
        self._keeper.lives.discard(self, self._slot)
        self._connections.discard(self)

    def pause_writing(self) -> None:
        """There are unsent bytes from now on."""
        self.congested = True
        for topic in self.topics:
            topic.slow_down(self)

    def resume_writing(self) -> None:
        """All bytes were handed to the kernel, so the peer reads; now what was held meanwhile."""
        self.congested = False
        self.alive = True
        if self._held and not self.transport.is_closing():
            held, self._held, self._size = self._held, None, 0
            self.transport.write(b"".join(held))
        if not self.congested:
            self._wake()
            if self.fd >= 0:
                for topic in self.topics:
                    topic.speed_up(self)

    def send(self, frames: bytes) -> None:
        """Send whole frames to this watcher alone, in order with everything else."""
        if self.congested:
            self.hold(frames)
        elif not self.closing and not self.transport.is_closing():
            self.transport.write(frames)

    def send_rest(self, text: bytes) -> None:
        """Send what a write to the descriptor left over."""
        if not self.transport.is_closing():
            self.transport.write(text)

    def hold(self, frames: bytes) -> None:
        """Keep frames until the unsent bytes are gone; over the limit the connection is closed."""
        if not self.congested:
            self.send(frames)  # under TLS there is no descriptor to write to
            return
        if self.closing:
            return
        if self._held is None:
            self._held = []
        self._held.append(frames)
        self._size += len(frames)
        if self._keeper.over_limit(self._size + self.transport.get_write_buffer_size()):
            self._keeper.too_slow(self)

    async def drained(self) -> None:
        """Wait until nothing is unsent, or the connection is closing."""
        while self.congested and not self.closing:
            if self._waiting is None:
                self._waiting = self._keeper.loop.create_future()
            await asyncio.shield(self._waiting)

    def check(self) -> None:
        """Once per round of the wheel: ping; drop what was silent since the last or is past its time."""
        if self.expires is not None and self.expires <= time.time():
            self.close(NOT_ALLOWED, "session ended")
        elif self.closing:
            return
        elif not self.alive:
            self.drop()
        else:
            self.alive = False
            self.send(PING)

    def leave(self) -> None:
        """Get nothing more from any topic, not even what is pending in this tick."""
        topics, self.topics = self.topics, ()
        for topic in topics:
            topic.remove(self)
        if topics:
            self._keeper.left(self, topics)

    def close(self, code: int, reason: str = "") -> None:
        """Send the close frame after what is unsent already, and nothing after it.

        The sending side is shut down and the receiving side read to its end, so that a peer that was
        sending gets the frame and no connection reset.
        """
        if self.closing:
            return
        self._stop()
        self._finish(close_frame(code, reason), read_on=True)

    def drop(self) -> None:
        """Cut a connection that seems dead."""
        self._stop()
        self.transport.abort()

    def shutdown(self) -> None:
        """The server ends; uvicorn calls this on every connection."""
        self.close(RESTARTING, "restarting")

    def _finish(self, last: bytes, *, read_on: bool = False) -> None:
        if self.transport.is_closing():
            return
        self.transport.write(last)
        if read_on and self.transport.can_write_eof():
            self.transport.write_eof()
        else:
            self.transport.close()
        self._linger()

    def _linger(self) -> None:
        # Whoever neither reads what is left nor hangs up is cut off.
        self._keeper.loop.call_later(LINGER, self.transport.abort)

    def _stop(self) -> None:
        self.leave()
        self.closing = True
        self._held = None
        self._size = 0
        self._unread = b""
        self._wake()

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_result(None)
