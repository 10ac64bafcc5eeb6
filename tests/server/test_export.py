"""Everything of one's own, to take along: all of it, nothing of others, no secrets."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import orjson
import pytest
from httpx2 import AsyncClient
from PIL import Image

from server.members import actions as members
from server.own.holdings import HOLDINGS, NOBODYS
from server.schema import metadata, new_id
from server.tables import __all__ as features
from tests.server.conftest import Town
from tests.server.pictures import shown_by
from tests.server.test_sight import day_path

pytestmark = pytest.mark.anyio


def test_every_table_is_somebodys_or_nobodys() -> None:
    """Whoever makes a new one decides what the export says of it, and what an erasure leaves."""
    assert features
    assert set(HOLDINGS) & set(NOBODYS) == set()
    assert set(HOLDINGS) | set(NOBODYS) == set(metadata.tables)
    assert list(HOLDINGS) == [name for name in HOLDINGS if HOLDINGS[name].via in ("", *HOLDINGS)]


async def taken(one: AsyncClient, path: str = "/me/export") -> ZipFile:
    """What somebody downloads."""
    answer = await one.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    assert "attachment" in answer.headers["content-disposition"]
    return ZipFile(BytesIO(answer.content))


def listed(archive: ZipFile, name: str) -> list[dict[str, Any]]:
    """The rows of one table."""
    return list(orjson.loads(archive.read(f"{name}.json")))


async def test_all_of_ones_own_is_in_it(town: Town) -> None:
    """Rows with the names of what they point at, photos as pictures, a README; by page and API the same."""
    photo = await shown_by(town, "zhang")
    await town.say("zhang", "Third floor, ask for Ms Gu")
    await town["li"].get(day_path(town, "zhang"))
    archive = await taken(town["zhang"])
    assert archive.testzip() is None
    (visit,) = listed(archive, "visit")
    assert (visit["customer_name"], visit["squad_name"]) == ("Hengtai Hardware", "North Bank")
    assert (visit["note"], visit["captured_at"]) == ("Owner is in", "2026-05-04T04:00:00.000Z")
    assert "Third floor, ask for Ms Gu" in [one["text"] for one in listed(archive, "post")]
    assert [one["viewer_name"] for one in listed(archive, "look")] == ["Li Na"]
    assert [one["shown"] for one in listed(archive, "login")] == ["zhang-wei", "zhang@qinghe.example"]
    (kept,) = listed(archive, "file")
    assert kept["client_id"] == photo
    picture = Image.open(BytesIO(archive.read(f"photos/{photo}.jpg")))
    assert picture.size == (kept["width"], kept["height"])
    about = archive.read("README.txt").decode()
    assert about.startswith("What Muster keeps of Zhang Wei")
    assert "visit.json  Your visits: check-ins and how they went (1)" in about
    api = await taken(town["zhang"], "/api/v1/me/export")
    assert api.namelist() == archive.namelist()
    await town.speak("zhang", "zh")
    assert "你的拜访" in (await taken(town["zhang"])).read("README.txt").decode()


async def test_nothing_of_others_and_no_secret_is_in_it(town: Town) -> None:
    """Neither what they said, answered or did, nor a hash by which somebody is known again."""
    said = await town.say("zhang", "Mine")
    reply = {"id": new_id(), "text": "Theirs alone"}
    await town["li"].post(f"/api/v1/posts/{said['id']}/replies", json=reply)
    await town.check_in("li", note="Theirs as well")
    hashed = members.hashed("correct horse battery")
    await town.app.state.db.write(members.change_password, town.ids["zhang"], hashed, None)
    archive = await taken(town["zhang"])
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    for secret in ("Theirs alone", "Theirs as well", "argon2", '"password"', "Sun Yue"):
        assert secret not in everything
    assert all("hash" not in one for name in ("session", "api_token") for one in listed(archive, name))


async def test_a_long_list_is_whole(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few rows are in memory at once."""
    monkeypatch.setattr("server.own.export.AT_ONCE", 2)
    for n in range(5):
        await town.say("zhang", f"Line {n}")
    texts = [one["text"] for one in listed(await taken(town["zhang"]), "post")]
    assert [text for text in texts if text] == [f"Line {n}" for n in range(5)]


async def test_it_is_not_taken_endlessly(town: Town, stranger: AsyncClient) -> None:
    """So often an hour, by page and API together; and by nobody who is not signed in."""
    town.app.state.settings.export_limit = "2/hour"
    for path in ("/me/export", "/api/v1/me/export"):
        await taken(town["zhang"], path)
    assert (await town["zhang"].get("/api/v1/me/export")).status_code == 429
    await taken(town["li"])
    assert (await stranger.get("/me/export")).status_code == 303
