"""The map an installation has chosen: what pages are told, whom they may ask, and the file in ranges."""

import html
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from httpx2 import AsyncClient

from config.settings import Settings
from server import guard
from server.access import COOKIE
from server.app import create_app
from server.maps.ground import ARCHIVE
from server.members import actions as members
from tests.bed.ground import settings
from tests.server.conftest import Town, client

pytestmark = pytest.mark.anyio

AS_EVER = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self'; "
    "connect-src 'self'; frame-src 'self'; worker-src 'self'; manifest-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
WHOLE = b"PMTiles\x03" + bytes(range(256)) * 8
TILES = "https://t{1-3}.tiles.example:8443/{z}/{x}/{-y}.png?key=abc"


async def policy(chosen: Settings) -> str:
    """The content security policy of a server with these settings."""
    async with client(create_app(chosen)) as one:
        return str((await one.get("/healthz")).headers["content-security-policy"])


async def test_without_a_map_of_ones_own_nothing_changes(town: Town) -> None:
    """The policy to the byte, and not a word on any page."""
    page = await town["li"].get(f"/squads/{town.squad}")
    assert page.headers["content-security-policy"] == AS_EVER
    assert 'name="ground"' not in page.text
    assert "t-ground" not in page.text
    assert (await town["li"].get(ARCHIVE)).status_code == 404


@pytest.mark.parametrize(
    ("chosen", "origins"),
    [
        ({"map_style_url": "https://Maps.example/style.json?key=a"}, ["https://maps.example"]),
        ({"map_style_url": "/maps/style.json"}, []),
        ({"map_tiles_url": "/tiles/{z}/{x}/{y}.png"}, []),
        ({"map_tiles_url": TILES}, [f"https://t{n}.tiles.example:8443" for n in (1, 2, 3)]),
        ({"map_tiles_url": "https://{a-b}.example/{z}/{x}/{y}"}, ["https://a.example", "https://b.example"]),
        ({"map_tiles_url": "https://{s}.a/{z}/{x}/{y}"}, ["https://a.a", "https://b.a", "https://c.a"]),
        ({"map_tiles_url": "https://a.example/{1-3}/{z}/{x}/{y}"}, ["https://a.example"]),
        (
            {
                "map_style_url": "https://a.example/s",
                "map_servers": "https://b.example:444 https://a.example",
            },
            ["https://a.example", "https://b.example:444"],
        ),
        ({"map_tiles_url": "http://127.0.0.1:9000/{z}/{x}/{y}"}, ["http://127.0.0.1:9000"]),
    ],
)
async def test_pages_may_ask_the_maps_servers_and_no_other(
    tmp_path: Path, chosen: dict[str, str], origins: list[str]
) -> None:
    """They are let in where things are fetched, and nowhere else in the policy."""
    with_it = AS_EVER.replace("connect-src 'self'", " ".join(["connect-src 'self'", *origins]))
    assert await policy(settings(data_dir=tmp_path, **chosen)) == with_it
    assert guard.policy() == AS_EVER


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A file that looks like an archive from without, beside one that is nobody's business."""
    file = tmp_path / "plan.pmtiles"
    file.write_bytes(WHOLE)
    file.with_name("secret.key").write_text("secret")
    return file


def replace(file: Path, content: bytes) -> None:
    """Another map under the same name; none without content."""
    if content:
        file.write_bytes(content)
    else:
        file.unlink()


def told(page: str) -> dict[str, Any]:
    """What a page says of its map."""
    found = re.search(r'<meta name="ground" content="([^"]*)">', page)
    assert found
    said: dict[str, Any] = json.loads(html.unescape(found[1]))
    return said


async def seen_by_member(town: Town, **chosen: Any) -> str:
    """The squad's page where the installation has these settings."""
    app = town.app
    made = create_app(app.state.settings.model_copy(update=chosen))
    made.state._state |= {
        name: getattr(app.state, name) for name in ("db", "limits", "hub", "store", "photos", "commons")
    }
    async with client(made, dict(town["li"].headers)) as one:
        return str((await one.get(f"/squads/{town.squad}")).text)


async def test_a_page_is_told_what_it_needs(town: Town) -> None:
    """Each server's address written out, the datum if it is another, and what to say whose map it is."""
    mine = {"map_tiles_url": TILES, "map_datum": "gcj02", "map_attribution": "© 'A' & <b>\"B\"</b>"}
    said = told(await seen_by_member(town, **mine))
    assert said.pop("seal")
    assert said == {
        "tiles": [f"https://t{n}.tiles.example:8443/{{z}}/{{x}}/{{y}}.png?key=abc" for n in (1, 2, 3)],
        "tms": True,
        "zoom": 18,
        "datum": "gcj02",
        "credit": "© 'A' & <b>\"B\"</b>",
    }
    page = await seen_by_member(town, map_style_url="https://a.example/style.json")
    assert told(page)["style"] == "https://a.example/style.json"
    assert "The map behind the pins does not load now" in page


