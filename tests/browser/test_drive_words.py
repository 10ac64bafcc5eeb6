"""What is written in documents, on a phone: found, and opened where it stands."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser import drives
from tests.browser.people import Person, axe
from tests.browser.towns import Town
from tests.server.papers import pdf, xlsx


@pytest.fixture
def shelf(fair: Town, north: str) -> str:
    """An empty folder of North Bank's; its id."""
    made = fair.call(
        "wang-fang", "POST", f"/squads/{north}/drive/folders", id=str(uuid4()), name=f"样本 {uuid4()}"
    )
    return str(made["id"])


def brought(person: Person, shelf: str, name: str, content: bytes) -> str:
    """A file comes into the folder; the document’s id."""
    sent: Any = {"name": name, "mimeType": "", "buffer": content}
    path = f"{person.home}/api/v1/drive/folders/{shelf}/documents"
    came = person.context.request.post(path, multipart={"id": str(uuid4()), "kind": "sample", "file": sent})
    assert came.status == 201, came.text()
    return str(came.json()["id"])


def in_sight(page: Page, selector: str) -> bool:
    """Whether its top is in the upper half of the screen."""
    box = page.locator(selector).bounding_box()
    return bool(box and -1 <= box["y"] < 422)


def test_the_page_that_says_it(fair: Town, person: Callable[..., Person], shelf: str) -> None:
    """涂料 stands on page 37 of 120: two taps from the drive, and it is there, also by the squad’s search."""
    somebody = person(fair, "wang-fang", locale="zh", phone=True)
    pages = [f"第{n}页\n产品目录：水泵、阀门与滤芯。" for n in range(1, 121)]
    pages[36] = "第37页\n本页介绍防腐涂料的施工方法。"
    name = f"产品手册 {uuid4().hex[:6]}"
    document = brought(somebody, shelf, f"{name}.pdf", pdf(pages))
    page = somebody.go("/drive")
    drives.read(page, f"{name} 涂料", 1)
    page.locator("main [name=q]:visible").fill("涂料")
    page.keyboard.press("Enter")
    found = page.locator(".places a", has_text=name)
    expect(found).to_contain_text("第 37 页")
    expect(found.locator("mark")).to_have_text("涂料")
    assert axe(page) == []
    found.click()
    expect(page).to_have_url(re.compile(rf"/drive/documents/{document}\?page=37&"))
    shown = page.locator("#page-37 img")
    expect(shown).not_to_have_js_property("naturalWidth", 0)
    expect(shown).to_be_in_viewport()
    assert in_sight(page, "#page-37")
    expect(page.locator("#found")).to_contain_text("第 1 处，共 1 处")
    expect(page.locator("#found mark")).to_have_text("涂料")
    assert axe(page) == []
    page = somebody.go(f"/search?q=涂料+{name.split()[1]}")
    expect(page.locator(".hits a", has_text=name)).to_have_attribute("href", re.compile(r"#page-37$"))


def test_a_sheet_is_read_on_a_phone(fair: Town, person: Callable[..., Person], shelf: str) -> None:
    """As a table, its words as they are."""
    somebody = person(fair, "wang-fang", phone=True)
    name = f"Prices {uuid4().hex[:6]}"
    rows = [["Item", "Price"], *([f"Pump {n}", n * 10] for n in range(40)), ["<b>Valve</b>", 3]]
    document = brought(somebody, shelf, f"{name}.xlsx", xlsx({"May": rows}))
    page = somebody.go("/drive")
    drives.read(page, f"{name} valve", 1)
    page = somebody.go(f"/drive/documents/{document}")
    expect(page.locator("#page-1 tr")).to_have_count(42)
    expect(page.locator("#page-1 td").nth(82)).to_have_text("<b>Valve</b>")
    assert axe(page) == []
