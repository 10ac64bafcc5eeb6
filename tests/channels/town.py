"""The parts of a small made-up town that the channel tests play in."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs

import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from channels.frame import Entry
from channels.hub import Hub
from channels.position import Position
from channels.protocol import uvicorn_options
from channels.relay import Relay
from channels.source import Dismissal

NORTH, SOUTH = "0190-north", "0190-south"
ADA, BEN, CLEO = "ada", "ben", "cleo"


class Journal:
    """The truth, in memory: a `Source` that counts what it is asked and fails when told.

    An answer is how things stood when it was asked for: what happens while it travels is not in it.
    """

    def __init__(self) -> None:
        self.epoch = "e1"
        self.streams: dict[str, list[Entry]] = {}
        self.deleted: list[tuple[Position, int]] = []
        self.missed: list[Dismissal] = []
        self.history_reads = self.head_reads = self.renderings = 0
        self.rendered: list[tuple[str, int, str]] = []
        self.down = False
        self.spoiled: set[int] = set()
        self.slow = 0.0
        self.gate: asyncio.Event | None = None

    def append(self, stream: str = NORTH, kind: str = "message", **data: Any) -> Entry:
        """Commit one entry."""
        entries = self.streams.setdefault(stream, [])
        offset = len(entries) + 1
        data = data or {"text": f"{kind} {offset}"}
        at = "2026-05-01T09:00:00Z"
        entries.append(Entry(stream, self.epoch, offset, kind, ADA, None, at, at, data))
        return entries[-1]

    def delete(self, offset: int, stream: str = NORTH) -> Entry:
        """Commit a deletion: an entry, and the earlier one without its data."""
        entry, entries = self.append(stream, "deleted", id=offset), self.streams[stream]
        if 0 < offset < entry.offset:
            entries[offset - 1] = replace(entries[offset - 1], data={})
            self.deleted.append((self.at(offset), entry.offset))
        return entry

    def restore(self, kept: int, stream: str = NORTH) -> None:
        """Go on from a backup with so many entries."""
        self.epoch += "x"
        self.streams[stream] = [replace(entry, epoch=self.epoch) for entry in self.streams[stream][:kept]]

    def deleted_before(self, known: Position) -> set[Position]:
        """What a process that has heard so far may give to nobody any more."""
        return {gone for gone, by in self.deleted if gone.epoch == known.epoch and by <= known.offset}

    def head(self, stream: str = NORTH) -> Position:
        return Position(self.epoch, len(self.streams[stream]))

    def at(self, offset: int) -> Position:
        return Position(self.epoch, offset)

    async def heads(self, seen: Mapping[str, Position | None]) -> Mapping[str, Position]:
        self.head_reads += 1
        heads = {stream: self.head(stream) for stream in seen if stream in self.streams}
        await self._answer()
        return {stream: head for stream, head in heads.items() if head != seen[stream]}

    async def history(self, stream: str, after: int, limit: int) -> Sequence[Entry]:
        self.history_reads += 1
        found = self.streams[stream][after : after + limit]
        await self._answer()
        return found

    async def contents(self, entries: Sequence[Entry], lang: str) -> Sequence[str | None]:
        self.renderings += 1
        await self._answer()
        if self.gate is not None:
            await self.gate.wait()
        if any(entry.offset in self.spoiled for entry in entries):
            raise ValueError("spoiled")
        self.rendered += [(entry.stream, entry.offset, lang) for entry in entries]
        return [f"<p lang={lang}>{entry.offset}</p>" for entry in entries]

    async def dismissals(self) -> Sequence[Dismissal]:
        missed, self.missed = self.missed, []
        return missed

    async def _answer(self) -> None:
        await asyncio.sleep(self.slow)
        if self.down:
            raise ConnectionError("the journal is down")


class Server(uvicorn.Server):
    """In the test's own loop, without its signals."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    def capture_signals(self) -> Any:
        return contextlib.nullcontext()


