"""From a committed entry to what watchers get."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.channels.conftest import Open
from tests.channels.town import NORTH, SOUTH, Journal, Station, offsets

pytestmark = pytest.mark.anyio


async def test_a_watcher_without_a_cursor_is_live_from_the_head(station: Station, journal: Journal) -> None:
    """It gets `ready` naming the head, no past, and then what is announced."""
    journal.append()
    async with station.watch() as ada:
        ready = await ada.next()
        assert abs(datetime.fromisoformat(ready.pop("now")) - datetime.now(UTC)) < timedelta(minutes=5)
        assert ready == {"kind": "ready", "stream": NORTH, "epoch": "e1", "offset": 1}
        station.publish(journal, text="door 4 is open")
        frame = await ada.next()
        assert frame["offset"] == 2
        assert frame["data"] == {"text": "door 4 is open"}
        assert frame["at"] == "2026-05-01T09:00:00Z"
        assert "content" not in frame


@pytest.mark.parametrize("rep", ["data", "html:en", "html:zh"])
async def test_a_cursor_brings_what_came_after_it(station: Station, journal: Journal, rep: str) -> None:
    """From every cursor: the rest of the journal, `ready` at the head, then live."""
    for _ in range(5):
        journal.append()
    for cut in range(6):
        head = len(journal.streams[NORTH])
        async with station.watch(f"{NORTH}@e1.{cut}", rep=rep) as ada:
            frames = await ada.ready()
            assert offsets(frames) == list(range(cut + 1, head + 1))
            station.publish(journal)
            frames.append(await ada.next())
            assert frames[-1]["offset"] == head + 1
            if rep != "data":
                lang = rep[-2:]
                assert [frame["content"] for frame in frames] == [
                    f"<p lang={lang}>{offset}</p>" for offset in offsets(frames)
                ]


async def test_each_entry_is_rendered_once_per_language(station: Station, journal: Journal) -> None:
    """However many watch; and not at all where nobody watches that language."""
    journal.append()
    async with (
        station.watch(rep="html:en") as ada,
        station.watch(rep="html:en") as ben,
        station.watch(rep="html:zh") as cleo,
        station.watch() as phone,
    ):
        for each in (ada, ben, cleo, phone):
            await each.ready()
        station.publish(journal)
        for each in (ada, ben, cleo, phone):
            assert (await each.next())["offset"] == 2
    assert sorted(journal.rendered) == [(NORTH, 2, "en"), (NORTH, 2, "zh")]


async def test_several_streams_on_one_connection(open_station: Open, journal: Journal) -> None:
    """Each is replayed and ready by itself; one's own stream is called `me`; others' never arrive."""
    station = await open_station()
    for stream in (NORTH, SOUTH, "me:ada", "me:ben", "company"):
        journal.append(stream)
    async with station.watch(NORTH + "@e1.0", "me:ada", "company") as ada:
        seen = await ada.take(4)
        assert [(frame["kind"], frame["stream"]) for frame in seen] == [
            ("message", NORTH),
            ("ready", NORTH),
            ("ready", "me"),
            ("ready", "company"),
        ]
        for stream in (SOUTH, "me:ben", "me:ada", "company"):
            station.publish(journal, stream)
        assert [frame["stream"] for frame in await ada.take(2)] == ["me", "company"]
