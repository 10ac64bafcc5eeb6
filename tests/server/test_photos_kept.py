"""Photos that come with a plain form, and how long they are kept."""

import os
import re
from datetime import timedelta
from pathlib import Path

import anyio
import pytest
from httpx2 import AsyncClient, Response
from sqlalchemy import update

from server.photos.models import file
from server.photos.sweeping import sweep
from server.schema import new_id, now
from tests.server.conftest import Town
from tests.server.pictures import (
    bring,
    checked_in,
    photo,
    picture,
    stored,
)

pytestmark = pytest.mark.anyio


def files(*photos: bytes) -> list[tuple[str, tuple[str, bytes, str]]]:
    """What a browser sends of a file input; without a choice one part without a name."""
    chosen = [("photo", (f"{n}.jpg", one, "image/jpeg")) for n, one in enumerate(photos)]
    return chosen or [("photo", ("", b"", "application/octet-stream"))]


def fields(page: Response, name: str) -> list[str]:
    """The values of a form's fields of one name."""
    return re.findall(rf'name="{name}" value="([^"]*)"', page.text)


async def test_the_sheet_takes_photos_without_script(town: Town) -> None:
    """A plain form; sent twice, there is one visit with the same two photos."""
    path = f"/squads/{town.squad}/checkins"
    form = {"new_id": new_id(), "customer_id": town.customers["hengtai"], "note": "Shop front"}
    for _ in range(2):
        answer = await town["zhang"].post(path, data=form, files=files(photo(), photo(90, 60)))
        assert answer.headers["location"] == f"/visits/{form['new_id']}"
    page = await town["li"].get(f"/squads/{town.squad}")
    shown = re.findall(r'href="/photos/([^"]+)"', page.text)
    assert [picture(await town["li"].get(f"/photos/{id}")).size for id in shown] == [(400, 300), (90, 60)]
    own = await town["zhang"].get(answer.headers["location"])
    assert own.text.count('class="photo"') == 2
    without = {**form, "new_id": new_id()}
    assert (await town["zhang"].post(path, data=without, files=files())).status_code == 303


async def test_a_refused_sheet_keeps_words_and_photos(town: Town) -> None:
    """One of three is no photo: the others need not be chosen again, and go along with the next try."""
    path = f"/squads/{town.squad}/checkins"
    form = {"new_id": new_id(), "customer_id": town.customers["hengtai"], "note": "Shop front"}
    sent = files(photo(), b"no photo", photo(90, 60))
    page = await town["zhang"].post(path, data=form, files=sent)
    assert page.status_code == 422
    assert "This is not a photo we can read" in page.text
    assert "Shop front" in page.text
    kept = fields(page, "photos")
    assert len(kept) == 2
    again = {**form, "photos": kept}
    assert (await town["zhang"].post(path, data=again, files=files(photo(30, 40)))).status_code == 303
    visit = (await town["li"].get(f"/api/v1/visits/{form['new_id']}")).json()
    assert [one["width"] for one in visit["photos"]] == [400, 90, 30]


async def test_the_composer_takes_photos_with_and_without_htmx(town: Town) -> None:
    """Words too long come back with the photos; what is sent leaves an empty form behind."""
    path, new = f"/squads/{town.squad}/messages", new_id()
    for headers in ({}, {"HX-Request": "true"}):
        form = {"new_id": new_id(), "text": "x" * 8001}
        page = await town["li"].post(path, data=form, files=files(photo()), headers=headers)
        assert page.status_code == 422
        kept = fields(page, "photos")
        assert len(kept) == 1
        sent = {"new_id": form["new_id"], "text": "", "photos": kept}
        done = await town["li"].post(path, data=sent, files=files(), headers=headers)
        assert done.status_code == (201 if headers else 303)
        assert fields(done, "photos") == []
    many = files(*(photo(8, 8 + n) for n in range(10)))
    page = await town["li"].post(path, data={"new_id": new, "text": "Look"}, files=many)
    assert "At most 9 photos at once." in page.text
    posts = (await town["zhang"].get(f"/api/v1/squads/{town.squad}/posts")).json()
    assert [len(one["photos"]) for one in posts[:2]] == [1, 1]


async def test_an_outsiders_form_is_refused_before_its_files_are_read(
    town: Town, stranger: AsyncClient
) -> None:
    """Nothing of it is looked at, and nothing stays."""
    for path in (f"/squads/{town.squad}/messages", f"/squads/{town.squad}/checkins"):
        form = {"new_id": new_id(), "text": "x", "customer_id": town.customers["hengtai"]}
        assert (await town["sun"].post(path, data=form, files=files(photo()))).status_code == 404
        assert (await stranger.post(path, data=form, files=files(photo()))).status_code == 303
    assert (await stranger.post("/api/v1/photos", files={"file": ("a.jpg", photo())})).status_code == 401
    assert stored(town) == []


async def test_a_lost_small_copy_is_made_again(town: Town) -> None:
    """Whatever became of it; a lost photo is nothing, and no failure."""
    id = new_id()
    await bring(town, "zhang", photo(1000, 500), id)
    await checked_in(town, "zhang", id)
    folder = anyio.Path(town.app.state.store.folder)
    async for one in folder.glob("*.small"):
        await one.unlink()
    for _ in range(2):
        assert picture(await town["li"].get(f"/photos/{id}?size=small")).size == (640, 320)
    assert len(stored(town)) == 2
    async for one in folder.iterdir():
        await one.unlink()
    for size in ("", "?size=small"):
        assert (await town["li"].get(f"/photos/{id}{size}")).status_code == 404


async def test_what_nobody_names_is_swept_after_a_day(town: Town) -> None:
    """Rows and files; what a post shows stays, also where somebody else sent the same picture."""
    db, store = town.app.state.db, town.app.state.store
    shown, unnamed, fresh, same = (new_id() for _ in range(4))
    for id, content in ((shown, photo()), (unnamed, photo(90, 60)), (fresh, photo(60, 90)), (same, photo())):
        await bring(town, "zhang", content, id)
    await checked_in(town, "zhang", shown)
    await store.put("0" * 64, Path(__file__))  # a crash left it
    long_ago = now() - timedelta(days=2)
    old = update(file).where(file.c.client_id != fresh).values(made_at=long_ago)
    await db.write(lambda c: c.execute(old) and None)
    assert len(stored(town)) == 7
    await sweep(db, store)
    assert len(stored(town)) == 7  # young: they may be on their way into a row
    async for one in anyio.Path(store.folder).iterdir():
        os.utime(one, (long_ago.timestamp(), long_ago.timestamp()))
    await sweep(db, store)
    assert len(stored(town)) == 4
    assert (await town["li"].get(f"/photos/{shown}")).status_code == 200
    for id, status in ((unnamed, 201), (same, 201), (fresh, 200)):
        assert (await bring(town, "zhang", photo(90, 60), id)).status_code == status
