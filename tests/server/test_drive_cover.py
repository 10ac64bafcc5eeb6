"""The first page of an Office file, of which the program that wrote it put a picture into it."""

from io import BytesIO

import pytest
from PIL import Image

from server.schema import now
from tests.server.conftest import Town
from tests.server.drive import bring, folder
from tests.server.papers import covered, docx, pptx
from tests.server.test_drive_pages import colour

pytestmark = pytest.mark.anyio


def picture(shape: str = "JPEG", size: tuple[int, int] = (256, 144)) -> bytes:
    """A page, small."""
    made = BytesIO()
    Image.new("P", size, "teal").convert("RGB" if shape == "JPEG" else "P").save(made, shape)
    return made.getvalue()


async def test_the_first_page_is_seen(town: Town) -> None:
    """In the list and on its page, while its words are what is read; also when what was drawn is gone."""
    cases = await folder(town)
    slides = covered(pptx(["Hard water"]), "docProps/thumbnail.jpeg", picture())
    one = await bring(town, "sun", cases, "Before and after.pptx", slides)
    assert (one["pages"], one["cover"]) == (0, True)
    there = one["file"].removesuffix("file") + "pages/1"
    shown = await town["li"].get(there)
    assert colour(shown.content) == (0, 2, 2)
    for path in (f"/drive/folders/{cases}", f"/drive/documents/{one['id']}"):
        assert (await town["li"].get(path)).text.count(f'src="{there}"') == 1, path
    assert (await town["li"].get(there.replace("pages/1", "pages/2"))).status_code == 404
    for name in await town.app.state.store.older(now()):
        if "." in name:
            await town.app.state.store.remove(name)
    assert (await town["li"].get(there)).content == shown.content


async def test_it_belongs_to_its_version(town: Town) -> None:
    """The next one may have none; the earlier one that counts again has its own again."""
    cases = await folder(town)
    paper = covered(docx(["Reference"]), "docProps/thumbnail.png", picture("PNG"))
    one = await bring(town, "li", cases, "Letter.docx", paper)
    api = f"/api/v1/drive/documents/{one['id']}"
    assert one["cover"]
    await bring(town, "li", cases, "Letter.docx", docx(["Another"]))
    assert not (await town["li"].get(api)).json()["cover"]
    assert (await town["li"].put(f"{api}/current", json={"n": 1})).is_success
    assert (await town["li"].get(api)).json()["cover"]


@pytest.mark.parametrize(
    ("name", "cover"),
    [
        ("docProps/thumbnail.jpeg", b"\xff\xd8\xff\xe0" + b"\x00" * 900),
        ("docProps/thumbnail.png", picture("PNG", (20_000, 10_000))),
        ("docProps/thumbnail.png", b"\x89PNG" + b"\x00" * 5_000_000),
        ("docProps/thumbnail.emf", b"\x01\x00\x00\x00" + b"\x00" * 900),
        ("word/docProps/thumbnail.jpeg", picture()),
    ],
)
async def test_what_is_no_picture_is_none(town: Town, name: str, cover: bytes) -> None:
    """The file is kept, read and downloaded like any other."""
    content = covered(docx(["Hard water"]), name, cover)
    one = await bring(town, "li", await folder(town), "Letter.docx", content)
    assert (one["status_code"], one["pages"], one["cover"]) == (201, 0, False)
    assert (await town["li"].get(one["file"])).content == content
    page = await town["li"].get(f"/drive/documents/{one['id']}")
    assert page.status_code == 200
    assert "/pages/" not in page.text
    assert "damaged" not in page.text
