"""From one process to the other: how much later a check-in is on the screens of those who are not on its own.

Two real servers on PostgreSQL, a watcher on each; check-ins go to the first. The floor is what Valkey itself
takes to hand the same number of bytes from one connection to another.
"""

import asyncio
import socket
import time
from collections.abc import Iterator

import uvloop
from websockets.asyncio.client import ClientConnection, connect

from tests.bed.valkey import Valkey
from tests.bench.company import Company, found
from tests.bench.machine import LOAD, Bench, on
from tests.bench.shop import check_in, clock, serving
from tests.bench.table import Figure

COUNT, FIRST = 500, 20
"""Check-ins that are measured, and those before them that are not."""
SIZE = 600
"""Bytes of a published line, about those of a check-in."""
BOUNDS = {"p50": 3.0, "p99": 10.0}


def run(bench: Bench) -> Iterator[Figure]:
    """How much later the other process's watcher sees it, and what the relay takes alone."""
    with bench.ground.scaled(write_limit="1000000/minute") as settings:
        town = found(settings, squads=1, members=20)
        with serving(bench, settings) as here, serving(bench, settings) as there, on(LOAD):
            later, seen = uvloop.run(measured(here.port, there.port, town))
        bare = published(bench.ground.valkey)
    for which, bound in BOUNDS.items():
        yield Figure(
            f"relay between two processes: later than on one's own, {which}",
            at(later, which),
            "ms",
            bound,
            at(bare, which),
            "ms, bare PUBLISH to message",
            note=f"from the request to the other process's watcher {at(seen, which):.1f} ms",
        )


def at(times: list[float], which: str) -> float:
    """A percentile, in milliseconds."""
    return sorted(times)[len(times) * int(which[1:]) // 100] * 1000


async def measured(here: int, there: int, town: Company) -> tuple[list[float], list[float]]:
    """Seconds between the two watchers, and from the request to the farther one, of each check-in."""
    later, seen, turns = [], [], town.turns()
    path = f"/live?streams={town.squads[0]}&as=data"
    key = {"Authorization": f"Bearer {town.tokens[0]}"}
    own = connect(f"ws://127.0.0.1:{here}{path}", additional_headers=key)
    other = connect(f"ws://127.0.0.1:{there}{path}", additional_headers=key)
    reader, writer = await asyncio.open_connection("127.0.0.1", here)
    async with own as near, other as far:
        for number in range(FIRST + COUNT):
            mark = f"mark {number:06d};"
            ask = check_in(*next(turns), clock(), mark)
            begun = time.perf_counter()
            writer.write(ask)  # and nothing else is done before both have it: one wait must not hide another
            first, second = await asyncio.gather(until(near, mark), until(far, mark))
            await accepted(reader)
            later.append(second - first)
            seen.append(second - begun)
    writer.close()
    return later[FIRST:], seen[FIRST:]


async def accepted(reader: asyncio.StreamReader) -> None:
    """Reads one answer; raises RuntimeError unless something was made."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    await reader.readexactly(int(head.partition(b"content-length:")[2].split()[0]))
    if head[9:12] != b"201":
        raise RuntimeError(head.decode())


async def until(watcher: ClientConnection, mark: str) -> float:
    """The moment at which a frame with the mark is there."""
    async with asyncio.timeout(30):
        while mark not in str(await watcher.recv()):
            pass
    return time.perf_counter()


def published(valkey: Valkey) -> list[float]:
    """Seconds from a PUBLISH on one connection to the message on another."""
    times = []
    with socket.socket(socket.AF_UNIX) as speaker, socket.socket(socket.AF_UNIX) as listener, on(LOAD):
        for line in (speaker, listener):
            line.settimeout(10)
            line.connect(str(valkey.socket))
        listener.sendall(b"SUBSCRIBE bench\r\n")
        listener.recv(4096)
        said = b"*3\r\n$7\r\nPUBLISH\r\n$5\r\nbench\r\n$%d\r\n%s\r\n" % (SIZE, b"x" * SIZE)
        for _ in range(FIRST + COUNT):
            begun = time.perf_counter()
            speaker.sendall(said)
            heard = 0
            while heard < SIZE:
                heard += len(listener.recv(65536))
            times.append(time.perf_counter() - begun)
            speaker.recv(4096)
    return times[FIRST:]
