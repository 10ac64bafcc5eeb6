"""A wire between a client and a server, with a pair of scissors.

A browser's own "offline" leaves open WebSockets open; what really happens in a lift is done here.
"""

import asyncio
import threading
from contextlib import suppress


class Wire:
    """Forwards TCP from `port` to a port of this machine, until told otherwise. Use as a context manager.

    With several targets each connection goes to the next of them that answers.
    """

    def __init__(self, *targets: int) -> None:
        self.targets = list(targets)
        self.port = 0
        self.connected = True
        self.opened = 0  # connections so far
        self._open: set[asyncio.StreamWriter] = set()
        self._flowing = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> "Wire":
        self._thread.start()
        self._do(self._listen())
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        """The near end, for a browser."""
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Every connection breaks at once, and new ones are refused, until mended."""
        self.connected = False
        self._do(self._break())

    def drop(self) -> None:
        """Every connection breaks at once; new ones succeed."""
        self._do(self._break())

    def mend(self) -> None:
        """Connections are taken again."""
        self.connected = True

    def freeze(self) -> None:
        """Open connections stay open and carry nothing, as when a phone walks out of reach."""
        self._loop.call_soon_threadsafe(self._flowing.clear)

    def thaw(self) -> None:
        """What was held back arrives."""
        self._loop.call_soon_threadsafe(self._flowing.set)

    def _do(self, what: "asyncio.Future[None] | object") -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result(10)  # type: ignore[arg-type]

    async def _listen(self) -> None:
        self._flowing.set()
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        self._server.close()
        self._flowing.set()
        await self._break()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _break(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        if not self.connected:
            writer.transport.abort()
            return
        if (far := await self._reach()) is None:
            writer.transport.abort()
            return
        far_reader, far_writer = far
        self._open |= {writer, far_writer}
        await asyncio.gather(self._carry(reader, far_writer), self._carry(far_reader, writer))
        self._open -= {writer, far_writer}

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        self.targets.append(self.targets.pop(0))
        for target in self.targets:
            with suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", target)
        return None

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                await self._flowing.wait()
                writer.write(data)
                await writer.drain()
        writer.close()
