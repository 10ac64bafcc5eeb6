"""Static files: one style sheet, small on the wire, kept for good, and nothing but what is there."""

import gzip
import re

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from web import assets

OUTSIDE = "x/%2e%2e/%2e%2e/%2e%2e/%2e%2e/tests/browser/axe.min.js"
"""A script that is there, four folders up from where it is asked for."""
pytestmark = pytest.mark.anyio


@pytest.fixture
def browser(app: FastAPI) -> AsyncClient:
    """Somebody who is nobody yet."""
    return AsyncClient(transport=ASGITransport(app), base_url="http://testserver")


def bare(text: str) -> str:
    """Without comments and spaces."""
    return re.sub(r"/\*.*?\*/|\s", "", text, flags=re.DOTALL)


def words(pattern: str, text: str) -> set[str]:
    """What the text is about, whatever it was written like."""
    return set(re.findall(pattern, text))


async def test_a_page_waits_for_one_sheet(browser: AsyncClient) -> None:
    """All sheets in one answer, packed, never asked for again until they change."""
    page = await browser.get("/setup")
    address = assets.static("app.css")
    assert page.text.count('rel="stylesheet"') == 1
    assert address in page.text
    sheet = await browser.get(address)
    assert sheet.headers["content-encoding"] == "gzip"
    assert sheet.headers["content-type"].startswith("text/css")
    assert "immutable" in sheet.headers["cache-control"]
    whole = (await browser.get(address, headers={"accept-encoding": "identity"})).text
    for name in assets.SHEETS:
        assert (assets.STATIC / "css" / f"{name}.css").read_text() in whole
    assert len(sheet.text) < len(whole)
    assert words(r"--[\w-]+", sheet.text) == words(r"--[\w-]+", bare(whole))
    assert set(assets.SHEETS) <= {path.stem for path in (assets.STATIC / "css").iterdir()}


def test_a_page_asks_for_all_its_script_at_once() -> None:
    """What boot.js imports, and what that imports, is what pages preload."""
    preload = (assets.STATIC.parent / "templates" / "parts" / "boot.html").read_text()
    imported: set[str] = set()
    asked = ["boot"]
    while asked:
        script = (assets.STATIC / "js" / f"{asked.pop()}.js").read_text()
        new = set(re.findall(r"^import .*?'./(\w+)\.js';", script, re.MULTILINE)) - imported
        imported |= new
        asked += new
    assert sorted(imported) == re.findall(r"'(\w+)'[,\]]", preload)


async def test_who_cannot_unpack_is_served_all_the_same(browser: AsyncClient) -> None:
    """Plain files for plain clients, and for pages of yesterday, which may not keep them."""
    plain = {"accept-encoding": "identity"}
    script = await browser.get(assets.static("js/boot.js"), headers=plain)
    assert script.content == (assets.STATIC / "js" / "boot.js").read_bytes()
    assert (await browser.get(assets.static("app.css"), headers=plain)).content == assets.sheet()
    old = await browser.get("/static/0123456789ab/js/boot.js", headers=plain)
    assert old.content == script.content
    assert old.headers["cache-control"] == "no-cache"
    packed = await browser.get(assets.static("js/boot.js"))
    assert len(packed.text) < len(script.text)
    assert words(r"\./\w+\.js", packed.text) == words(r"\./\w+\.js", script.text)


async def test_pages_are_packed_too(browser: AsyncClient) -> None:
    """HTML goes out as gzip where it is worth it."""
    async with browser.stream("GET", "/setup") as page:
        raw = b"".join([part async for part in page.aiter_raw()])
    assert page.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw).startswith(b"<!doctype html>")


@pytest.mark.parametrize(
    "path",
    [
        *("", "x", "x/", "x/missing.css", "x/../server/app.py", "x/%2e%2e/render.py", "x//etc/passwd"),
        *(OUTSIDE, "x/%00", "x/" + "a" * 5000),
    ],
)
async def test_nothing_else_is_to_be_had(browser: AsyncClient, path: str) -> None:
    """No folder, no file beside, with and without packing."""
    for encoding in ("gzip", "identity"):
        answer = await browser.get(f"/static/{path}", headers={"accept-encoding": encoding})
        assert answer.status_code == 404
