"""`/live` in front of the real journal: what a listener gets after any cut, and what an outsider does not."""

import asyncio
import contextlib
from typing import Any

import orjson
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from server.squads import actions as squads
from tests.server.conftest import Town

pytestmark = pytest.mark.anyio


def listen(address: str, town: Town, name: str, streams: str, how: str = "data") -> connect:
    """A listener with somebody's token."""
    headers = {"Authorization": town[name].headers["authorization"]}
    return connect(f"{address}?streams={streams}&as={how}", additional_headers=headers)


async def until(ws: ClientConnection, offset: int) -> list[dict[str, Any]]:
    """The journalled frames up to an offset; the signs in between are left out."""
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(10):
        while not found or found[-1]["offset"] < offset:
            frame = orjson.loads(await ws.recv())
            if "data" in frame and "offset" in frame:
                found.append(frame)
    return found


async def test_resume_from_every_offset_gives_exactly_the_rest(town: Town, address: str) -> None:
    """Cut anywhere: the frames after the cursor, in order, each once, the same as the journal."""
    visit = (await town.check_in("zhang", note="at the door")).json()["id"]
    await town.say("li", "Good luck")
    await town["li"].put(f"/api/v1/posts/{visit}/reactions/cheer")
    entries = await town.journal()
    epoch, last = entries[-1]["epoch"], entries[-1]["offset"]
    for cut in range(last):
        async with listen(address, town, "li", f"{town.squad}@{epoch}.{cut}") as ws:
            frames = await until(ws, last)
        assert [frame["offset"] for frame in frames] == list(range(cut + 1, last + 1))
        assert [frame["data"] for frame in frames] == [entry["data"] for entry in entries[cut:]]


async def test_a_write_is_heard_at_once_in_both_forms(town: Town, address: str) -> None:
    """Data for programs; for pages the fragment with the same note."""
    async with (
        listen(address, town, "li", town.squad) as data,
        listen(address, town, "wang", town.squad, "html") as page,
    ):
        for ws in (data, page):
            assert orjson.loads(await ws.recv())["kind"] == "ready"
        offset = len(await town.journal()) + 1
        await town.check_in("zhang", note="heard <at> once")
        assert (await until(data, offset))[-1]["data"]["note"] == "heard <at> once"
        shown = (await until(page, offset))[-1]
        assert "heard &lt;at&gt; once" in shown["content"]


@pytest.mark.parametrize("how", ["data", "html"])
async def test_an_outsider_hears_nothing(town: Town, address: str, how: str) -> None:
    """Another squad's member is closed with 1008 and gets no frame."""
    async with listen(address, town, "sun", town.squad, how) as ws:
        await town.check_in("zhang")
        with pytest.raises(ConnectionClosed) as closed:
            await ws.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008


async def test_a_removed_member_is_closed_at_once(town: Town, address: str) -> None:
    """The last they hear is who is there; then 1008, and nothing of what follows."""
    async with listen(address, town, "li", town.squad) as ws:
        assert orjson.loads(await ws.recv())["kind"] == "ready"
        await town.app.state.db.write(squads.remove, town.ids["wang"], town.squad, town.ids["li"])
        await town.check_in("zhang", note="without Li Na")
        heard = []
        with contextlib.suppress(ConnectionClosed):
            async with asyncio.timeout(10):
                async for frame in ws:
                    heard.append(frame)
    assert ws.close_code == 1008
    assert not any("without Li Na" in str(frame) for frame in heard)


async def test_another_epoch_is_a_reset(town: Town, address: str) -> None:
    """A cursor of a journal that is over: fetch the page again."""
    async with listen(address, town, "li", f"{town.squad}@gone.3") as ws:
        assert orjson.loads(await ws.recv())["kind"] == "reset"


@pytest.mark.parametrize("streams", ["", "nonsense", "me@x", "company,"])
async def test_what_cannot_be_read_is_closed(town: Town, address: str, streams: str) -> None:
    """No frame, no failure: a close."""
    async with listen(address, town, "li", streams) as ws:
        with pytest.raises(ConnectionClosed):
            await ws.recv()
