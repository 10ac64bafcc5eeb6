"""A connection that is upgraded and then only kept: the least it costs in Python, on uvloop.

`python -m tests.bench.kept` prints its port (and a 0). Ends with its stdin.
"""

import asyncio
import sys
from typing import cast

import uvloop

WELCOME = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
    b'\x81\x10{"kind":"ready"}'
)


class Kept(asyncio.Protocol):
    """Says welcome to whatever it is asked."""

    __slots__ = ("transport",)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keeps it."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """The upgrade."""
        cast(asyncio.Transport, self.transport).write(WELCOME)


async def main() -> None:
    """Until stdin is closed."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(sys.stdin, ended.set)
    server = await loop.create_server(Kept, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], 0, flush=True)
    await ended.wait()


if __name__ == "__main__":
    uvloop.run(main())
