"""Catching up: what is unread, the line between new and seen, on every device of a member."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import Person
from tests.browser.towns import Town

pytestmark = pytest.mark.usefixtures("mapless")


@pytest.fixture
def north(fair: Town) -> str:
    """North Bank's id."""
    return str(fair.members["li-na"]["squads"][0])


def live(person: Person, squad: str) -> Page:
    """The squad's live page, connected."""
    page = person.go(f"/squads/{squad}")
    expect(page.locator("html[data-live=on]")).to_be_attached()
    return page


def test_the_line_between_new_and_seen(fair: Town, person: Callable[..., Person], north: str) -> None:
    """It says what happened since; it stays through frames, through the reading, and on a fresh page."""
    page = live(person(fair, "li-na"), north)
    line = page.locator("#feed > .since")
    expect(line).to_contain_text("Since you were here")
    words = line.text_content()
    above = line.evaluate("line => line.previousElementSibling.id")
    with page.expect_response(lambda answer: answer.url.endswith("/read-mark")):
        pass
    said = fair.say("zhao-lei", north, "While you look")
    expect(page.locator(f"#p-{said}")).to_be_visible()
    expect(line).to_have_text(str(words))
    page.reload()
    expect(line).to_have_text(str(words))
    assert line.evaluate("line => line.previousElementSibling.id") == above


def test_a_mark_moves_on_every_device(fair: Town, person: Callable[..., Person], north: str) -> None:
    """Read on the phone: the count at the desk goes, the title follows. Who scrolled away has not read."""
    south = next(id for id in fair.members["wang-fang"]["squads"] if id != north)
    desk = person(fair, "wang-fang").go(f"/squads/{south}")
    expect(desk.locator("html[data-live=on]")).to_be_attached()
    desk.locator("#switch summary").click()
    count = desk.locator(f"#u-{north}")
    expect(count).to_be_visible()
    expect(desk).to_have_title(re.compile(r"^\(\d+\) "))
    phone = live(person(fair, "wang-fang", phone=True), north)
    expect(count).to_be_hidden(timeout=20_000)
    phone.close()
    expect(desk).not_to_have_title(re.compile(r"^\("), timeout=20_000)
    desk.locator("#feed-list").evaluate("list => { list.scrollTop = 900 }")
    expect(desk.locator("[data-away]")).to_be_attached()
    fair.say("zhou-qiang", south, "还有人在外面吗？")
    expect(desk).to_have_title(re.compile(r"^\(1\) "), timeout=20_000)
    expect(desk.locator("#u-all")).to_have_text(re.compile("^1"))
    desk.locator("#pill").click()
    expect(desk).not_to_have_title(re.compile(r"^\("), timeout=20_000)


def test_a_hidden_tab_reads_nothing(fair: Town, person: Callable[..., Person], north: str) -> None:
    """What comes while nobody looks is counted in the tab's title until somebody does."""
    page = live(person(fair, "chen-mo"), north)
    expect(page).not_to_have_title(re.compile(r"^\("), timeout=20_000)
    hide = "(on) => { Object.defineProperty(document, 'hidden', {configurable: true, get: () => on});"
    hide += " document.dispatchEvent(new Event('visibilitychange')) }"
    page.evaluate(hide, True)
    fair.say("zhao-lei", north, "Nobody there?")
    expect(page).to_have_title(re.compile(r"^\(1\) "), timeout=20_000)
    page.evaluate(hide, False)
    expect(page).not_to_have_title(re.compile(r"^\("), timeout=20_000)


def test_a_muted_squad_has_no_badge(fair: Town, person: Callable[..., Person], north: str) -> None:
    """Muted with two presses; its count stays on the list, quietly."""
    page = person(fair, "wang-fang", phone=True).go("/squads")
    fair.say("zhao-lei", north, "Anybody?")
    page.reload()
    expect(page.locator("#u-all")).not_to_have_attribute("hidden", "")
    expect(page.locator(".nav .dot")).to_be_visible()
    page.locator(f"#menu-{north} summary").click()
    page.get_by_role("button", name="Mute until I change it").click()
    expect(page.locator(f"#u-{north}")).to_have_class(re.compile("quiet"))
    expect(page.locator("main")).to_contain_text("muted")
    expect(page.locator(".nav .dot")).to_be_hidden()


def test_a_win_is_cheered_across_squads(fair: Town, person: Callable[..., Person], north: str) -> None:
    """It comes into the hall by itself, with what its squad shows; a cheer from there reaches the squad."""
    page = person(fair, "lin-xiao", phone=True, locale="zh").go("/hall")
    expect(page.locator("html[data-live=on]")).to_be_attached()
    visit = fair.check_in("zhao-lei", north)["id"]
    fair.close("zhao-lei", visit, result="won", amount="4321", currency="CNY", note="At last")
    card = page.locator(f"#h-{visit}")
    expect(card).to_contain_text("4,321")
    expect(page.locator("#feed > article").first).to_have_id(f"h-{visit}")
    squad = live(person(fair, "li-na"), north)
    cheer = card.locator("button.cheer")
    cheer.click()
    expect(cheer).to_have_attribute("aria-pressed", "true")
    expect(squad.locator(f"#p-{visit} button.cheer")).to_contain_text("1")
    lead = person(fair, "wang-fang").go(f"/squads/{north}/hall")
    lead.get_by_label("Show our wins from now on").uncheck()
    lead.get_by_role("button", name="Save").click()
    expect(card).to_have_count(0)
    expect(page.locator("#feed > article").first).to_be_visible()
    lead.goto(f"{fair.url}/squads/{north}/hall")
    lead.get_by_label("Show our wins from now on").check()
    lead.get_by_role("button", name="Save").click()
    expect(card).to_be_visible()


def test_an_announcement_stays_until_it_is_read(
    fair: Town, person: Callable[..., Person], north: str
) -> None:
    """On top for each until one press; its author sees at once who has read it, and so does everybody."""
    author = live(person(fair, "wang-fang"), north)
    reader, other = live(person(fair, "li-na", phone=True), north), live(person(fair, "zhao-lei"), north)
    sent = {"id": str(uuid4()), "title": "Stop selling the old filter", "text": "From today."}
    fair.call("wang-fang", "POST", f"/squads/{north}/announcements", **sent)
    card = f"#a-{sent['id']}"
    for page in (author, reader, other):
        expect(page.locator(card)).to_be_visible()
        expect(page.locator(card)).to_contain_text("0 of 6 have read it")
    expect(author.locator(f"{card} .read")).to_be_hidden()
    expect(reader.locator(f"{card} .own")).to_be_hidden()
    reader.locator(f"{card} .read").click()
    expect(reader.locator(card)).to_be_hidden()
    for page in (author, other):
        expect(page.locator(card)).to_contain_text("1 of 6 have read it")
    author.locator(f"{card} summary").click()
    expect(author.locator(card)).to_contain_text("Read by: Li Na")
    fair.call("zhao-lei", "PUT", f"/announcements/{sent['id']}/read")
    expect(author.locator(card)).to_contain_text("Zhao Lei")
    expect(author.locator(f"{card} details")).to_have_attribute("open", "")
    expect(other.locator(card)).to_be_hidden()
    reader.reload()
    expect(reader.locator("#feed > article").first).to_be_visible()
    expect(reader.locator(card)).to_have_count(0)
    author.locator(f"{card} .own a").click()
    author.get_by_role("button", name="End it").click()
    expect(author.locator(".over")).to_contain_text("Stop selling the old filter")
    expect(other.locator(card)).to_have_count(0)
