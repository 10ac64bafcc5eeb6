"""A check-in reaches every screen: four browsers, two languages, and a server that dies in between."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import Person
from tests.browser.towns import Town

NOTE = "The owner is in, has twenty minutes."


@pytest.fixture
def north(town: Town) -> str:
    """North Bank's id: the one squad Chen Mo is in."""
    return str(town.members["chen-mo"]["squads"][0])


def live(person: Person, squad: str) -> Page:
    """The squad's live page, connected."""
    page = person.go(f"/squads/{squad}")
    expect(page.locator("html[data-live=on]")).to_be_attached()
    return page


def check_in(rep: Person, squad: str, note: str) -> None:
    """At the door: the nearest customer is picked already; a word, and the one big button."""
    page = rep.go(f"/squads/{squad}/checkin")
    expect(page.locator("#accuracy")).to_contain_text("±")
    page.locator("#noting summary").click()
    page.locator("textarea[name=note]").fill(note)
    page.locator("#f-checkin button[type=submit]").click()
    expect(page.locator("#visit")).to_be_visible()


def test_a_check_in_is_seen_cheered_and_answered_through_a_crash(
    town: Town, person: Callable[..., Person], north: str
) -> None:
    """Zhang Wei checks in on a phone; Li Na and Wang Fang see it, in two languages; an outsider does not."""
    rep = person(town, "zhang-wei", phone=True, at=(31.2184, 121.4363))
    mate, lead, outsider = (
        person(town, "li-na"),
        person(town, "wang-fang", locale="zh"),
        person(town, "chen-xi"),
    )
    seen, led = live(mate, north), live(lead, north)
    outside = live(outsider, str(town.members["chen-xi"]["squads"][0]))
    seen.locator("#say").fill("half a thou")
    expect(seen.locator("#map[data-ready]")).to_be_attached(timeout=30_000)
    pins = int(seen.locator("#map").get_attribute("data-count") or 0)

    check_in(rep, north, NOTE)
    card = seen.locator("#feed > article").first
    expect(card).to_contain_text(NOTE)
    expect(seen.locator("#map")).to_have_attribute("data-count", str(pins + 1))
    expect(seen.locator("button.pin", has_text="Zhang Wei")).to_contain_text("Hengtai Hardware")
    expect(led.locator("#feed > article").first).to_contain_text(NOTE)
    expect(outside.locator("#feed")).not_to_contain_text(NOTE)
    expect(seen.locator("#say")).to_have_value("half a thou")

    rep.page.locator("label.choice", has=rep.page.locator("input[value=won]")).click()
    rep.page.locator("#amount").fill("86400")
    rep.page.locator("button[form=f-outcome]").click()
    expect(seen.locator("#feed > article").first).to_have_class(re.compile("win"))
    expect(led.locator("#feed > article").first).to_contain_text("86,400")

    card.locator("button.react.cheer").click()
    expect(led.locator("#feed > article").first.locator("button.react.cheer")).to_contain_text("1")

    town.server.kill()
    expect(seen.locator("html[data-live=off]")).to_be_attached()
    expect(seen.locator("#stale")).to_be_visible()
    town.server.restart()
    expect(seen.locator("html[data-live=on]")).to_be_attached(timeout=30_000)
    expect(seen.locator("#stale")).to_be_hidden()
    expect(led.locator("html[data-live=on]")).to_be_attached(timeout=30_000)

    led.locator("#feed > article").first.locator("a.more-link").click()
    expect(led.locator("#thread.open")).to_be_visible()
    led.locator("#rep").fill("拱手相贺，茶我来请")
    led.locator("#f-reply button[type=submit]").click()
    expect(seen.locator("#feed > article").first).to_contain_text("拱手相贺，茶我来请")
    expect(led.locator("#thread .reply")).to_contain_text("拱手相贺，茶我来请")
    expect(seen.locator("#say")).to_have_value("half a thou")
    expect(outside.locator("#feed")).not_to_contain_text("拱手相贺，茶我来请")


PARTS = """() => [...document.querySelectorAll('#feed > article')].map(card => {
  card = card.cloneNode(true);
  for (const part of [card, ...card.querySelectorAll('*')]) {
    part.classList.remove('is-new', 'here');
    const own = ['title', 'data-htmx-powered', 'data-my-own', 'aria-pressed', 'name'];
    for (const name of own) part.removeAttribute(name);
    const attributes = [...part.attributes].sort((one, other) => one.name.localeCompare(other.name));
    for (const { name } of attributes) part.removeAttribute(name);
    for (const { name, value } of attributes) part.setAttribute(name, value);
  }
  card.querySelectorAll('.burst').forEach(part => part.remove());
  return card.outerHTML.replace(/class=""/g, '').replace(/\\s+/g, ' ');
})"""


def test_a_page_built_from_frames_equals_a_fresh_one(
    town: Town, person: Callable[..., Person], north: str
) -> None:
    """After messages, a check-in and reactions, the page that stayed open looks as if loaded now."""
    rep = person(town, "zhang-wei", phone=True, at=(31.2184, 121.4363))
    page = live(person(town, "li-na"), north)
    check_in(rep, north, NOTE)
    for words in ("One @Li Na", "Two", "Three"):
        talk = live(rep, north)
        talk.locator("#say").fill(words)
        talk.locator("#f-say button[type=submit]").click()
        expect(page.locator("#feed > article").first).to_contain_text(words.split()[0])
    page.locator("#feed > article").first.locator("summary.react").click()
    page.locator("#feed > article").first.locator("details.picker button[aria-label='On fire']").click()
    expect(
        page.locator("#feed > article").first.locator("button.react[aria-label^='On fire, 1']")
    ).to_be_visible()
    built = page.evaluate(PARTS)
    live_page = page.reload()
    assert live_page is not None
    expect(page.locator("html[data-live=on]")).to_be_attached()
    fresh = page.evaluate(PARTS)
    assert [re.sub(r' open=""', "", card) for card in built[: len(fresh)]][:20] == fresh[:20]
