"""Help arrives mid-visit, in Chinese: asked, seen, taken and answered, in everybody's own words."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person, axe
from tests.browser.test_story_support import at_door, call, live
from tests.browser.towns import Town

pytestmark = pytest.mark.usefixtures("mapless")


@pytest.fixture
def north(town: Town) -> str:
    """North Bank's id."""
    return str(town.members["chen-mo"]["squads"][0])


def test_help_arrives_in_chinese(town: Town, person: Callable[..., Person], north: str) -> None:
    """Called, seen, taken and answered with a price, read to the last word in Chinese."""
    visit = at_door(town, north)
    page = live(person(town, "chen-mo", phone=True, locale="zh"), f"/visits/{visit}")
    desk = live(person(town, "wang-fang", locale="zh"), "/desk")
    call(page, "要30台，对方拿7100压价")
    expect(page.locator(".support .call")).to_contain_text(re.compile("还没有人接手|已上报|已转到"))
    row = desk.locator("#queue .call-row").first
    expect(row).to_contain_text("价格")
    row.click()
    expect(desk.locator(".ask")).to_have_text("要30台，对方拿7100压价")
    expect(page.locator(".support .steps-line li.on", has_text="已看")).to_be_visible()
    desk.locator("[data-key=claim]").click()
    expect(page.locator(".support .call")).to_contain_text("Wang Fang已接手")
    desk.locator("#answer").fill("先让对方书面确认30台")
    desk.locator("#amount").fill("6480")
    desk.locator("[data-key=answer]").click()
    expect(page.locator(".grant")).to_contain_text("你可以降到")
    expect(page.locator(".grant .amount")).to_have_text("¥6,480")
    expect(desk.locator(".fate")).to_contain_text("已打开", timeout=30_000)
    for shown in (page, desk):
        assert axe(shown) == []
    page.locator("label.choice", has=page.locator("input[value=advanced]")).click()
    page.locator("#next").fill("试用一台")
    page.locator("button[form=f-outcome]").click()
    expect(page).to_have_url(re.compile(f"/squads/{north}"))