class Station:
    """A hub and the server in front of it."""

    def __init__(self, source: Any, relay: Relay, **options: Any) -> None:
        options = {"poll": 0.05, "presence": 0.02} | options
        self.tls: tuple[str, str] | None = options.pop("tls", None)
        self.hub = Hub(source, relay, **options)
        self.asked, self.admit = asyncio.Event(), asyncio.Event()
        self.admit.set()

    async def __aenter__(self) -> Self:
        await self.hub.start()
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=1000)
        self.port = self.socket.getsockname()[1]
        options = uvicorn_options(lambda: self.hub)
        if self.tls:
            options |= {"ssl_certfile": self.tls[0], "ssl_keyfile": self.tls[1]}
        config = uvicorn.Config(
            self.endpoint, lifespan="off", interface="asgi3", log_config=None, access_log=False, **options
        )
        self.server = Server(config)
        self.serving = asyncio.create_task(self.server.serve(sockets=[self.socket]))
        await self.server.up.wait()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.hub.stop()
        self.server.should_exit = True
        await self.serving

    async def endpoint(self, scope: Any, receive: Any, send: Any) -> None:
        """What the application does: admit, accept, join, return."""
        asked = {name: values[0] for name, values in parse_qs(scope["query_string"].decode()).items()}
        await receive()
        self.asked.set()
        await self.admit.wait()
        await send({"type": "websocket.accept"})
        live = scope["extensions"]["live"]
        live.owner = asked.get("owner", ADA)
        live.ticket = asked.get("ticket", "")
        live.expires = float(asked["expires"]) if "expires" in asked else None
        cursors: dict[str, Position | None] = {}
        for part in asked["streams"].split(","):
            stream, _, cursor = part.partition("@")
            cursors[stream] = Position.parse(cursor) if cursor else None
        await self.hub.join(live, cursors, asked.get("as", "data"))

    def watch(
        self, *streams: str, rep: str = "data", owner: str = ADA, tls: Any = None, **more: Any
    ) -> Watcher:
        """A watcher of `stream` or `stream@epoch.offset`; use it in `async with`."""
        query = "&".join(f"{name}={value}" for name, value in more.items())
        asked = ",".join(streams or (NORTH,))
        url = f"127.0.0.1:{self.port}/live?streams={asked}&as={rep}&owner={owner}&{query}"
        return Watcher(f"ws{'s' if tls else ''}://{url}", tls)

    def publish(self, journal: Journal, stream: str = NORTH, kind: str = "message", **data: Any) -> Entry:
        """Commit and announce."""
        entry = journal.append(stream, kind, **data)
        self.hub.announce([entry])
        return entry


class Watcher:
    """One connection; presence and beats are left out unless asked for."""

    def __init__(self, url: str, tls: Any = None) -> None:
        self.url, self.tls = url, tls
        self.ws: ClientConnection

    async def __aenter__(self) -> Self:
        self.ws = await connect(self.url, compression=None, ping_interval=None, max_queue=None, ssl=self.tls)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.ws.close()

    async def any(self) -> dict[str, Any]:
        """The next frame of any kind."""
        async with asyncio.timeout(10):
            frame: dict[str, Any] = json.loads(await self.ws.recv())
        return frame

    async def next(self, *kinds: str) -> dict[str, Any]:
        """The next frame of these kinds; without kinds, any but presence and beat."""
        while True:
            frame = await self.any()
            if frame["kind"] in kinds or (not kinds and frame["kind"] not in ("presence", "beat")):
                return frame

    async def ready(self) -> list[dict[str, Any]]:
        """What comes before `ready`."""
        found = []
        while (frame := await self.next())["kind"] != "ready":
            found.append(frame)
        return found

    async def take(self, count: int) -> list[dict[str, Any]]:
        return [await self.next() for _ in range(count)]

    async def code(self) -> int:
        """Read to the end: the close code."""
        try:
            while True:
                await self.any()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd is not None else 1006


async def until(true: Callable[[], object], patience: float = 10.0) -> None:
    """Wait for what nobody announces."""
    async with asyncio.timeout(patience):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


def offsets(frames: Sequence[Mapping[str, Any]]) -> list[int]:
    return [frame["offset"] for frame in frames]
