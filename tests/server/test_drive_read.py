"""Words are read: who looks at the document is told so, by ids alone; whom it is nothing to hears nothing."""

import asyncio

import orjson
import pytest
from websockets.asyncio.client import ClientConnection

from server import journal
from server.drive import reading
from server.schema import now
from tests.server.conftest import Town
from tests.server.drive import bring, folder
from tests.server.papers import pdf
from tests.server.test_drive_words import alone
from tests.server.test_live import listen

pytestmark = pytest.mark.anyio
__all__ = ["alone"]
API = "/api/v1/drive"


async def heard(ws: ClientConnection, did: str) -> list[str]:
    """What comes on the wire until something of the drive is told."""
    found: list[str] = []
    async with asyncio.timeout(10):
        while True:
            found.append(str(await ws.recv()))
            frame = orjson.loads(found[-1])
            if frame["kind"] == "drive" and frame["data"]["did"] == did:
                return found


async def test_who_may_see_it_is_told_when_it_is_read(town: Town, address: str) -> None:
    """Its page says that it is being read, then it has its words; the stream names neither."""
    shut = await folder(town, "Margins", squad=town.squad, rights="keep")
    async with (
        listen(address, town, "li", f"{town.squad},company", "html") as mate,
        listen(address, town, "sun", f"{town.other},company", "html") as outsider,
    ):
        one = await bring(town, "wang", shut, "Pelican.pdf", pdf(["ibis"]))
        page = f"/drive/documents/{one['id']}"
        assert "Its words are being read" in (await town["wang"].get(page)).text
        await town.app.state.jobs.run_due(now())
        said = await heard(mate, "read")
        frame = orjson.loads(said[-1])
        assert frame["data"] == {"did": "read", "folder": shut, "document": one["id"]}
        assert frame["actor"] is None
        assert frame.get("content") is None
        assert not any(word in "".join(said) for word in ("Pelican", "ibis", "Margins"))
        assert "Its words are being read" not in (await town["wang"].get(page)).text
        assert (await town["li"].get(page)).status_code == 404
        last = await folder(town, "Cases")  # whatever was to be told before is told by then
        words = "".join(await heard(outsider, "made"))
        assert last in words
        assert one["id"] not in words
        assert shut not in words


async def test_what_is_the_companys_is_told_to_all(town: Town, address: str) -> None:
    """Also what could not be read; and nothing is told of a version that is none any more."""
    cases = await folder(town)
    async with listen(address, town, "sun", "company") as ws:
        one = await bring(town, "li", cases, "Broken.pdf", pdf(["ibis"])[:90])
        await town.app.state.jobs.run_due(now())
        assert orjson.loads((await heard(ws, "read"))[-1])["data"]["document"] == one["id"]
        state, before = town.app.state, await state_of(town)
        await state.db.write(reading.turn, one["id"], 2, 0, 0, "read")
        assert await state_of(town) == before


async def state_of(town: Town) -> list[str]:
    """What was done in the company's part of the drive."""
    entries = await town.app.state.db.read(journal.history, "company", 0, 1000)
    return [one.data["did"] for one in entries if one.kind == "drive"]
