"""Training as people go through it: a track is put together at a desk, learnt on a phone, planned alone."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person, axe
from tests.browser.test_drive_words import brought
from tests.browser.towns import Town


@pytest.fixture
def shelf(fair: Town, north: str) -> str:
    """An empty folder of North Bank's; its id."""
    made = fair.call(
        "wang-fang", "POST", f"/squads/{north}/drive/folders", id=str(uuid4()), name=f"Cases {uuid4()}"
    )
    return str(made["id"])


def test_a_track_is_put_together_and_planned(
    fair: Town, person: Callable[..., Person], shelf: str, north: str
) -> None:
    """A document is found while one types, and what was typed for the step stays; then a phone plans it."""
    lead, word = person(fair, "wang-fang"), uuid4().hex[:8]
    document = brought(lead, shelf, f"Clinic {word}.txt", b"Two years without scale")
    made: Any = fair.call(
        "wang-fang",
        "POST",
        f"/squads/{north}/training",
        id=str(uuid4()),
        name=f"Filters {word}",
        audience="desk",
    )
    page = lead.go(f"/training/{made['id']}/edit")
    page.locator("#f-text").fill("Mind the figures")
    page.locator("#f-q").press_sequentially(f"clinic {word}")
    choice = page.locator("#choices label", has_text=word)
    expect(page.locator("#choices label")).to_have_count(2)
    choice.locator("input").check()
    assert axe(page) == []
    page.get_by_role("button", name="Add the step").click()
    expect(page.locator(".versions li")).to_contain_text("Mind the figures")
    assert axe(page) == []

    rep = person(fair, "li-na", phone=True)
    page = rep.go(f"/drive/documents/{document}")
    page.get_by_role("button", name="Into my plan").click()
    item = page.locator(f"#i-{document}")
    expect(item).to_contain_text(f"Clinic {word}")
    assert axe(page) == []
    item.locator("summary").click()
    item.locator("input[type=date]").fill("2036-05-04")
    item.get_by_role("button", name="Set the day").click()
    expect(item).to_contain_text("until 4 May")
    item.get_by_role("button", name="Done:").click()
    expect(item).to_contain_text("Not done after all")
    page = rep.go(f"/training/{made['id']}")
    page.get_by_role("button", name="Into my plan").click()
    expect(page.locator(f"#i-{made['id']}")).to_contain_text("0 of 1 done")
    expect(page).to_have_url(re.compile(r"/me/plan#i-"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    lead.page.goto(f"{lead.home}/me/plan")
    expect(lead.page.locator("#plan")).not_to_contain_text(word)


def test_a_text_is_written_on_a_phone(fair: Town, person: Callable[..., Person], shelf: str) -> None:
    """Its words are there as soon as it is read, and the version before is kept."""
    rep = person(fair, "li-na", locale="zh", phone=True)
    document = brought(rep, shelf, f"价格 {uuid4().hex[:6]}.md", "**卖多少钱？**".encode())
    page = rep.go(f"/drive/documents/{document}")
    page.get_by_role("link", name="编写").click()
    expect(page.locator("#f-text")).to_have_value("**卖多少钱？**")
    page.locator("#f-text").fill("**卖多少钱？**\n\n从 500 到 900")
    assert axe(page) == []
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#past li")).to_have_count(2)
    expect(page.locator("#leaves")).to_contain_text("从 500 到 900")
    expect(page.locator("#leaves strong")).to_have_text("卖多少钱？")
