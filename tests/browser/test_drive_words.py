"""What is written in documents, on a phone: found, and opened where it stands."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser import drives
from tests.browser.people import Person, axe
from tests.browser.towns import Town
from tests.server.papers import docx, pdf, xlsx


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
    shown = page.locator("#page-37 img:not(.marks)")
    expect(shown).not_to_have_js_property("naturalWidth", 0)
    expect(shown).to_be_in_viewport()
    assert in_sight(page, "#page-37")
    expect(page.locator("#page-37 .marks")).not_to_have_js_property("naturalWidth", 0)
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


def test_it_is_there_once_it_is_read(fair: Town, person: Callable[..., Person], shelf: str) -> None:
    """The page says that it is being read; then it has the words, without being fetched by hand."""
    somebody = person(fair, "wang-fang")
    name = f"Boilers {uuid4().hex[:6]}"
    document = brought(somebody, shelf, f"{name}.docx", docx(["Ward water is hard", "Scale is gone"]))
    page = somebody.go("/drive")
    drives.read(page, f"{name} scale", 1)
    waits = "UPDATE drive_reading SET state = 'waits', first = 0, last = 0 WHERE document = :document"
    fair.sql(waits, document=UUID(document).hex)
    page = somebody.go(f"/drive/documents/{document}")
    expect(page.locator("html[data-live=on]")).to_be_attached()
    expect(page.locator("#said")).to_contain_text("being read")
    expect(page.get_by_role("button", name="Show the customer")).to_have_count(0)
    page.evaluate("() => { globalThis.same = true }")
    fair.sql(
        "INSERT INTO task (id, key, kind, data, due_at, tries)"
        " VALUES (:id, :key, 'drive-read', :data, :at, 0)",
        id=uuid4().hex,
        key=f"drive-read:{document}",
        data=json.dumps({"document": document}),
        at=datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"),
    )
    expect(page.locator("#page-2")).to_contain_text("Scale is gone", timeout=30_000)
    expect(page.locator("#said")).to_have_count(0)
    expect(page.get_by_role("button", name="Show the customer")).to_be_visible()
    assert page.evaluate("() => globalThis.same")


BOXES = """() => [...document.querySelectorAll('#page-3 img')].map((image) => {
  const { x, y, width, height } = image.getBoundingClientRect();
  return [x, y, width, height].map(Math.round).join(' ');
})"""


def test_pages_beside_the_document(fair: Town, person: Callable[..., Person], shelf: str) -> None:
    """At a desk by keys to any page, the one that is read marked; the words found marked on its picture."""
    somebody = person(fair, "wang-fang")
    name = f"Valves {uuid4().hex[:6]}"
    pages = [f"Sheet {n}" + ("\nthe heron valve" if n == 3 else "") for n in range(1, 7)]
    document = brought(somebody, shelf, f"{name}.pdf", pdf(pages))
    page = somebody.go("/drive")
    drives.read(page, f"{name} heron", 1)
    page = somebody.go(f"/drive/documents/{document}?page=3&q=heron#page-3")
    for width in (1280, 1900, 390):
        page.set_viewport_size({"width": width, "height": 800})
        expect(page.locator("#page-3 .marks")).not_to_have_js_property("naturalWidth", 0)
        picture, marks = page.evaluate(BOXES)
        assert picture == marks, width
    expect(page.locator(".marks")).to_have_count(1)
    expect(page.locator("#turn")).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 800})
    now = page.locator("#turn a[aria-current]")
    expect(now).to_contain_text("heron")
    assert axe(page) == []
    now.focus()
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(now).to_have_attribute("href", "#page-5")
    expect(page.locator("#page-5")).to_be_in_viewport()
    page.locator("#leaves").evaluate("(pages) => pages.firstElementChild.scrollIntoView()")
    expect(now).to_have_attribute("href", "#page-1")
    page = somebody.go(f"/drive/documents/{document}/show?q=heron#show-3")
    expect(page.locator("#show-3 img")).to_have_count(1)
    assert page.locator(".marks, #turn").count() == 0
