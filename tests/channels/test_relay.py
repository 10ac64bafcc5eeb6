"""Both relays, through one suite: what one process says, the others hear."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import pytest

from channels.redis_relay import RedisRelay
from channels.relay import Bus, MemoryRelay, Relay
from tests.bed.ground import Ground
from tests.bed.valkey import Valkey

pytestmark = pytest.mark.anyio


class Ear:
    """What one process hears."""

    def __init__(self, relay: Relay) -> None:
        self.relay = relay
        self.lines: list[tuple[str, bytes]] = []
        self.batches: list[int] = []
        self.confirmed: list[str] = []
        self.news = asyncio.Condition()

    def hear(self, channel: str, lines: Sequence[bytes]) -> None:
        self.lines += [(channel, line) for line in lines]
        self.batches.append(len(lines))
        self.tell()

    def confirm(self, channels: Sequence[str]) -> None:
        self.confirmed += channels
        self.tell()

    def tell(self) -> None:
        async def notify() -> None:
            async with self.news:
                self.news.notify_all()

        self.task = asyncio.create_task(notify())

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(20), self.news:
            await self.news.wait_for(true)

    async def on(self, *channels: str) -> None:
        before = len(self.confirmed)
        for channel in channels:
            self.relay.subscribe(channel)
        await self.until(lambda: len(self.confirmed) >= before + len(channels))


Tune = Callable[[], Awaitable[Ear]]


@pytest.fixture
def valkey(ground: Ground) -> Valkey:
    return ground.valkey


@pytest.fixture(params=["memory", "redis"])
async def tune(request: pytest.FixtureRequest) -> AsyncIterator[Tune]:
    """Starts one process's relay after the other."""
    bus, ears = Bus(), []
    url = request.getfixturevalue("valkey").url if request.param == "redis" else ""

    async def tuned() -> Ear:
        ear = Ear(RedisRelay(url, timeout=1.0) if url else MemoryRelay(bus))
        ears.append(ear)
        await ear.relay.start(ear.hear, ear.confirm)
        await ear.on("*")
        return ear

    yield tuned
    for ear in ears:
        await ear.relay.stop()


async def test_lines_reach_the_others_in_order(tune: Tune) -> None:
    """Those who hear the channel get every line once; the sender and other channels get none."""
    ada, ben, cleo = await tune(), await tune(), await tune()
    await ben.on("north")
    await cleo.on("south")
    sent = [b"line %d" % number for number in range(50)]
    for line in sent:
        ada.relay.publish("north", line)
    ada.relay.publish("south", "早".encode())
    await ben.until(lambda: len(ben.lines) == 50)
    await cleo.until(lambda: len(cleo.lines) == 1)
    assert ben.lines == [("north", line) for line in sent]
    assert cleo.lines == [("south", "早".encode())]
    assert ada.lines == []


async def test_one_tick_is_one_message(tune: Tune) -> None:
    """Lines of the same tick and channel arrive together."""
    ada, ben = await tune(), await tune()
    await ben.on("north")
    for number in range(10):
        ada.relay.publish("north", b"%d" % number)
    await ben.until(lambda: len(ben.lines) == 10)
    assert ben.batches == [10]


async def test_an_unsubscribed_channel_is_silent(tune: Tune) -> None:
    """And may be heard again later."""
    ada, ben = await tune(), await tune()
    await ben.on("north")
    ben.relay.unsubscribe("north")
    await ben.on("south")
    ada.relay.publish("north", b"unheard")
    ada.relay.publish("south", b"heard")
    await ben.until(lambda: bool(ben.lines))
    await ben.on("north")
    ada.relay.publish("north", b"again")
    await ben.until(lambda: len(ben.lines) == 2)
    assert ben.lines == [("south", b"heard"), ("north", b"again")]


async def test_thousands_of_channels(tune: Tune) -> None:
    """Each is confirmed, each is heard."""
    ada, ben = await tune(), await tune()
    names = [f"squad-{number}" for number in range(2500)]
    await ben.on(*names)
    for name in names:
        ada.relay.publish(name, b"x")
    await ben.until(lambda: len(ben.lines) == 2500)
    assert {channel for channel, _ in ben.lines} == set(names)


async def test_ping_answers(tune: Tune) -> None:
    """A relay that works says so."""
    ear = await tune()
    await ear.relay.ping()


async def test_stop_sends_what_is_waiting(tune: Tune) -> None:
    """A last word is heard."""
    ada, ben = await tune(), await tune()
    ada.relay.publish("*", b"goodbye")
    await ada.relay.stop()
    await ben.until(lambda: bool(ben.lines))
    assert ben.lines == [("*", b"goodbye")]


async def test_an_outage_is_survived(ground: Ground, valkey: Valkey) -> None:
    """Killed and started again: publishing never raises, every channel is confirmed again and heard."""
    ada, ben = Ear(RedisRelay(valkey.url, timeout=1.0)), Ear(RedisRelay(valkey.url, timeout=1.0))
    for ear in (ada, ben):
        await ear.relay.start(ear.hear, ear.confirm)
        await ear.on("*", "north")
    before = len(ben.confirmed), len(ada.confirmed)
    await asyncio.to_thread(valkey.kill)
    for number in range(20_000):
        ada.relay.publish("north", b"lost %d" % number)
    with pytest.raises(OSError, match="does not answer"):
        await ada.relay.ping()
    await asyncio.to_thread(valkey.restart)
    await ben.until(lambda: len(ben.confirmed) >= before[0] + 2)
    await ada.until(lambda: len(ada.confirmed) >= before[1] + 2)
    async with asyncio.timeout(20):
        while not ben.lines or not ben.lines[-1][1].startswith(b"back"):
            ada.relay.publish("north", b"back")
            await asyncio.sleep(0.05)
    await ada.relay.ping()
    for ear in (ada, ben):
        await ear.relay.stop()


async def test_starting_without_a_server(tmp_path: object) -> None:
    """A process starts, publishes and stops although nothing answers."""
    ear = Ear(RedisRelay(f"unix://{tmp_path}/nobody.sock", timeout=0.2))
    ear.relay.subscribe("*")
    await ear.relay.start(ear.hear, ear.confirm)
    ear.relay.publish("*", b"nobody hears this")
    with pytest.raises(OSError, match="does not answer"):
        await ear.relay.ping()
    await ear.relay.stop()
