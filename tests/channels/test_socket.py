"""What a peer may send, and what becomes of one that sends something else."""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import socket
import struct
import time

import pytest
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from tests.channels.conftest import Open
from tests.channels.raw import Raw, masked
from tests.channels.town import NORTH, Journal, Station, until

pytestmark = pytest.mark.anyio
ASK = f"streams={NORTH}"


@pytest.fixture(autouse=True)
def past(journal: Journal) -> None:
    journal.append()


@pytest.mark.parametrize("split", [False, True])
async def test_a_ping_is_answered_with_its_body(station: Station, split: bool) -> None:
    """Of every size, however the bytes arrive."""
    async with Raw(station.port, ASK) as peer:
        for body in (b"", b"hey", bytes(range(125))):
            ping = masked(0x89, body)
            for part in [ping[at : at + 1] for at in range(len(ping))] if split else [ping]:
                await peer.say(part)
                await asyncio.sleep(0)
            assert await peer.until(10) == body
        await peer.say(masked(0x8A) + masked(0x89, b"a") + masked(0x8A, b"x") + masked(0x89, b"b"))
        assert [await peer.until(10), await peer.until(10)] == [b"a", b"b"]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        pytest.param(masked(0x81, b"hello"), 1003, id="text"),
        pytest.param(masked(0x82, b"hello"), 1003, id="binary"),
        pytest.param(masked(0x01, b"hel"), 1003, id="a part of a text"),
        pytest.param(masked(0x81, b"", size=2**40), 1003, id="the header of a huge text"),
        pytest.param(masked(0x80, b"lo"), 1002, id="a continuation of nothing"),
        pytest.param(masked(0x83), 1002, id="an unknown kind of data"),
        pytest.param(masked(0x8B), 1002, id="an unknown kind of control"),
        pytest.param(masked(0x89, b"x", mask=False), 1002, id="not masked"),
        pytest.param(masked(0xC9), 1002, id="a reserved bit"),
        pytest.param(masked(0x09), 1002, id="a ping in parts"),
        pytest.param(masked(0x89, b"x" * 126), 1002, id="a long ping"),
        pytest.param(masked(0x88), 1005, id="a close without a code"),
        pytest.param(masked(0x88, b"\x03\xe8"), 1000, id="a close"),
        pytest.param(masked(0x88, b"\x0b\xb8bye"), 3000, id="a close with a reason"),
        pytest.param(masked(0x88, b"\x03"), 1002, id="half a code"),
        pytest.param(masked(0x88, b"\x03\xe7"), 1002, id="a code that nobody may send"),
        pytest.param(masked(0x88, b"\x03\xed"), 1002, id="a code that is never sent"),
        pytest.param(masked(0x88, b"\x03\xe8\xff"), 1002, id="a reason that is no text"),
    ],
)
async def test_what_a_peer_may_not_send(station: Station, sent: bytes, code: int) -> None:
    """Closed with the right code; what follows is not looked at; nothing of it stays."""
    async with Raw(station.port, ASK) as peer:
        await peer.until(1)
        await peer.say(sent)
        assert await peer.code() == code
        await peer.say(masked(0x89, b"still there?") * 3)
        assert await peer.ended()
    await settled(station)


async def settled(station: Station) -> None:
    """Every connection is gone, from every topic."""
    await until(lambda: not station.hub.stats()["connections"])
    for stream in station.hub.streams.values():
        assert not any(len(channel.topic) for channel in stream.channels.values())


async def test_a_peer_that_speaks_before_it_is_let_in(station: Station) -> None:
    """Its bytes went to a parser that is gone: 1002 instead of a stream out of step."""
    peer = Raw(station.port, ASK)
    station.admit.clear()
    await peer.open()
    async with asyncio.timeout(5):
        await station.asked.wait()
    await peer.say(masked(0x81, b"hello"))
    await asyncio.sleep(0.05)
    station.admit.set()
    while (await peer.exactly(1)) != b"\n" or (await peer.exactly(2)) != b"\r\n":
        pass
    assert await peer.code() == 1002
    await peer.__aexit__()


async def test_a_silent_peer_is_cut(open_station: Open) -> None:
    """Open and dead: no answer to a ping for a round, and it is dropped; who answers stays."""
    station = await open_station(ping=0.3)
    async with Raw(station.port, ASK) as dead, station.watch() as ada:
        await ada.ready()
        assert await dead.ended()
        for _ in range(3):
            await ada.ws.ping()
        assert station.hub.stats()["connections"] == 1


async def test_every_way_of_leaving(station: Station) -> None:
    """Hung up politely, half closed, reset: the hub forgets each at once."""
    async with station.watch() as polite:
        await polite.ready()
    for how in ("eof", "reset"):
        async with Raw(station.port, ASK) as peer:
            await peer.until(1)
            if how == "eof":
                peer.sock.shutdown(1)
                assert await peer.ended()
            else:
                peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    await settled(station)


async def test_a_restart_says_so(station: Station) -> None:
    """1012 to everybody, and the server does not wait for long."""
    async with station.watch() as ada, station.watch(rep="html:zh") as ben:
        await ada.ready()
        await ben.ready()
        station.server.should_exit = True
        assert await ada.code() == 1012
        assert await ben.code() == 1012
    async with asyncio.timeout(5):
        await station.serving


async def test_a_session_ends_while_listening(open_station: Open) -> None:
    """1008 when its time has come, and not before."""
    station = await open_station(ping=0.4)
    async with (
        station.watch(expires=time.time() + 0.2) as short,
        station.watch(expires=time.time() + 3600) as long,
    ):
        assert await short.code() == 1008
        await (await long.ws.ping())


SOURCES = {
    "connection_made": "f533ec93747c2cbf",
    "connection_lost": "dd116afc4d8034e1",
    "shutdown": "e8ace796ada616b7",
    "data_received": "c89d394077d8841d",
    "handle_connect": "fc648c2161ff8e13",
    "run_asgi": "662375aa38d9044c",
    "start_keepalive": "6d83bdbc3db82b86",
    "send": "d4919ed760ce9f7b",
}


def test_uvicorn_is_the_one_this_was_written_for() -> None:
    """The handing over leans on these methods: read what changed, then note the new sums here."""
    for name, expected in SOURCES.items():
        source = inspect.getsource(getattr(WebSocketsSansIOProtocol, name))
        assert hashlib.sha256(source.encode()).hexdigest()[:16] == expected, name
