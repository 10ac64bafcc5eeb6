"""The desk by its keys: a call is taken without leaving the page, and what is being written stays."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.people import Person, axe
from tests.browser.towns import Town

WORDS = "Get the 30 in writing first, then 6,480 is yours until six o'clock."
MARKED = "window.same = true"
pytestmark = pytest.mark.usefixtures("mapless")


@pytest.fixture
def asked(town: Town) -> str:
    """Chen Mo calls from inside a visit; the call."""
    id, squad = str(uuid4()), str(town.members["chen-mo"]["squads"][0])
    visit = town.check_in("chen-mo", squad)["id"]
    town.call("chen-mo", "POST", f"/visits/{visit}/calls", id=id, kind="technical", text="What about 30?")
    return id


def at_call(one: Person, call: str) -> Page:
    """The call at the desk, connected."""
    page = one.go(f"/calls/{call}")
    expect(page.locator("html[data-live=on]")).to_be_attached()
    page.evaluate(MARKED)
    return page


def stayed(page: Page) -> None:
    """It is the page it was, with every letter, and the cursor behind the last."""
    expect(page.locator("#answer")).to_have_value(WORDS)
    expect(page.locator("#answer")).to_be_focused()
    assert page.evaluate("window.same")


def test_taken_and_written_at_once(town: Town, person: Callable[..., Person], asked: str) -> None:
    """C, A, and on without a pause: all letters arrive, and what one may do now stands around them."""
    page = at_call(person(town, "wang-fang"), asked)
    page.keyboard.press("c")
    page.keyboard.press("a")
    page.keyboard.type(WORDS)
    expect(page.locator("#kit [data-key=release]")).to_have_text("Hand back to the queue")
    expect(page.locator("#kit [data-key=claim]")).to_have_count(0)
    stayed(page)
    assert axe(page) == []
    page.locator("#kit [data-key=answer]").click()
    expect(page.locator(".case .answers, .desk-view").first).to_contain_text(WORDS)
    assert town.call("chen-mo", "GET", f"/calls/{asked}")["state"] == "answered"


def test_a_colleague_takes_it_meanwhile(town: Town, person: Callable[..., Person], asked: str) -> None:
    """What is typed stays under who has it, and nothing is left to take; handed back, there is."""
    page = at_call(person(town, "wang-fang"), asked)
    page.keyboard.press("a")
    page.keyboard.type(WORDS)
    town.call("gu-ming", "PUT", f"/calls/{asked}/claim")
    expect(page.locator("#kit > p").first).to_contain_text("Gu Ming is on it")
    expect(page.locator("#kit [data-key=claim]")).to_have_count(0)
    stayed(page)
    town.call("gu-ming", "DELETE", f"/calls/{asked}/claim")
    expect(page.locator("#kit [data-key=claim]")).to_be_visible()
    expect(page.locator("#kit > p")).to_have_count(0)
    stayed(page)
    page.locator("#kit [data-key=claim]").click()
    expect(page.locator("#kit [data-key=release]")).to_be_visible()
    expect(page.locator("#answer")).to_have_value(WORDS)
    assert page.evaluate("window.same")


def test_who_was_late_reads_who_has_it(town: Town, person: Callable[..., Person], asked: str) -> None:
    """Also when the news of it was faster than the answer; what is typed stays. Taken then, all is well."""
    page = at_call(person(town, "wang-fang", phone=True), asked)
    page.keyboard.press("a")
    page.keyboard.type(WORDS)
    held: list[Route] = []
    page.route("**/claim", lambda route: held.append(route))
    with page.expect_request("**/claim"):
        page.locator("[data-key=claim]").click()
    town.call("gu-ming", "PUT", f"/calls/{asked}/claim")
    expect(page.locator(".case-head")).to_contain_text("Gu Ming is on it")
    expect(page.locator("#kit [data-key=claim]")).to_have_count(0)
    for one in held:
        one.continue_()
    expect(page.get_by_role("alert")).to_contain_text("Gu Ming has it already")
    expect(page.get_by_role("alert")).to_be_in_viewport(ratio=1)
    expect(page.locator("#answer")).to_have_value(WORDS)
    assert page.evaluate("window.same")
    assert axe(page) == []
    page.unroute("**/claim")
    town.call("gu-ming", "DELETE", f"/calls/{asked}/claim")
    page.locator("[data-key=claim]").click()
    expect(page.locator("#kit [data-key=release]")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
