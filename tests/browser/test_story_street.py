"""In the street: a basement, a browser that is closed, two tabs, a shared phone; everything arrives once."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.bed.wire import Wire
from tests.browser.conftest import Town
from tests.browser.people import Person

DOOR = (31.2180, 121.4363)
NOTES = ("First cellar", "Second cellar", "Third cellar")


@pytest.fixture
def north(town: Town) -> str:
    """North Bank's id."""
    return str(town.members["li-na"]["squads"][0])


def live(person: Person, squad: str) -> Page:
    """The squad's live page, connected."""
    page = person.go(f"/squads/{squad}")
    expect(page.locator("html[data-live=on]")).to_be_attached()
    return page


KEPT = """async (squad) => {
  await navigator.serviceWorker.ready;
  const wanted = [`/squads/${squad}/checkin`, `/squads/${squad}`, `/api/v1/squads/${squad}/map`];
  const all = () => Promise.all(wanted.map((path) => caches.match(path)));
  while (!navigator.serviceWorker.controller || (await all()).includes(undefined)) {
    await new Promise((done) => setTimeout(done, 50));
  }
}"""


def keeping(page: Page, squad: str) -> None:
    """The phone has put away what it needs without signal."""
    page.evaluate(KEPT, squad)


def check_in(page: Page, home: str, squad: str, note: str) -> None:
    """At the door, without signal: the sheet is there, and says what it did."""
    page.goto(f"{home}/squads/{squad}/checkin")
    expect(page.locator("#accuracy")).to_have_text(re.compile("±8"))
    page.locator("#noting summary").click()
    page.locator("textarea[name=note]").fill(note)
    page.locator("#f-checkin button[type=submit]").click()
    expect(page.locator("h1", has_text="Saved on this phone")).to_be_visible()


def noted(town: Town, squad: str) -> list[str]:
    """The notes of the newest check-ins, newest first, as a team-mate gets them."""
    posts = town.call("zhao-lei", "GET", f"/squads/{squad}/posts?limit=20")
    return [one["visit"]["note"] for one in posts if one["visit"] and one["visit"]["note"] in NOTES]


def test_three_check_ins_in_a_basement(
    town: Town, person: Callable[..., Person], north: str, wire: Wire
) -> None:
    """Reloaded without signal, made in two tabs, sent when it is back: exactly three, with their times."""
    rep = person(town, "li-na", phone=True, at=DOOR, url=wire.url, keeps=True)
    page = live(rep, north)
    keeping(page, north)
    team = live(person(town, "wang-fang"), north)
    wire.cut()
    for note in NOTES[:2]:
        check_in(page, wire.url, north, note)
    second = rep.context.new_page()
    check_in(second, wire.url, north, NOTES[2])
    page.goto(f"{wire.url}/squads/{north}")
    expect(page.locator("#feed > article.sending")).to_have_count(3)
    expect(page.locator("#feed > article.sending").first).to_contain_text("Third cellar")
    expect(page.locator("#stale")).to_be_visible()
    expect(team.locator("#feed")).not_to_contain_text("cellar")
    made = page.locator("#feed > article.sending time").first.get_attribute("datetime")
    wire.mend()
    expect(team.locator("#feed > article", has_text="cellar")).to_have_count(3, timeout=60_000)
    expect(page.locator("#unsent")).to_be_hidden(timeout=30_000)
    expect(page.locator("#feed > article.sending")).to_have_count(0, timeout=30_000)
    assert noted(town, north) == list(reversed(NOTES))
    newest = town.call("zhao-lei", "GET", f"/squads/{north}/posts?limit=1")[0]
    assert made is not None
    assert newest["visit"]["captured_at"][:19] == made[:19]


def test_another_member_on_the_same_phone(
    town: Town, person: Callable[..., Person], north: str, wire: Wire
) -> None:
    """Signing out without signal warns of what waits and leaves no page; the next one sees nothing."""
    rep = person(town, "li-na", phone=True, at=DOOR, url=wire.url, keeps=True)
    page = live(rep, north)
    keeping(page, north)
    leaving = rep.context.new_page()
    leaving.goto(f"{wire.url}/me")
    wire.cut()
    check_in(page, wire.url, north, NOTES[0])
    form = leaving.locator("form[action='/signout']")
    form.locator("button").click()
    expect(form.locator("[data-unsent]")).to_contain_text("1 waiting")
    form.locator("button").click()
    expect(leaving.locator("h1", has_text="No signal")).to_be_visible()
    names = "caches.keys().then((names) => names.filter((name) => name.startsWith('pages ')))"
    assert leaving.evaluate(names) == []
    page.goto(f"{wire.url}/squads/{north}")
    expect(page.locator("h1", has_text="No signal")).to_be_visible()
    wire.mend()
    page.goto(f"{wire.url}/squads/{north}")
    rep.handle = "zhao-lei"
    rep.sign_in()
    live(rep, north)
    expect(page.locator("#unsent")).to_be_hidden()
    town.say("wang-fang", north, "Anything new?")
    expect(page.locator("#feed")).to_contain_text("Anything new?")
    assert noted(town, north) == []
    page.goto(f"{wire.url}/me")
    with page.expect_navigation(url=lambda url: "/signin" in url):
        page.locator("form[action='/signout'] button").click()
    rep.handle = "li-na"
    rep.sign_in()
    live(rep, north)
    expect(page.locator("#feed > article", has_text=NOTES[0])).to_have_count(1, timeout=30_000)
    assert noted(town, north) == [NOTES[0]]
