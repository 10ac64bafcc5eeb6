"""A call that came too late: it was made without signal, and meanwhile the visit was over."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.bed.wire import Wire
from tests.browser.people import Person, axe
from tests.browser.test_story_support import ASKED, DOOR, at_door, call, live
from tests.browser.towns import Town

pytestmark = pytest.mark.usefixtures("mapless")


@pytest.fixture
def north(town: Town) -> str:
    """North Bank's id."""
    return str(town.members["chen-mo"]["squads"][0])


def refused(page: Page) -> None:
    """It says why, with the words."""
    line = page.locator(".support [data-waits] [role=alert]")
    expect(line).to_contain_text("This visit is over.", timeout=60_000)
    expect(line).to_contain_text(ASKED)


def test_a_call_from_a_visit_that_is_over(
    town: Town, pocket: Callable[..., Person], north: str, wire: Wire
) -> None:
    """It is not lost in silence: its words stay, through a reload too, until one throws them away."""
    visit = at_door(town, north)
    rep = pocket("chen-mo", wire.url, DOOR)
    rep.sign_in()
    page = live(rep, f"/visits/{visit}")
    wire.cut()
    call(page)
    expect(page.locator(".support [data-waits]")).to_contain_text("Saved on this phone", timeout=30_000)
    town.close("chen-mo", visit, result="no_decision")
    wire.mend()
    page.evaluate("dispatchEvent(new Event('online'))")
    refused(page)
    assert axe(page) == []
    page.reload()
    refused(page)
    page.locator(".support [data-drop]").click()
    expect(page.locator(".support [data-waits]")).to_have_count(0)
    page.reload()
    expect(page.locator("html[data-live=on]")).to_be_attached()
    expect(page.locator(".support [data-waits]")).to_have_count(0)
    assert town.call("wang-fang", "GET", "/calls") == []
