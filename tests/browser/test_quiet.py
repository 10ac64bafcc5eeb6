"""Quiet while one is with a customer: on the pages of every squad one is in, whatever happens to them."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import Person
from tests.browser.towns import Town

pytestmark = pytest.mark.usefixtures("mapless")


def live(person: Person, squad: str) -> Page:
    """The squad's live page, connected."""
    page = person.go(f"/squads/{squad}")
    expect(page.locator("html[data-live=on]")).to_be_attached()
    return page


@pytest.fixture
def both(town: Town) -> tuple[str, str]:
    """The two squads Wang Fang is in: her own, and one she is a guest of."""
    north, south = (str(town.members[who]["squads"][0]) for who in ("li-na", "zhou-qiang"))
    assert {north, south} <= set(town.members["wang-fang"]["squads"])
    for who in ("wang-fang", "li-na"):
        town.leave_alone(who)
    return north, south


def test_a_visit_for_one_squad_quiets_the_page_of_the_other(
    town: Town, person: Callable[..., Person], both: tuple[str, str]
) -> None:
    """Begun and ended elsewhere, without a reload: both pages are still, both know when it is over."""
    north, south = both
    here, there = live(person(town, "wang-fang"), north), live(person(town, "wang-fang"), south)
    visit = town.check_in("wang-fang", south)["id"]
    expect(there.locator(f"#p-{visit}")).to_be_attached()
    expect(there.locator("#hushed")).to_be_visible()
    expect(here.locator("#hushed")).to_be_visible()
    said = town.say("zhao-lei", north, "Who is near the bridge?")
    mine = town.say("wang-fang", north, "Later, I am inside")
    expect(here.locator(f"#p-{mine}")).to_be_attached()
    expect(here.locator(f"#p-{said}")).to_have_count(0)
    fresh = live(person(town, "wang-fang", phone=True), north)
    expect(fresh.locator("#inside")).to_have_attribute("href", f"/visits/{visit}")
    town.close("wang-fang", visit, result="advanced", next_step="A trial unit")
    expect(here.locator(f"#p-{said}")).to_be_attached()
    for page in (here, there, fresh):
        expect(page.locator("#hushed")).to_be_hidden()
    expect(fresh.locator("#inside")).to_have_count(0)


def test_a_stream_that_begins_anew_moves_nothing_during_a_visit(
    town: Town, person: Callable[..., Person], both: tuple[str, str]
) -> None:
    """Only one's own call is as it is now; the rest of the fresh page waits for the end of the visit."""
    north, _ = both
    visit = town.check_in("li-na", north)["id"]
    page = live(person(town, "li-na", phone=True), north)
    expect(page.locator("#hushed")).to_be_visible()
    asked = {"id": str(uuid4()), "kind": "technical", "text": "Does it run on 24 V?"}
    town.call("li-na", "POST", f"/visits/{visit}/calls", **asked)
    card = page.locator(f"#p-{asked['id']}")
    expect(card).to_contain_text("Does it run on 24 V?")
    said = town.say("zhao-lei", north, "Who is near the bridge?")
    town.sql("UPDATE stream SET epoch = 'restored' WHERE id = :id", id=north)
    town.call("wang-fang", "PUT", f"/calls/{asked['id']}/claim")
    expect(page.locator("#wire")).to_have_attribute("data-streams", re.compile(f"{north}@restored"))
    expect(card).to_contain_text("Wang Fang is on it")
    expect(page.locator("html[data-live=on]")).to_be_attached()
    after = town.say("zhao-lei", north, "Or the station?")
    mine = town.say("li-na", north, "I am inside")
    expect(page.locator(f"#p-{mine}")).to_be_attached()
    for id in (said, after):
        expect(page.locator(f"#p-{id}")).to_have_count(0)
    town.close("li-na", visit, result="advanced", next_step="A trial unit")
    for id in (said, after):
        expect(page.locator(f"#p-{id}")).to_be_visible()
