"""uvicorn's WebSocket protocol, handing the connection over to a `Live` once the 101 is sent.

An endpoint authenticates, accepts, and then finds the `Live` in `scope["extensions"]["live"]`. It must
not call `receive()` or `send()` after that, and may return: the connection stays. This leans on uvicorn's
`connections`, `transport`, `handshake_initiated`, `handshake_complete`, `handle_connect()` and `send()`.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from channels.frame import PROTOCOL_ERROR
from channels.socket import Live

if TYPE_CHECKING:
    from channels.hub import Hub

SEND_BUFFER = 64 * 1024
"""Bytes the kernel buffers per connection; by itself it hides megabytes of a watcher that does not read."""


class _Gone:
    """Stands in for the transport in the protocol object that is left behind."""

    def write(self, data: bytes) -> None: ...
    def close(self) -> None: ...
    def abort(self) -> None: ...
    def pause_reading(self) -> None: ...
    def resume_reading(self) -> None: ...
    def is_closing(self) -> bool:
        return True

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return default


_GONE: Any = _Gone()
_QUIET = logging.getLogger(__name__)
"""Says what went wrong, and not that somebody came: ten thousand who come back at once come in silence."""
_QUIET.setLevel(logging.WARNING)


def protocol_class(get_hub: Callable[[], Hub]) -> type[asyncio.Protocol]:
    """The class for uvicorn's `ws=`; `get_hub` is called at every handshake."""

    class Handover(WebSocketsSansIOProtocol):
        scope: Any
        connections: Any
        since = 0
        early = False

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.logger = self.conn.logger = _QUIET

        def handle_connect(self, event: Any) -> None:
            # Whoever is dismissed between here and joining was perhaps still let in by the endpoint.
            self.since = get_hub().dismissed
            super().handle_connect(event)

        def data_received(self, data: bytes) -> None:
            self.early = self.early or self.handshake_initiated
            super().data_received(data)

        def start_keepalive(self) -> None:
            """One timer of the hub pings everybody."""

        async def send(self, message: Any) -> None:
            await super().send(message)
            if message["type"] != "websocket.accept" or not self.handshake_complete:
                return
            if self.transport.is_closing():
                return
            # In the step that sent the 101: later, half a frame of the client's may sit in the parser
            # that is left behind.
            transport = self.transport
            self.transport = _GONE
            self.connections.discard(self)
            live = Live(get_hub(), transport, self.connections, self.since)
            limit_buffer(transport)
            transport.set_protocol(live)
            self.scope["extensions"]["live"] = live
            if self.early:
                transport.resume_reading()
                live.close(PROTOCOL_ERROR, "too early")

    return Handover


def limit_buffer(transport: asyncio.Transport) -> None:
    """Let the kernel hold only so much of what a watcher does not read."""
    sock = transport.get_extra_info("socket")
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)


def uvicorn_options(get_hub: Callable[[], Hub], *, backlog: int = 4096) -> dict[str, Any]:
    """What `uvicorn.Config` needs besides the application.

    Compression is off because frames are shared; uvicorn's own pings are off because the hub pings; the
    backlog lets thousands reconnect at once; a restart does not wait for sleeping phones; a connection is
    kept longer than a proxy or browser keeps it, or their next request would meet its end.
    """
    return {
        "ws": protocol_class(get_hub),
        "ws_per_message_deflate": False,
        "ws_ping_interval": None,
        "ws_ping_timeout": None,
        "ws_max_size": 4096,
        "backlog": backlog,
        "timeout_graceful_shutdown": 10,
        "timeout_keep_alive": 120,
    }
