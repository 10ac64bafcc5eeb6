"""What is written in a document, for whoever was sent a link to it and has no program for such files."""

import re
from typing import Any

import pytest
from httpx2 import AsyncClient

from tests.server.conftest import Town
from tests.server.drive import bring, folder
from tests.server.papers import docx, pptx, xlsx
from tests.server.test_drive_words import alone, read
from tests.server.test_links import address, look, share

__all__ = ["alone"]
pytestmark = pytest.mark.anyio
PAGES = ["Ward water is <b>硬水</b>", "420 ppm, and the boiler"]
FILES: list[tuple[str, Any]] = [
    ("a.docx", docx(PAGES)),
    ("a.pptx", pptx(PAGES)),
    ("a.xlsx", xlsx({"Ward": [["Ward water is <b>硬水</b>"]], "Boiler": [["420 ppm, and the boiler", 3]]})),
]


@pytest.mark.parametrize(("name", "content"), FILES)
async def test_a_customer_reads_it_in_the_browser(
    town: Town, stranger: AsyncClient, name: str, content: bytes
) -> None:
    """As it is written, safe and light; what they looked at counts by page; over is over."""
    document = await bring(town, "li", await folder(town), name, content)
    link = await share(town, "li", document["id"])
    path = await address(town, "li", link)
    assert "硬水" not in (await stranger.get(path)).text, "nobody has read it yet"
    await read(town)
    page = (await stranger.get(path)).text
    assert "Ward water is &lt;b&gt;硬水&lt;/b&gt;" in page
    assert "420 ppm, and the boiler" in page
    assert page.count("data-page=") == 2
    own = await town["li"].get(f"/drive/documents/{document['id']}")
    assert (own.status_code, own.text.count("data-page="), "data-seen" in own.text) == (200, 2, False)
    parts = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page))
    weight = len(page.encode()) + sum([len((await stranger.get(part)).content) for part in parts])
    assert weight <= 200_000, weight
    assert "硬水" not in (await stranger.get(f"{path}?page=400")).text
    assert "硬水" in (await stranger.get(f"{path}?page=nowhere")).text
    await look(stranger, path, "1:2,2:9")
    sheet = (await town["li"].get(f"/drive/links/{link}")).text
    assert "all 2 pages, longest on page 2" in sheet
    await look(stranger, path, "3:2")
    assert "Opened 1 time" in (await town["li"].get(f"/drive/links/{link}")).text
    await town["li"].post(f"/drive/links/{link}/end")
    assert "硬水" not in (await stranger.get(path)).text


async def test_a_newer_version_is_read_before_its_words_are_shown(town: Town, stranger: AsyncClient) -> None:
    """What was written before is nobody's to read any more."""
    cases = await folder(town)
    document = await bring(town, "li", cases, "a.docx", docx(["Old price 420"]))
    await read(town)
    path = await address(town, "li", await share(town, "li", document["id"]))
    assert "Old price 420" in (await stranger.get(path)).text
    await bring(town, "li", cases, "a.docx", docx(["New price 380"]))
    assert "Old price" not in (await stranger.get(path)).text
    await read(town)
    assert "New price 380" in (await stranger.get(path)).text
