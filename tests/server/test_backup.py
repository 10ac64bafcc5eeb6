"""A backup is everything at one moment, while people work; a restore is all of it or nothing."""

import asyncio
import io
import os
import stat
import tarfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from anyio import to_thread
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import inspect

from config.settings import Settings
from server.app import create_app
from server.archive import Damaged
from server.backup import back_up
from server.db import directly
from server.doctor import examine
from server.restore import Refused, restore
from server.schema import new_id
from tests.bed.ground import Ground
from tests.bed.once import AFAR
from tests.server import drive, land
from tests.server.conftest import Town, client
from tests.server.pictures import bring, checked_in, photo
from tests.server.sweeping import hours, running, visits

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["embedded", "scaled"])
def elsewhere(request: pytest.FixtureRequest, ground: Ground, setup: Settings) -> Iterator[Settings]:
    """An installation without tables, on each kind of database, to restore into. From S3 into a folder,
    and into S3.
    """
    kind = AFAR if setup.files_url and request.param == "scaled" else request.param
    with getattr(ground, kind)(empty=True) as settings:
        yield settings


@pytest.fixture
def packed(town: Town, tmp_path: Path) -> Callable[[], Any]:
    """`await packed()`: a backup of the town, and its manifest."""

    async def pack() -> tuple[Path, dict[str, Any]]:
        path = tmp_path / "muster.backup"
        return path, await to_thread.run_sync(back_up, town.app.state.settings, path)

    return pack


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[FastAPI]:
    """The application on what was restored."""
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


def same(town: Town, app: FastAPI, name: str) -> AsyncClient:
    """Somebody's program, pointed at the other installation."""
    return client(app, {"Authorization": town[name].headers["authorization"]})


async def everything(one: AsyncClient, squad: str) -> list[Any]:
    """What a member sees of a squad; without epochs, which a restore makes anew."""
    found: list[Any] = []
    for part in (
        f"squads/{squad}/posts?limit=200",
        f"squads/{squad}/customers",
        f"squads/{squad}/members",
        f"squads/{squad}/sweeps",
        "territories",
        "me",
    ):
        found.append((await one.get(f"/api/v1/{part}")).json())
    found[-1].pop("head")
    found += [(await one.get(f"/api/v1/sweeps/{sweep['id']}")).json() for sweep in found[3]]
    entries = (await one.get(f"/api/v1/squads/{squad}/journal?limit=1000")).json()["entries"]
    return [*found, [{k: v for k, v in entry.items() if k != "epoch"} for entry in entries]]


async def test_what_comes_back_is_what_was_there(
    town: Town, packed: Callable[[], Any], elsewhere: Settings
) -> None:
    """From either database into either, photos and threads included; old cursors begin anew."""
    shown = new_id()
    await bring(town, "zhang", photo(), shown)
    visit = await checked_in(town, "zhang", shown)
    said = await town.say("li", "Well done")
    for n in range(3):
        body = {"id": new_id(), "text": f"Reply {n}"}
        await town["wang"].post(f"/api/v1/posts/{said['id']}/replies", json=body)
    await town["li"].put(f"/api/v1/posts/{visit['id']}/reactions/cheer")
    sweep = await running(town)
    await visits(town, "li", "hotel")
    again = {"id": new_id(), "starts_at": hours(24)}
    await town["wang"].post(f"/api/v1/sweeps/{sweep.id}/copies", json=again)
    places = await land.settled(town)
    await land.appoint(town, places["country"], await land.arrives(town, "gu", "Gu Ming"))
    before = await everything(town["li"], town.squad)
    picture = (await town["li"].get(f"/photos/{shown}")).content
    head = (await town["li"].get("/api/v1/squads")).json()[0]["head"]
    path, made = await packed()
    assert made["missing"] == []
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    await to_thread.run_sync(restore, elsewhere, path)
    async with opened(elsewhere) as app, same(town, app, "li") as li, same(town, app, "sun") as sun:
        assert await everything(li, town.squad) == before
        async with same(town, app, "gu") as gu:
            assert [one["manages"] for one in (await gu.get("/api/v1/squads")).json()] == [True, True]
        assert (await li.get(f"/photos/{shown}")).content == picture
        assert (await sun.get(f"/api/v1/squads/{town.squad}/posts")).status_code == 404
        after = f"?after={head['epoch']}.{head['offset']}"
        assert (await li.get(f"/api/v1/squads/{town.squad}/journal{after}")).status_code == 409
        fresh = {"id": new_id(), "text": "Going on"}
        assert (await li.post(f"/api/v1/squads/{town.squad}/messages", json=fresh)).status_code == 201


