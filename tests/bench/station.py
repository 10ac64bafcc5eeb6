"""The live hub behind the real uvicorn protocol, without routes and database: what a delivery alone costs.

`python -m tests.bench.station` prints the port of its `/live` and a control port; every line of JSON on the
latter is announced to the hub as the data of the next journal entry. Ends with its stdin.
"""

import asyncio
import sys

import orjson
import uvloop

from channels.relay import MemoryRelay
from tests.channels.town import NORTH, Journal, Station


class Control(asyncio.Protocol):
    """Lines become entries; those that arrive together are announced together, as after one commit."""

    def __init__(self, station: Station, journal: Journal) -> None:
        self.station, self.journal, self.rest = station, journal, b""

    def data_received(self, data: bytes) -> None:
        """What was published."""
        *lines, self.rest = (self.rest + data).split(b"\n")
        self.station.hub.announce([self.journal.append(NORTH, **orjson.loads(line)) for line in lines])


async def main() -> None:
    """Until stdin is closed."""
    loop, journal, ended = asyncio.get_running_loop(), Journal(), asyncio.Event()
    journal.streams[NORTH] = []
    loop.add_reader(sys.stdin, ended.set)
    async with Station(journal, MemoryRelay(), poll=1.0, presence=1.0) as station:
        control = await loop.create_server(lambda: Control(station, journal), "127.0.0.1", 0)
        print(station.port, control.sockets[0].getsockname()[1], flush=True)
        await ended.wait()


if __name__ == "__main__":
    uvloop.run(main())
