"""`/live` in front of the real journal: what a listener gets after any cut, and what an outsider does not."""

import asyncio
import contextlib
import re
from typing import Any

import orjson
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from server.access import COOKIE
from server.members import actions as members
from server.squads import actions as squads
from tests.server.conftest import NOON, Town, client

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


async def test_an_open_thread_says_what_a_fresh_one_says(town: Town, address: str) -> None:
    """Its post edited, or its visit closed: the frame brings the thread's own words too."""
    said = (await town.say("zhang", "Tea at four"))["id"]
    visit = (await town.check_in("zhang", note="At the back door")).json()["id"]
    ended = {
        "result": "lost",
        "note": "They stay with AquaPro",
        "next_step": "Ring in June",
        "closed_at": NOON,
    }
    changes = [
        (
            said,
            town["zhang"].patch(f"/api/v1/posts/{said}", json={"text": "Tea at <five>"}),
            "at &lt;five&gt;",
        ),
        (visit, town["zhang"].put(f"/api/v1/visits/{visit}/outcome", json=ended), "They stay with AquaPro"),
        (visit, town["zhang"].patch(f"/api/v1/visits/{visit}", json={"note": "Front door"}), "Front door"),
    ]
    async with listen(address, town, "li", town.squad, "html") as page:
        assert orjson.loads(await page.recv())["kind"] == "ready"
        for post, change, words in changes:
            offset = len(await town.journal()) + 1
            assert (await change).status_code == 200
            content = (await until(page, offset))[-1]["content"]
            found = re.search(
                f'hx-target="#tw-{post}" hx-swap="outerMorph">(.*?)</hx-partial>', content, re.DOTALL
            )
            assert found
            assert words in found[1]
            assert found[1] in (await town["li"].get(f"/squads/{town.squad}/posts/{post}")).text


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


async def with_key(town: Town, name: str) -> dict[str, str]:
    """A browser's cookie, freshly signed in."""
    opened = await town.app.state.db.write(members.open_session, town.ids[name], "test", 60)
    return {"Cookie": f"{COOKIE}={opened.token}"}


async def closed(ws: ClientConnection) -> int | None:
    """The code with which a socket is closed."""
    async with asyncio.timeout(10):
        await ws.wait_closed()
    return ws.close_code


@pytest.mark.parametrize("how", ["removed", "left", "closed account", "made a lead"])
async def test_who_may_do_something_else_now_is_closed_wherever_they_listen(
    town: Town, address: str, how: str
) -> None:
    """Two browsers and a program, at once, not at the next check; a colleague hears on."""
    path, db = f"{address}?streams={town.squad}", town.app.state.db
    phone, desk = await with_key(town, "li"), await with_key(town, "li")
    async with (
        connect(path, additional_headers=phone) as one,
        connect(path, additional_headers=desk) as two,
        listen(address, town, "li", town.squad) as three,
        listen(address, town, "zhang", town.squad) as colleague,
    ):
        for ws in (one, two, three, colleague):
            assert orjson.loads(await ws.recv())["kind"] == "ready"
        wang, li = town.ids["wang"], town.ids["li"]
        if how == "removed":
            await db.write(squads.remove, wang, town.squad, li)
        elif how == "left":
            await db.write(squads.leave, town.squad, li)
        elif how == "closed account":
            await db.write(squads.deactivate, wang, li)
        else:
            await db.write(squads.make_lead, wang, town.squad, li, True)
        assert [await closed(ws) for ws in (one, two, three)] == [1008, 1008, 1008]
        said = await town.say("wang", "Who hears on")
        heard = await until(colleague, len(await town.journal()))
        assert heard[-1]["data"]["id"] == said["id"]


async def test_signing_out_everywhere_closes_everything(town: Town, address: str) -> None:
    """One place alone closes that one alone; the rest with the rest."""
    path = f"{address}?streams=me"
    phone, desk = await with_key(town, "li"), await with_key(town, "li")
    async with connect(path, additional_headers=phone) as one, connect(path, additional_headers=desk) as two:
        for ws in (one, two):
            assert orjson.loads(await ws.recv())["kind"] == "ready"
        async with client(town.app, phone) as li:
            await li.post("/signout")
        assert await closed(one) == 1008
        assert two.close_code is None
        async with client(town.app, desk) as li:
            await li.post("/signout/everywhere")
        assert await closed(two) == 1008
        async with client(town.app, desk) as li:
            assert (await li.get("/me")).status_code == 303


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