async def test_a_script_is_not_kept_under_another_maps_policy(town: Town) -> None:
    """Its seal changes with the servers, and only with them."""
    tiles = "https://{}.example/{{z}}/{{x}}/{{y}}"
    first = told(await seen_by_member(town, map_tiles_url=tiles.format("a")))["seal"]
    other = told(await seen_by_member(town, map_tiles_url=tiles.format("b")))["seal"]
    again = told(await seen_by_member(town, map_tiles_url=tiles.format("a"), map_attribution="Me"))["seal"]
    assert first == again != other


async def test_strangers_are_not_told_where_the_tiles_are(tmp_path: Path, town: Town) -> None:
    """Their address may have a key in it."""
    made = create_app(town.app.state.settings.model_copy(update={"map_tiles_url": TILES}))
    made.state.db = town.app.state.db
    async with client(made) as stranger:
        page = await stranger.get("/signin")
        assert (page.status_code, "key=abc" in page.text, "t-ground" in page.text) == (200, False, False)


@pytest.fixture
async def reader(town: Town, plan: Path) -> AsyncIterator[AsyncClient]:
    """Li Na's browser, where the installation has its map in a file."""
    made = create_app(town.app.state.settings.model_copy(update={"map_pmtiles": str(plan)}))
    for part in ("db", "limits", "commons"):
        setattr(made.state, part, getattr(town.app.state, part))
    opened = await town.app.state.db.write(members.open_session, town.ids["li"], "test", 60)
    async with client(made, {"Cookie": f"{COOKIE}={opened.token}", "Accept-Encoding": "gzip"}) as one:
        yield one


async def test_the_file_is_read_in_ranges(reader: AsyncClient) -> None:
    """Exactly the bytes that were asked for, packed no further, under the file's tag."""
    some = await reader.get(ARCHIVE, headers={"Range": "bytes=8-135"})
    assert (some.status_code, some.content) == (206, WHOLE[8:136])
    assert some.headers["content-range"] == f"bytes 8-135/{len(WHOLE)}"
    assert "content-encoding" not in some.headers
    assert "private" in some.headers["cache-control"]
    end = await reader.get(ARCHIVE, headers={"Range": "bytes=-5"})
    assert (end.status_code, end.content) == (206, WHOLE[-5:])
    all_of_it = await reader.get(ARCHIVE)
    assert (all_of_it.status_code, all_of_it.content) == (200, WHOLE)
    assert "content-encoding" not in all_of_it.headers
    past = await reader.get(ARCHIVE, headers={"Range": f"bytes={len(WHOLE)}-"})
    assert (past.status_code, past.headers["content-range"]) == (416, f"bytes */{len(WHOLE)}")
    assert (await reader.get(ARCHIVE, headers={"Range": "pages=1-2"})).status_code == 400


async def test_the_files_tag_changes_with_it(reader: AsyncClient, plan: Path) -> None:
    """A browser that has pieces of the old one notices."""
    tag = (await reader.get(ARCHIVE, headers={"Range": "bytes=0-6"})).headers["etag"]
    assert (await reader.get(ARCHIVE, headers={"If-None-Match": tag})).status_code == 304
    replace(plan, WHOLE + b"more")
    other = await reader.get(ARCHIVE, headers={"Range": "bytes=0-6", "If-Range": tag})
    assert other.status_code == 200
    assert other.headers["etag"] != tag
    assert (await reader.get(ARCHIVE, headers={"If-None-Match": tag})).status_code == 200


async def test_there_is_no_other_file_to_be_read(reader: AsyncClient, plan: Path) -> None:
    """Nothing beside it by any name; and nothing at all once it is gone."""
    for path in (
        "/../secret.key",
        "/%2e%2e/secret.key",
        "/secret.key",
        "?file=secret.key",
        "%2f..%2fsecret.key",
    ):
        assert "secret" not in (await reader.get(f"{ARCHIVE}{path}")).text
    replace(plan, b"")
    assert (await reader.get(ARCHIVE)).status_code == 404


async def test_the_file_is_for_whoever_is_signed_in(reader: AsyncClient) -> None:
    """Nobody else gets a byte of it."""
    del reader.headers["cookie"]
    answer = await reader.get(ARCHIVE, headers={"Range": "bytes=0-6"})
    assert (answer.status_code, answer.content) == (303, b"")
