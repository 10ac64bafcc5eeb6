"""The drive in a browser: files go up whole, whatever happens to the line or the page."""

import hashlib
import random
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, expect

from tests.bed.wire import Wire
from tests.browser.people import Person, axe
from tests.browser.towns import Town

PIECES = 20_000_000
"""Bytes of a file that goes up in three pieces."""


@pytest.fixture
def shelf(fair: Town, north: str) -> str:
    """The address of an empty folder of North Bank's."""
    path = f"/squads/{north}/drive/folders"
    made = fair.call("wang-fang", "POST", path, id=str(uuid4()), name=f"Films {uuid4()}")
    return f"/drive/folders/{made['id']}"


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A file of three pieces."""
    path = tmp_path / "Fitting film.mov"
    path.write_bytes(random.Random(7).randbytes(PIECES))
    return path


def choose(page: Page, *files: Path) -> None:
    """By the button, as at a desk."""
    with page.expect_file_chooser() as opened:
        page.locator("a[data-pick]:visible").click()
    opened.value.set_files(files)


def same(person: Person, page: Page, film: Path) -> None:
    """What the row leads to is what was chosen, to the byte."""
    page.locator("#tray [data-open]").click()
    kept = person.context.request.get(f"{page.url}/versions/1/file")
    assert hashlib.sha256(kept.body()).digest() == hashlib.sha256(film.read_bytes()).digest()


def test_a_cut_is_no_end(
    fair: Town, person: Callable[..., Person], shelf: str, film: Path, tmp_path: Path
) -> None:
    """The line breaks in the middle of a piece and comes back; a second file is there all the same."""
    note = tmp_path / "Note.txt"
    note.write_text("420 ppm")
    with Wire(fair.server.port) as wire:
        somebody = person(fair, "wang-fang", url=wire.url)
        page = somebody.go(shelf)
        cuts: list[str] = []

        def cut(route: Route) -> None:
            if far(route) and not cuts:
                cuts.append(route.request.headers["upload-offset"])
                wire.cut()
            route.continue_()

        page.route("**/drive/uploads/*", cut)
        with page.expect_event("requestfailed"):
            choose(page, film)
        wire.mend()
        expect(page.locator("#tray .up")).to_have_attribute("data-state", "done", timeout=30_000)
        choose(page, note)
        expect(page.locator("#tray [data-said]")).to_have_text("2 of 2 uploaded")
        expect(page.locator("#shelf .tile")).to_have_count(2)
        assert axe(page) == []
        page.locator("#tray .up", has_text="Note").locator("[data-do=end]").click()
        same(somebody, page, film)


def test_a_closed_page_is_no_end(fair: Town, person: Callable[..., Person], shelf: str, film: Path) -> None:
    """The page says how far it came; the file chosen again goes on from there."""
    somebody = person(fair, "wang-fang")
    page = somebody.go(shelf)
    page.route("**/drive/uploads/*", lambda route: route.abort() if far(route) else route.continue_())
    with page.expect_event("requestfailed"):
        choose(page, film)
    page.close()

    page = somebody.context.new_page()
    page.goto(f"{somebody.home}{shelf}")
    row = page.locator("#tray .up")
    expect(row).to_have_attribute("data-state", "kept")
    expect(row).to_contain_text("Fitting film.mov")
    with page.expect_request(lambda one: one.method == "PATCH") as went:
        choose(page, film)
    assert went.value.headers["upload-offset"] == "8388608"
    expect(row).to_have_attribute("data-state", "done")
    same(somebody, page, film)


def far(route: Route) -> bool:
    """Whether a request brings another piece than the first."""
    return route.request.headers.get("upload-offset", "0") != "0"


def test_what_is_refused_says_why(
    make_town: Callable[..., Town], person: Callable[..., Person], tmp_path: Path
) -> None:
    """Too large at once, no room at all as the server says; and what is taken off is gone."""
    town = make_town(drive_max=1000, drive_quota=1500)
    squad = str(town.members["li-na"]["squads"][0])
    path = f"/squads/{squad}/drive/folders"
    made = town.call("wang-fang", "POST", path, id=str(uuid4()), name="Films")
    page = person(town, "wang-fang").go(f"/drive/folders/{made['id']}")
    files = [tmp_path / f"{name}.txt" for name in ("large", "first", "second")]
    for path, size in zip(files, (1001, 900, 900), strict=True):
        path.write_bytes(path.stem[:1].encode() * size)
    choose(page, files[0])
    expect(page.locator("[data-state=large]")).to_contain_text("Too large: at most 1 KB")
    choose(page, files[1])
    expect(page.locator("[data-state=done]")).to_have_count(1)
    choose(page, files[2])
    refused = page.locator("[data-state=failed]")
    expect(refused.locator("[data-why]")).to_contain_text("There is no room for this")
    refused.locator("[data-do=end]").click()
    expect(page.locator("#tray .up")).to_have_count(2)
    expect(page.locator("#tray [data-said]")).to_have_text("1 of 2 uploaded")
