"""Many watchers: nobody waits for somebody else, nobody gets what is not theirs."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import ssl
import subprocess
from pathlib import Path

import pytest

from channels import socket as live_socket
from tests.channels.conftest import Open
from tests.channels.raw import Raw, masked
from tests.channels.town import NORTH, SOUTH, Journal, Station, offsets, until

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def past(journal: Journal) -> None:
    journal.append(NORTH)
    journal.append(SOUTH)


async def test_a_burst_arrives_in_order(station: Station, journal: Journal) -> None:
    """Many entries in one tick, and in several."""
    async with station.watch() as ada, station.watch(rep="html:en") as ben:
        await ada.ready()
        await ben.ready()
        for _ in range(10):
            for _ in range(30):
                station.publish(journal)
            await asyncio.sleep(0)
        for each in (ada, ben):
            assert offsets(await each.take(300)) == list(range(2, 302))


async def test_a_watcher_that_never_reads_is_dropped(
    open_station: Open, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the limit of what is held for it; the others miss nothing and wait for nothing."""
    monkeypatch.setattr(live_socket, "LINGER", 0.2)
    station = await open_station(buffer_limit=100_000)
    async with Raw(station.port, f"streams={NORTH}", small=True) as stuck, station.watch() as ada:
        await stuck.until(1)
        await ada.ready()
        for number in range(600):
            station.publish(journal, text="x" * 2000)
            assert (await ada.next())["offset"] == number + 2
        assert station.hub.stats()["slow_closed"] == 1
        await until(lambda: station.hub.stats()["connections"] == 1)
        station.publish(journal)
        assert (await ada.next())["offset"] == 602


async def test_a_slow_watcher_hears_that_it_is_too_slow(open_station: Open, journal: Journal) -> None:
    """What it reads at last is whole frames in order, and then 1013."""
    station = await open_station(buffer_limit=50_000)
    async with Raw(station.port, f"streams={NORTH}", small=True) as slow:
        await slow.until(1)
        while not station.hub.stats()["slow_closed"]:
            station.publish(journal, text="x" * 2000)
            await asyncio.sleep(0)
        read, (opcode, body) = [], await slow.frame()
        while opcode == 1:
            frame = json.loads(body)
            read += [frame["offset"]] if frame["kind"] == "message" else []
            opcode, body = await slow.frame()
        assert read == list(range(2, len(read) + 2))
        assert body[:2] == (1013).to_bytes(2, "big")


async def test_a_late_reader_gets_everything(open_station: Open, journal: Journal) -> None:
    """Megabytes later it reads: every frame whole and in order, pings and pongs between them."""
    station = await open_station(buffer_limit=1 << 26, ping=0.5)
    async with Raw(station.port, f"streams={NORTH}", small=True) as late:
        await late.until(1)
        for number in range(4000):
            station.publish(journal, text="x" * 500)
            if number % 7 == 0:
                await asyncio.sleep(0)
            if number % 50 == 0:
                await late.say(masked(0x89, b"%d" % number))
        expected = 2
        while expected < 4002:
            opcode, body = await late.frame()
            if opcode == 9:
                await late.say(masked(0x8A, body))
            elif opcode == 1 and (frame := json.loads(body))["kind"] == "message":
                assert frame["offset"] == expected
                assert frame["data"]["text"] == "x" * 500
                expected += 1
                if expected % 50 == 0:  # it is alive, however far behind what it reads may be
                    await late.say(masked(0x89, b"%d" % expected))


async def test_slices_keep_the_order(open_station: Open, journal: Journal) -> None:
    """A fan-out in many slices, with frames, newcomers and leavers between them."""
    station = await open_station()
    station.hub._common.fanout.size = 3
    async with contextlib.AsyncExitStack() as stack:
        watchers = [await stack.enter_async_context(station.watch()) for _ in range(17)]
        for each in watchers:
            await each.ready()
        late = []
        for number in range(40):
            station.publish(journal)
            if number % 3 == 0:
                await asyncio.sleep(0)
            if number % 8 == 0:
                cursor = f"{NORTH}@{journal.at(max(1, number - 4))}"
                late.append((max(1, number - 4), await stack.enter_async_context(station.watch(cursor))))
            if number % 10 == 5:
                await watchers.pop().ws.close()
        for each in watchers:
            assert offsets(await each.take(40)) == list(range(2, 42))
        for cut, each in late:
            frames = await each.ready() + [{"offset": 0}]
            while frames[-1]["offset"] != 41 and not (len(frames) > 1 and frames[-2]["offset"] == 41):
                frames.append(await each.next())
            seen = [offset for offset in offsets(frames) if offset]
            assert seen == list(range(cut + 1, 42))


async def test_coming_and_going_under_constant_publishing(open_station: Open, journal: Journal) -> None:
    """Hundreds of connections of every kind: nothing to a wrong topic, nothing leaked."""
    station = await open_station(ping=0.2)
    going, wrong, seen = True, [], 0

    async def publish() -> None:
        while going:
            station.publish(journal, NORTH, text=NORTH)
            station.publish(journal, SOUTH, text=SOUTH)
            await asyncio.sleep(0.001)

    async def visit(number: int) -> None:
        nonlocal seen
        stream, how = (NORTH, SOUTH)[number % 2], number % 5
        peer = Raw(
            station.port, f"streams={stream}&as={('data', 'html:en')[number % 3 == 0]}", small=how == 4
        )
        await peer.open()
        if how == 0:
            return peer.sock.close()
        with contextlib.suppress(ConnectionError, EOFError):
            async with peer_of(peer):
                for _ in range(random.randrange(12)):
                    opcode, body = await peer.frame()
                    if opcode == 1:
                        seen += 1
                        wrong.extend([body] if json.loads(body)["stream"] != stream else [])
                if how == 1:
                    await peer.say(masked(0x88, b"\x03\xe8"))
                elif how == 2:
                    await peer.say(masked(0x81, b"hello"))
                elif how == 3:
                    peer.sock.shutdown(1)
        return peer.sock.close()

    publishing = asyncio.create_task(publish())
    for _ in range(10):
        await asyncio.gather(*(visit(number) for number in range(40)))
    going = False
    await publishing
    await until(lambda: not station.hub.stats()["connections"])
    assert wrong == []
    assert seen > 500
    assert not any(len(c.topic) for stream in station.hub.streams.values() for c in stream.channels.values())


@contextlib.asynccontextmanager
async def peer_of(peer: Raw):  # type: ignore[no-untyped-def]
    """Read the answer to the handshake of a connection that was opened by hand."""
    head = b""
    async with asyncio.timeout(10):
        while not head.endswith(b"\r\n\r\n"):
            head += await peer.exactly(1)
    yield


async def test_the_same_under_tls(open_station: Open, journal: Journal, tmp_path: Path) -> None:
    """Where there is no descriptor to write to, frames go through the transport."""
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    command = f"openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=h -keyout {key} -out {cert}"
    await asyncio.to_thread(subprocess.run, command.split(), check=True, capture_output=True)
    station = await open_station(tls=(str(cert), str(key)))
    trusting = ssl.create_default_context(cafile=str(cert))
    trusting.check_hostname = False
    async with station.watch(f"{NORTH}@e1.0", tls=trusting) as ada, station.watch(tls=trusting) as ben:
        assert offsets(await ada.ready()) == [1]
        await ben.ready()
        for _ in range(200):
            station.publish(journal, text="x" * 1000)
        assert offsets(await ada.take(200)) == list(range(2, 202))
        station.hub.dismiss("ada")
        assert await ada.code() == 1008
