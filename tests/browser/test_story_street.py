"""In the street: a basement, a browser that is closed, two tabs, a shared phone; everything arrives once."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.bed.pair import Pair
from tests.bed.wire import Wire
from tests.browser.people import Person
from tests.browser.towns import Town

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


EMPTY = """async (squad) => {
  while (await caches.match(`/squads/${squad}`)) await new Promise((done) => setTimeout(done, 50));
}"""
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


def check_in(page: Page, home: str, squad: str, note: str, photo: Path | None = None) -> None:
    """At the door, without signal: the sheet is there, and says what it did."""
    page.goto(f"{home}/squads/{squad}/checkin")
    expect(page.locator("#accuracy")).to_have_text(re.compile("±8"))
    if photo:
        page.locator("#f-checkin input[name=photo]").set_input_files(photo)
    page.locator("#noting summary").click()
    page.locator("textarea[name=note]").fill(note)
    page.locator("#f-checkin button[type=submit]").click()
    expect(page.locator("h1", has_text="Saved on this phone")).to_be_visible()


def newest(town: Town, squad: str, count: int = 20) -> list[dict[str, Any]]:
    """The newest posts, as a team-mate gets them."""
    found: list[dict[str, Any]] = town.call("zhao-lei", "GET", f"/squads/{squad}/posts?limit={count}")
    return found


def noted(town: Town, squad: str) -> list[str]:
    """The notes of the newest check-ins, newest first."""
    posts = newest(town, squad)
    return [one["visit"]["note"] for one in posts if one["visit"] and one["visit"]["note"] in NOTES]


def taken(folder: Path) -> Path:
    """A photo of a cellar, as a phone takes it."""
    path = folder / "cellar.jpg"
    Image.effect_noise((1600, 1200), 60).convert("RGB").save(path, quality=80)
    return path


def test_three_check_ins_in_a_basement(
    town: Town,
    person: Callable[..., Person],
    pocket: Callable[..., Person],
    north: str,
    wire: Wire,
    tmp_path: Path,
) -> None:
    """With photos, the phone dead and charged again, in two tabs: then exactly three, with their times."""
    rep = pocket("li-na", wire.url, DOOR)
    rep.sign_in()
    rep.context.close()  # who signed in half a minute ago may not be known to the phone when its battery dies
    rep = pocket("li-na", wire.url, DOOR)
    keeping(live(rep, north), north)
    team = live(person(town, "wang-fang"), north)
    picture = taken(tmp_path)
    wire.cut()
    for note in NOTES[:2]:
        check_in(rep.page, wire.url, north, note, picture)
    rep = pocket("li-na", wire.url, DOOR)
    second = rep.context.new_page()
    check_in(second, wire.url, north, NOTES[2], picture)
    page = rep.go(f"/squads/{north}")
    waiting = page.locator("#feed > article.sending")
    expect(waiting).to_have_count(3)
    expect(waiting.first).to_contain_text("Third cellar")
    expect(waiting.first).to_contain_text("Photo:")
    expect(page.locator("#stale")).to_be_visible()
    expect(team.locator("#feed")).not_to_contain_text("cellar")
    made = [one.get_attribute("datetime") or "" for one in page.locator("article.sending time").all()]
    if isinstance(town.server, Pair):
        town.server.valkey.kill()
    wire.mend()
    for tab in (page, second):
        tab.evaluate("dispatchEvent(new Event('online'))")
    expect(team.locator("#feed > article", has_text="cellar")).to_have_count(3, timeout=60_000)
    expect(team.locator("#feed > article", has_text="cellar").locator("img")).to_have_count(3, timeout=60_000)
    expect(page.locator("#unsent")).to_be_hidden(timeout=60_000)
    expect(page.locator("#feed > article.sending")).to_have_count(0, timeout=30_000)
    assert noted(town, north) == list(reversed(NOTES))
    kept = [one["visit"]["captured_at"] for one in newest(town, north, 3)]
    assert [time[:19] for time in kept] == [time[:19] for time in made]


def test_half_a_reply_survives_events_and_a_cut(
    town: Town, person: Callable[..., Person], north: str, wire: Wire
) -> None:
    """Chinese being composed stays as it is through twenty events and a reconnect, caret and all."""
    first = town.say("wang-fang", north, "Lunch?")
    page = live(person(town, "li-na", locale="zh", url=wire.url), north)
    page.locator(f"#p-{first} a.more-link").click()
    field = page.locator("#thread.open #rep")
    field.click()
    typing = page.context.new_cdp_session(page)
    typing.send("Input.imeSetComposition", {"text": "wu fan", "selectionStart": 6, "selectionEnd": 6})
    for n in range(20):
        town.call("zhao-lei", "POST", f"/posts/{first}/replies", id=str(uuid4()), text=f"Reply {n}")
    expect(page.locator("#thread .reply")).to_have_count(20)
    wire.drop()
    expect(page.locator("html[data-live=on]")).to_be_attached(timeout=30_000)
    last = town.say("zhao-lei", north, "After the cut")
    expect(page.locator(f"#p-{last}")).to_be_attached()
    expect(field).to_be_focused()
    expect(field).to_have_value("wu fan")
    typing.send("Input.insertText", {"text": "午饭我来"})
    expect(field).to_have_value("午饭我来")
    page.locator("#f-reply button[type=submit]").click()
    expect(page.locator("#thread .reply", has_text="午饭我来")).to_have_count(1)


def test_a_removed_members_phone_shows_nothing(
    town: Town, person: Callable[..., Person], north: str, wire: Wire
) -> None:
    """Neither the open page nor what the phone had kept of the squad, also without signal."""
    page = live(person(town, "chen-mo", phone=True, url=wire.url, keeps=True), north)
    keeping(page, north)
    lead = person(town, "wang-fang")
    sure = lead.go(f"/squads/{north}/people/{town.members['chen-mo']['id']}/remove")
    sure.locator("main form button.primary").click()
    expect(page.locator("html[data-live=gone]")).to_be_attached()
    expect(page.locator("main")).not_to_contain_text("Hengtai")
    page.evaluate(EMPTY, north)
    wire.cut()
    page.goto(f"{wire.url}/squads/{north}")
    expect(page.locator("h1", has_text="No signal")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("Hengtai")


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
