"""What is left when a hub stops, and when the last watcher of a stream has gone."""

from __future__ import annotations

import logging

import pytest

from channels.relay import Bus, MemoryRelay
from tests.channels.conftest import Open
from tests.channels.town import NORTH, SOUTH, Journal, until

pytestmark = pytest.mark.anyio


WAITING = {
    "the head": f"{SOUTH}@0",
    "a page": f"{NORTH}@3",
    "what memory may hold": f"{NORTH}@36",
}


@pytest.mark.parametrize("how", WAITING)
async def test_a_hub_stops_while_somebody_is_let_in(
    open_station: Open, journal: Journal, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    """1012 to whoever still waits for the journal, and the endpoint returns as ever."""
    station = await open_station(window=8)
    for _ in range(40):
        journal.append(NORTH)
        journal.append(SOUTH)
    key, _, cut = WAITING[how].partition("@")
    async with station.watch(NORTH) as ada:
        await ada.ready()
        journal.slow = 3600
        async with station.watch(f"{key}@e1.{cut}", rep="html:en") as ben:
            await until(
                lambda: key in station.hub.streams and station.hub.streams[key].channel("html:en").joining
            )
            await station.hub.stop()
            assert await ben.code() == 1012
            await until(lambda: not station.server.server_state.tasks)
    assert [line for line in caplog.records if line.levelno >= logging.ERROR] == []


async def test_news_of_people_after_the_last_watcher_left(open_station: Open, journal: Journal) -> None:
    """The relay may still bring who is there: of a stream that nobody watches here nothing is kept."""
    bus = Bus()
    there = MemoryRelay(bus)
    await there.start(lambda *_: None, lambda *_: None)
    journal.append()
    station = await open_station(relay=MemoryRelay(bus))
    async with station.watch(owner="ben") as ben:
        await ben.ready()
        there.publish(NORTH, b'p["other",["ada"]]')
        while (await ben.next("presence"))["data"]["here"] != ["ada", "ben"]:
            pass
        station.hub._mail.receive("0190-west", [b'p["other",["cleo"]]'])
        assert "0190-west" not in station.hub.presence._there
    await there.stop()
