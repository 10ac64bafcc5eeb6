"""Words marked on pictures of a PDF: where they stand, however the page lies; and nowhere else."""

import hashlib
import re
from io import BytesIO

import pytest
from PIL import Image, ImageChops

from tests.server.conftest import Town
from tests.server.drive import PDF, bring, folder
from tests.server.papers import pdf
from tests.server.test_drive_pages import leaflet
from tests.server.test_drive_words import SEALED_PDF

pytestmark = pytest.mark.anyio
LYING = {
    "upright": b"",
    "turned": b"/Rotate 90",
    "on its head": b"/Rotate 180",
    "cut": b"/CropBox[20 400 500 842]",
    "cut and turned": b"/Rotate 270/CropBox[20 400 500 842]",
}
RECT = re.compile(r'<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"')


def plain(words: str, about: bytes) -> bytes:
    """A PDF of one page with these words, in Helvetica."""
    content = b"BT /F 24 Tf 60 700 Td (%s) Tj ET" % words.encode()
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]%s/Contents 4 0 R/Resources<</Font<</F"
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
        b"4 0 obj<</Length %d>>stream\n%s\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF\n"
        % (about, len(content), content)
    )


async def marks(town: Town, who: str, file: str, q: str, page: int = 1) -> list[tuple[int, ...]]:
    """Left, top, width and height of each mark."""
    answer = await town[who].get(f"{file.removesuffix('file')}pages/{page}/marks", params={"q": q})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/svg+xml"
    return [tuple(map(int, one)) for one in RECT.findall(answer.text)]


async def ink(town: Town, file: str) -> tuple[Image.Image, tuple[int, int, int, int]]:
    """The picture of the first page, and the box of what is written on it."""
    content = (await town["li"].get(f"{file.removesuffix('file')}pages/1")).content
    with Image.open(BytesIO(content)) as shown:
        picture = shown.convert("L").point(lambda value: 255 if value < 160 else 0)
    box = picture.getbbox()
    assert box is not None
    return picture, box


@pytest.mark.parametrize("lying", LYING)
async def test_a_mark_covers_its_word(town: Town, lying: str) -> None:
    """All of its ink is under the mark, and hardly anything else."""
    one = await bring(town, "li", await folder(town), "Birds.pdf", plain("heron", LYING[lying]))
    ((x, y, w, h),) = await marks(town, "sun", one["file"], "HER")
    ((left, top, wide, high),) = await marks(town, "sun", one["file"], "heron")
    picture, (a, b, c, d) = await ink(town, one["file"])
    assert left - 3 <= a < c <= left + wide + 3
    assert top - 3 <= b < d <= top + high + 3
    assert wide * high < 4 * (c - a) * (d - b)
    assert w * h < wide * high
    assert (x, y) in {(left, top), (x, top + high - h), (left + wide - w, y)}
    under = Image.new("L", picture.size)
    under.paste(255, (left, top, left + wide, top + high))
    assert ImageChops.subtract(picture, under).getbbox() is None


async def test_signs_and_words_on_each_page(town: Town) -> None:
    """In both languages, each where it stands: nothing where another page has it, nor inside a word."""
    pages = ["Ward water is hard water\n本页介绍防腐涂料", "no underwater paint"]
    one = await bring(town, "li", await folder(town), "Paint.pdf", pdf(pages))
    assert len(await marks(town, "li", one["file"], "water")) == 2
    assert len(await marks(town, "li", one["file"], "涂料 hard")) == 2
    assert await marks(town, "li", one["file"], "water", 2) == []
    assert await marks(town, "li", one["file"], "<script>") == []
    kept = await town.app.state.store.open(f"{await digest(town, one['file'])}.s1")
    assert kept is not None


async def digest(town: Town, file: str) -> str:
    """Under which name the store has it."""
    return hashlib.sha256((await town["li"].get(file)).content).hexdigest()


@pytest.mark.parametrize("content", [PDF, leaflet(), SEALED_PDF, pdf(["ibis"])[:90]])
async def test_where_nobody_knows_nothing_is_marked(town: Town, content: bytes) -> None:
    """A page without words, a scan: no marks, and no error; no page at all: none there."""
    one = await bring(town, "li", await folder(town), "Scan.pdf", content)
    if one["pages"]:
        assert await marks(town, "li", one["file"], "ibis") == []
    there = f"{one['file'].removesuffix('file')}pages/{(one['pages'] or 0) + 1}/marks?q=ibis"
    assert (await town["li"].get(there)).status_code == 404


async def test_who_may_not_see_the_page_gets_no_marks(town: Town) -> None:
    """They would tell what is written on it."""
    shut = await folder(town, "Margins", squad=town.squad, rights="keep")
    one = await bring(town, "wang", shut, "Margins.pdf", plain("heron", b""))
    there = f"{one['file'].removesuffix('file')}pages/1/marks?q=heron"
    assert (await town["wang"].get(there)).status_code == 200
    for who in ("li", "sun"):
        assert (await town[who].get(there)).status_code == 404
