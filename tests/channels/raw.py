"""A WebSocket client that does what it likes, byte by byte."""

from __future__ import annotations

import asyncio
import socket
from typing import Self


def masked(first: int, body: bytes = b"", *, mask: bool = True, size: int | None = None) -> bytes:
    """A client's frame; `size` lies about the length."""
    length = len(body) if size is None else size
    bit = 0x80 if mask else 0
    if length < 126:
        header = bytes((first, bit | length))
    elif length < 65536:
        header = bytes((first, bit | 126)) + length.to_bytes(2, "big")
    else:
        header = bytes((first, bit | 127)) + length.to_bytes(8, "big")
    key = b"\x11\x22\x33\x44"
    text = bytes(byte ^ key[place % 4] for place, byte in enumerate(body)) if mask else body
    return header + (key if mask else b"") + text


class Raw:
    """One connection. `small` makes the kernel hide little of what is not read."""

    def __init__(self, port: int, query: str, *, small: bool = False) -> None:
        self.port, self.query, self.small = port, query, small

    async def __aenter__(self) -> Self:
        await self.open()
        head = b"\x00"
        async with asyncio.timeout(10):
            while not head.endswith(b"\r\n\r\n"):
                head += await self.loop.sock_recv(self.sock, 1)
        assert b" 101 " in head.split(b"\r\n")[0]
        return self

    async def open(self, extra: bytes = b"") -> None:
        """Send the handshake and do not wait for its answer."""
        self.loop = asyncio.get_running_loop()
        self.sock = socket.socket()
        self.sock.setblocking(False)
        if self.small:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        await self.loop.sock_connect(self.sock, ("127.0.0.1", self.port))
        request = (
            f"GET /live?{self.query} HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        await self.loop.sock_sendall(self.sock, request.encode() + extra)

    async def __aexit__(self, *error: object) -> None:
        self.sock.close()

    async def say(self, data: bytes) -> None:
        await self.loop.sock_sendall(self.sock, data)

    async def exactly(self, size: int) -> bytes:
        found = b""
        while len(found) < size:
            part = await self.loop.sock_recv(self.sock, size - len(found))
            if not part:
                raise EOFError
            found += part
        return found

    async def frame(self) -> tuple[int, bytes]:
        """The next frame: opcode and body."""
        async with asyncio.timeout(10):
            first, size = await self.exactly(2)
            if size == 126:
                size = int.from_bytes(await self.exactly(2), "big")
            elif size == 127:
                size = int.from_bytes(await self.exactly(8), "big")
            return first & 15, await self.exactly(size)

    async def until(self, kind: int) -> bytes:
        """The body of the next frame of that opcode."""
        while True:
            opcode, body = await self.frame()
            if opcode == kind:
                return body

    async def code(self) -> int:
        """The code of the close frame that follows; 1005 where it has none."""
        body = await self.until(8)
        return int.from_bytes(body[:2], "big") if body else 1005

    async def ended(self) -> bool:
        """Nothing more comes: the server is done with the connection."""
        try:
            async with asyncio.timeout(10):
                while await self.loop.sock_recv(self.sock, 65536):
                    pass
                return True
        except ConnectionResetError:
            return True
