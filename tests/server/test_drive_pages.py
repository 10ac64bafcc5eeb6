"""The pages of documents as pictures, and what happens to what cannot be drawn."""

import os
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from server.administration import retention
from server.drive import queries
from server.photos import sweeping
from server.schema import now
from tests.server.conftest import Town
from tests.server.drive import bring, folder

pytestmark = pytest.mark.anyio
COLOURS = ("white", "teal", "black", "olive", "navy", "maroon", "gray")


def leaflet() -> bytes:
    """A PDF of seven pages, each of its colour."""
    pages = [Image.new("RGB", (90, 120), colour) for colour in COLOURS]
    made = BytesIO()
    pages[0].save(made, "PDF", save_all=True, append_images=pages[1:])
    return made.getvalue()


def colour(picture: bytes) -> tuple[int, ...]:
    """Of a page, in its middle."""
    with Image.open(BytesIO(picture)) as shown:
        assert shown.format == "WEBP"
        found = shown.convert("RGB").getpixel((shown.width // 2, shown.height // 2))
    assert isinstance(found, tuple)
    return tuple(round(one / 64) for one in found)


async def test_each_page_is_itself(town: Town) -> None:
    """In any order, the first and the last, also when what was drawn is gone; beyond the last is nothing."""
    one = await bring(town, "sun", await folder(town), "Leaflet.pdf", leaflet())
    assert one["pages"] == 7
    pages = one["file"].removesuffix("file") + "pages"
    shown = [(await town["li"].get(f"{pages}/{n}")).content for n in (7, 1, 2)]
    assert [colour(page) for page in shown] == [(2, 2, 2), (4, 4, 4), (0, 2, 2)]
    assert (await town["li"].get(f"{pages}/8")).status_code == 404
    for name in await town.app.state.store.older(now()):
        if "." in name:
            await town.app.state.store.remove(name)
    assert (await town["li"].get(f"{pages}/2")).content == shown[2]
    assert f"{pages}/7" in (await town["li"].get(f"/drive/documents/{one['id']}")).text


async def test_who_may_not_see_it_sees_no_page(town: Town) -> None:
    """Neither the document nor what was drawn of it."""
    shut = await folder(town, "Margins", squad=town.squad, rights="keep")
    one = await bring(town, "wang", shut, "Margins.pdf", leaflet())
    page = one["file"].removesuffix("file") + "pages/1"
    assert (await town["wang"].get(page)).status_code == 200
    assert (await town["li"].get(page)).status_code == 404


@pytest.mark.parametrize(
    "content", [leaflet()[:400], b"%PDF-1.7\n" + b"\x00" * 900, b"\xff\xd8\xff\xe0" + b"\x00" * 900]
)
async def test_what_is_broken_hurts_nothing(town: Town, content: bytes) -> None:
    """It is kept, and can be downloaded; there is just nothing to be seen in it."""
    one = await bring(town, "sun", await folder(town), "Broken.pdf", content)
    assert (one["status_code"], one["pages"]) == (201, 0)
    assert (await town["li"].get(one["file"])).content == content
    page = await town["li"].get(f"/drive/documents/{one['id']}")
    assert page.status_code == 200
    assert "/pages/" not in page.text


async def test_what_was_drawn_goes_with_its_document(town: Town) -> None:
    """Not before: what nobody names any more is swept after a day."""
    one = await bring(town, "li", await folder(town), "Leaflet.pdf", leaflet())
    app, long_ago = town.app.state, now() - timedelta(days=100)
    lying = [path for path in app.store.folder.rglob("*") if path.is_file()]
    assert [path.suffix for path in sorted(lying)] == ["", ".p1"]
    for path in lying:
        os.utime(path, (long_ago.timestamp(), long_ago.timestamp()))
    await sweeping.sweep(app.db, app.store)
    assert all(path.exists() for path in lying)
    await town["li"].delete(f"/api/v1/drive/documents/{one['id']}")
    await retention.keep_no_longer(app.db, now() + timedelta(days=app.settings.drive_bin_days + 1))
    await sweeping.sweep(app.db, app.store)
    assert not any(path.exists() for path in lying)


async def test_a_page_asks_once_what_its_reader_may_see(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them, however much of it depends on that."""
    one = await bring(town, "wang", await folder(town), "Leaflet.pdf", leaflet())
    asked, real = [], queries.spaces
    monkeypatch.setattr(queries, "spaces", lambda c, who: asked.append(who.id) or real(c, who))
    at, about = f"/drive/folders/{one['folder']}", f"/drive/documents/{one['id']}"
    for path in ("/drive", at, f"{at}/edit", f"{at}/upload", about, f"{about}/edit", "/drive/bin"):
        asked.clear()
        assert (await town["wang"].get(path)).status_code == 200
        assert len(asked) == 1, path


async def test_pages_and_what_waits_read_well_in_chinese(town: Town) -> None:
    """A page's number stands in its words; the same words wait for pieces of a document and for documents."""
    top = await folder(town)
    one = await bring(town, "sun", top, "Leaflet.pdf", leaflet())
    await town.speak("li", "zh")
    page = (await town["li"].get(f"/drive/documents/{one['id']}")).text
    assert '<span class="sr">第 3 页</span>' in page
    assert "第几页" not in page
    for shown in (page, (await town["li"].get(f"/drive/folders/{top}")).text):
        assert 'data-text="等信号：已有 {n} / {all}，接着从这里继续"' in shown