@pytest.mark.filed
async def test_the_drive_comes_back_with_every_version(
    town: Town, packed: Callable[[], Any], elsewhere: Settings
) -> None:
    """Old versions and what lies in the bin as well; an upload that was under way is begun anew."""
    known = await drive.filed(town)
    await drive.bring(town, "wang", known["folder"], "prices.pdf", b"%PDF-1.4 of May")
    files = [f"/drive/documents/{known['item']}/versions/{n}/file" for n in (1, 2)]
    before = [(await town["li"].get(file)).content for file in files]
    assert before == [drive.PDF, b"%PDF-1.4 of May"]
    path, made = await packed()
    assert made["missing"] == []
    await to_thread.run_sync(restore, elsewhere, path)
    found = {one.about: one for one in await to_thread.run_sync(lambda: list(examine(elsewhere, True)))}
    looked = f"{len(set(before))} of {len(set(before))} looked into"
    assert found["files"].words.partition(".")[0] == looked  # of a bucket more is said
    async with opened(elsewhere) as app, same(town, app, "li") as li, same(town, app, "zhang") as zhang:
        assert [(await li.get(file)).content for file in files] == before
        assert (await li.post(f"/drive/bin/{known['binned']}/restore")).status_code == 303
        tus = {"Tus-Resumable": "1.0.0"}
        assert (await zhang.head(f"/drive/uploads/{known['upload']}", headers=tus)).status_code == 404


async def test_people_work_on_while_it_is_made(
    town: Town, packed: Callable[[], Any], elsewhere: Settings
) -> None:
    """What was acknowledged before it began is in it; what came meanwhile is there whole, or not at all."""
    known = [(await town.say("li", f"Before {n}"))["id"] for n in range(20)]
    enough = asyncio.Event()

    async def go_on() -> None:
        while not enough.is_set():
            await town.check_in("zhang")

    working = asyncio.create_task(go_on())
    path, _ = await packed()
    enough.set()
    await working
    await to_thread.run_sync(restore, elsewhere, path)
    async with opened(elsewhere) as app, same(town, app, "li") as li:
        posts, *_, entries = await everything(li, town.squad)
        assert [entry["offset"] for entry in entries] == list(range(1, len(entries) + 1))
        assert set(known) <= {post["id"] for post in posts}
        told = {entry["subject"] for entry in entries if entry["kind"] in ("checkin", "message")}
        assert told == {post["id"] for post in posts if post["kind"] in ("checkin", "message")}


async def test_nothing_is_restored_over_a_company(
    town: Town, packed: Callable[[], Any], setup: Settings
) -> None:
    """Refused in words; what is there stays."""
    path, _ = await packed()
    await town.say("li", "Since then")
    with pytest.raises(Refused, match="a company here already"):
        await to_thread.run_sync(restore, setup, path)
    assert (await town.journal())[-1]["data"]["text"] == "Since then"


@pytest.mark.parametrize("harm", ["cut short", "a bit turned", "no backup", "a part too many", "newer"])
async def test_a_damaged_backup_changes_nothing(
    town: Town, packed: Callable[[], Any], elsewhere: Settings, harm: str
) -> None:
    """Found before the first row is written."""
    path, _ = await packed()
    spoil(path, harm)
    with pytest.raises((Damaged, Refused)):
        await to_thread.run_sync(restore, elsewhere, path)
    tables = await to_thread.run_sync(directly, elsewhere, lambda c: inspect(c).get_table_names())
    assert tables == []


def spoil(path: Path, harm: str) -> None:
    """Does to a backup what happens to backups."""
    if harm == "cut short":
        os.truncate(path, path.stat().st_size // 2)
    elif harm == "no backup":
        path.write_bytes(b"PK\x03\x04 something else")
    else:
        rewrite(path, harm)


def rewrite(path: Path, harm: str) -> None:
    """The same archive with another manifest, another letter, or with a part that nobody named."""
    with tarfile.open(path, "r:gz") as old:
        parts = {one.name: (old.extractfile(one) or io.BytesIO()).read() for one in old}
    if harm == "newer":
        parts["manifest.json"] = parts["manifest.json"].replace(b'"revision":"0', b'"revision":"9')
    elif harm == "a bit turned":
        rows = bytearray(parts["tables/member.jsonl"])
        rows[len(rows) // 2] ^= 1
        parts["tables/member.jsonl"] = bytes(rows)
    else:
        parts["tables/other.jsonl"] = b"[]\n"
    with tarfile.open(path, "w:gz") as new:
        for name, content in parts.items():
            about = tarfile.TarInfo(name)
            about.size = len(content)
            new.addfile(about, io.BytesIO(content))
