"""A watcher on a pair of sockets, without a server between it and the hub: every tick is the test's."""

from __future__ import annotations

import asyncio
import json
import socket
from typing import Any, Self, cast

from channels.hub import Hub
from channels.position import Position
from channels.socket import Live
from tests.channels.town import ADA, NORTH


class Peer:
    """The far end of one connection; the hub has `live`, at the near end."""

    def __init__(self, live: Live, sock: socket.socket) -> None:
        self.live, self.sock = live, sock
        self.joining: asyncio.Task[None] | None = None
        self.unread = b""
        self.code: int | None = None
        """The code of the close frame that came last."""

    @classmethod
    async def open(cls, hub: Hub, owner: str = ADA, ticket: str = "", *, buffer: int = 0) -> Self:
        """Connected and admitted, not joined; `buffer` is what the kernel may hide of what is not read."""
        near, far = socket.socketpair()
        if buffer:
            near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffer)
        far.setblocking(False)
        loop = asyncio.get_running_loop()
        transport, _ = await loop.connect_accepted_socket(asyncio.Protocol, near)
        live = Live(hub, cast(asyncio.Transport, transport), set(), hub.dismissed)
        live.owner, live.ticket = owner, ticket
        transport.set_protocol(live)
        return cls(live, far)

    @classmethod
    async def join(
        cls, hub: Hub, cursor: Position | None = None, rep: str = "data", stream: str = NORTH, **who: Any
    ) -> Self:
        """Connected, and on the way to the live end."""
        peer = await cls.open(hub, **who)
        peer.joining = asyncio.create_task(hub.join(peer.live, {stream: cursor}, rep))
        return peer

    def frames(self, *kinds: str) -> list[dict[str, Any]]:
        """The text frames that have arrived since the last call, all or those of some kinds."""
        while True:
            try:
                data = self.sock.recv(1 << 20)
            except (BlockingIOError, ConnectionResetError):
                break
            if not data:
                break
            self.unread += data
        found = []
        while (whole := self._whole()) is not None:
            opcode, body = whole
            if opcode == 1:
                found.append(json.loads(body))
            elif opcode == 8:
                self.code = int.from_bytes(body[:2], "big")
        return [frame for frame in found if not kinds or frame["kind"] in kinds]

    def _whole(self) -> tuple[int, bytes] | None:
        data = self.unread
        size, start = data[1] if len(data) > 1 else 0, 2
        if size == 126:
            size, start = int.from_bytes(data[2:4], "big"), 4
        elif size == 127:
            size, start = int.from_bytes(data[2:10], "big"), 10
        if len(data) < max(2, start + size):
            return None
        self.unread = data[start + size :]
        return data[0] & 15, data[start : start + size]

    def hang_up(self) -> None:
        """Gone, without a word."""
        self.sock.close()
        self.live.transport.abort()
