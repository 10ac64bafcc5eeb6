"""Show mode on a phone: the customer sees the document alone; without signal too, and it is noted later."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.bed.wire import Wire
from tests.browser.people import Person, axe
from tests.browser.test_drive_phone import Shelf, held, pin
from tests.browser.towns import Town
from tests.server.papers import pdf

DOOR = (31.2180, 121.4363)
TURN = "(list) => list.scrollTo({ left: list.clientWidth, behavior: 'instant' })"

ARRIVED = """async (squad) => {
  const [last] = await (await fetch(`/api/v1/squads/${squad}/posts?limit=1`)).json();
  const file = last?.visit && await (await fetch(`/api/v1/customers/${last.visit.customer}`)).json();
  return Boolean(file?.story.some(({ kind }) => kind === 'shown'));
}"""
"""Whether the last of a squad's posts is a visit to a customer to whom something was shown."""


@pytest.fixture
def shelf(town: Town, person: Callable[..., Person]) -> Shelf:
    """An empty one."""
    return Shelf(town, person)


def told(town: Town, customer: str) -> list[str]:
    """The kinds of what happened at a customer, as a team-mate gets them."""
    found: dict[str, Any] = town.call("wang-fang", "GET", f"/customers/{customer}")
    return [one["kind"] for one in found["story"]]


@pytest.mark.usefixtures("mapless")
def test_shown_in_the_cellar_noted_upstairs(
    town: Town, person: Callable[..., Person], shelf: Shelf, wire: Wire
) -> None:
    """Checked in and shown without signal: both arrive, in their order, and it stands in the visit."""
    made = shelf.bring("Harbour Clinic.pdf", pdf(["Hard water here", "No scale left"]))
    there = f"{wire.url}/drive/documents/{made['id']}"
    li = person(town, "li-na", phone=True, at=DOOR, url=wire.url, keeps=True)
    page = li.go(f"/drive/documents/{made['id']}")
    held(page)
    pin(page)
    page.goto(f"{wire.url}/squads/{shelf.north}/checkin")
    expect(page.locator("#accuracy")).to_have_text(re.compile("±8"))
    wire.cut()
    page.locator("#f-checkin button[type=submit]").click()
    expect(page.locator("h1", has_text="Saved on this phone")).to_be_visible()
    page.goto(there)
    page.locator("form[data-show] button").click()
    expect(page).to_have_url(re.compile("/show$"))
    image = page.locator("#show-1 img")
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate("(image) => image.naturalWidth") > 100
    assert page.locator("nav, header, #wire, .notice").count() == 0
    assert axe(page) == []
    page.locator("#sheets").evaluate(TURN)
    expect(page.locator("#dots i").nth(1)).to_have_class("on")
    page.locator("#leave").click()
    expect(page).to_have_url(there)
    wire.mend()
    page.goto(f"{wire.url}/squads/{shelf.north}")
    page.wait_for_function(ARRIVED, arg=shelf.north, timeout=60_000)
    expect(page.locator("#unsent")).to_be_hidden()
    visit = town.call("zhao-lei", "GET", f"/squads/{shelf.north}/posts?limit=1")[0]["visit"]
    expect(li.go(f"/visits/{visit['id']}").locator("#shown")).to_contain_text("Harbour Clinic")
    assert told(town, visit["customer"]).count("shown") == 1


def test_it_ends_by_a_key_too(fair: Town, person: Callable[..., Person], north: str) -> None:
    """At a desk: pages with the arrows, Escape goes back."""
    path = f"/squads/{north}/drive/folders"
    made = fair.call("wang-fang", "POST", path, id=str(uuid4()), name=f"Cases {uuid4()}")
    wang = person(fair, "wang-fang")
    file: Any = {"name": "Harbour.pdf", "mimeType": "", "buffer": pdf(["One", "Two"])}
    address = f"{wang.home}/api/v1/drive/folders/{made['id']}/documents"
    came = wang.context.request.post(address, multipart={"id": str(uuid4()), "file": file}).json()
    page = wang.go(f"/drive/documents/{came['id']}")
    page.locator("form[data-show] button").click()
    expect(page.locator("#show-1 img")).to_have_js_property("complete", True)
    page.keyboard.press("ArrowRight")
    expect(page.locator("#dots i").nth(1)).to_have_class("on")
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(f"/drive/documents/{came['id']}$"))


@pytest.mark.usefixtures("mapless")
def test_what_is_gone_meanwhile_is_told(
    town: Town, person: Callable[..., Person], shelf: Shelf, wire: Wire
) -> None:
    """Thrown away while it is shown without signal: the member is told; what comes after it goes out."""
    gone, there = (shelf.bring(f"{name}.pdf", pdf([name])) for name in ("Old prices", "New prices"))
    sun = person(town, "sun-yue", phone=True, at=DOOR, url=wire.url, keeps=True)
    visit = town.check_in("sun-yue", shelf.north)
    for one in (gone, there):
        page = sun.go(f"/drive/documents/{one['id']}")
        held(page)
        pin(page)
    wire.cut()
    for one in (gone, there):
        page.goto(f"{wire.url}/drive/documents/{one['id']}")
        page.locator("form[data-show] button").click()
        expect(page).to_have_url(re.compile("/show$"))
    town.call("wang-fang", "DELETE", f"/drive/documents/{gone['id']}")
    wire.mend()
    page.goto(f"{wire.url}/squads/{shelf.north}")
    told = page.locator("#unsent")
    expect(told).to_have_attribute("open", "", timeout=60_000)
    expect(told).to_contain_text("Old prices")
    expect(told).to_contain_text("This document is not there any more")
    expect(told).not_to_contain_text("New prices")
    expect(told.locator("summary")).to_contain_text("1 waiting")
    shown = sun.go(f"/visits/{visit['id']}").locator("#shown")
    expect(shown).to_contain_text("New prices")
    expect(shown).not_to_contain_text("Old prices")
    page.goto(f"{wire.url}/squads/{shelf.north}")
    page.locator("#unsent [data-do=drop]:visible").click()
    expect(page.locator("#unsent")).to_be_hidden()
