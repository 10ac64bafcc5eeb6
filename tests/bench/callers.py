"""HTTP callers that cost little beside the server: whole requests over kept connections."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

import uvloop


@dataclass
class Tally:
    """What came back: how many by status, seconds in all, seconds that each took, bytes of the last body."""

    statuses: dict[int, int] = field(default_factory=dict)
    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    size: int = 0

    def only(self, status: int) -> int:
        """How many answers there were; raises RuntimeError if any had another status."""
        if set(self.statuses) != {status}:
            raise RuntimeError(f"answers by status: {self.statuses}")
        return self.statuses[status]


@dataclass
class Plan:
    """Request n is made when it is sent: at `n / rate` seconds, or with no rate as soon as a line is free."""

    make: Callable[[int], bytes]
    count: int
    seconds: float
    rate: float
    next: int = 0
    begun: float = field(default_factory=time.perf_counter)

    def take(self) -> int | None:
        """The number of the next request; None when there are no more."""
        if self.next >= self.count or time.perf_counter() - self.begun > self.seconds:
            return None
        self.next += 1
        return self.next - 1

    def wait(self, number: int) -> float:
        """Seconds until it is due."""
        return self.begun + number / self.rate - time.perf_counter() if self.rate else 0.0


class Line(asyncio.Protocol):
    """One connection with one request at a time."""

    def __init__(self, plan: Plan, tally: Tally) -> None:
        self.plan, self.tally, self.read = plan, tally, b""
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asks the first."""
        self.transport = cast(asyncio.Transport, transport)
        self.go_on()

    def go_on(self) -> None:
        """The next request, when it is due."""
        number = self.plan.take()
        if number is None:
            self.transport.close()
        elif (wait := self.plan.wait(number)) > 0:
            asyncio.get_running_loop().call_later(wait, self.ask, number)
        else:
            self.ask(number)

    def ask(self, number: int) -> None:
        """Sends it."""
        request = self.plan.make(number)
        self.asked = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        """A part of the answer, perhaps its last."""
        self.read += data
        head, found, body = self.read.partition(b"\r\n\r\n")
        size = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        if not found or len(body) < size:
            return
        self.tally.waits.append(time.perf_counter() - self.asked)
        status = int(head[9:12])
        self.tally.statuses[status] = self.tally.statuses.get(status, 0) + 1
        self.tally.size, self.read = size, b""
        self.go_on()

    def connection_lost(self, error: Exception | None) -> None:
        """The end, wanted or not."""
        self.ended.set_result(None)


def call(
    port: int,
    make: Callable[[int], bytes],
    *,
    lines: int,
    count: int = 1 << 30,
    seconds: float = 3600,
    rate: float = 0,
) -> Tally:
    """Asks over so many lines until the count or the seconds are used up, `rate` a second if there is one."""
    return uvloop.run(_call(port, lines, make, count, seconds, rate))


async def _call(
    port: int, lines: int, make: Callable[[int], bytes], count: int, seconds: float, rate: float
) -> Tally:
    loop, tally, plan = asyncio.get_running_loop(), Tally(), Plan(make, count, seconds, rate)
    opened = [
        await loop.create_connection(lambda: Line(plan, tally), "127.0.0.1", port) for _ in range(lines)
    ]
    await asyncio.gather(*(line.ended for _, line in opened))
    tally.seconds = time.perf_counter() - plan.begun
    return tally
