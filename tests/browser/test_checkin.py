"""At the door: one decision, already made, whatever the phone says about where it is."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import Person
from tests.browser.towns import Town

DOOR = (31.2180, 121.4363)
"""A few steps from Hengtai Hardware."""


@pytest.fixture
def north(fair: Town) -> str:
    """North Bank's id."""
    return str(fair.members["li-na"]["squads"][0])


def newest(town: Town, squad: str) -> dict[str, object]:
    """The post that stands first for everybody."""
    first: dict[str, object] = town.call("zhao-lei", "GET", f"/squads/{squad}/posts?limit=1")[0]
    return first


def choose(page: Page) -> None:
    """The customer next door, whatever else stands there by now, from the list for where the phone is."""
    expect(page.locator("#accuracy")).to_contain_text("±")
    next_door = page.locator(".pick", has_text="Hengtai Hardware")
    expect(next_door).to_contain_text(re.compile(r"\b\d+ m\b"))
    next_door.click()


def press(page: Page) -> None:
    """The one big button, and the visit that follows."""
    page.locator("#f-checkin button[type=submit]").click()
    expect(page.locator("#visit")).to_be_visible()


def test_two_taps_are_enough(fair: Town, person: Callable[..., Person], north: str) -> None:
    """The nearest customer is picked already; the label says how near."""
    rep = person(fair, "sun-yue", phone=True, at=DOOR)
    page = rep.go(f"/squads/{north}")
    page.locator(".tabs .stamp, nav a[href$='/checkin']").last.click()
    expect(page.locator(".pick", has_text="Hengtai Hardware").locator("input")).to_be_checked()
    expect(page.locator("#accuracy")).to_have_text(re.compile("±8"))
    press(page)
    expect(page.locator("#visit")).to_contain_text(re.compile(r"\d+ m away"))


def test_a_phone_that_tells_nothing(fair: Town, person: Callable[..., Person], north: str) -> None:
    """Location denied: the pin is placed by hand, the check-in goes out, and the label says so."""
    rep = person(fair, "sun-yue", phone=True)
    page = rep.go(f"/squads/{north}/checkin")
    expect(page.locator("#denied")).to_be_visible()
    expect(page.locator("#f-checkin button[type=submit]")).to_have_text("Check in at the pin")
    press(page)
    expect(page.locator("#visit")).to_contain_text("placed by hand")


def test_far_away_is_labelled_and_never_refused(
    fair: Town, person: Callable[..., Person], north: str
) -> None:
    """Three kilometres off: asked why, once; the squad sees the distance and the reason."""
    rep = person(fair, "sun-yue", phone=True, at=(31.19, 121.46))
    page = rep.go(f"/squads/{north}/checkin")
    expect(page.locator("#accuracy")).to_contain_text("±")
    page.locator("#find summary").click()
    page.locator("input[name=q]").fill("Jinhe Hospital")
    page.locator(".pick", has_text="Jinhe Hospital").click()
    expect(page.locator("#far")).to_contain_text(re.compile(r"You look [\d.]+ km away"))
    page.locator(".chip", has_text="We meet elsewhere").click()
    expect(page.locator("#f-checkin button[type=submit]")).to_have_text("Check in from here")
    press(page)
    expect(page.locator("#visit")).to_contain_text("we meet elsewhere")


def test_a_new_customer_on_the_spot(fair: Town, person: Callable[..., Person], north: str) -> None:
    """The name on the door is enough; it stands where the phone stands."""
    rep = person(fair, "sun-yue", phone=True, locale="zh", at=DOOR)
    page = rep.go(f"/squads/{north}/checkin")
    expect(page.locator("#accuracy")).to_contain_text("±")
    page.locator("#new summary").click()
    page.locator("input[name=customer]").fill("老王五金")
    press(page)
    expect(page.locator("#visit h1")).to_have_text("老王五金")
    names = [one["name"] for one in fair.call("li-na", "GET", f"/squads/{north}/customers?q=老王")]
    assert names == ["老王五金"]


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    fair: Town, person: Callable[..., Person], north: str
) -> None:
    """A note that is too long for the server comes back with the reason, and all of it."""
    rep = person(fair, "sun-yue", phone=True, at=DOOR)
    page = rep.go(f"/squads/{north}/checkin")
    expect(page.locator("#accuracy")).to_contain_text("±")
    page.locator("#noting summary").click()
    page.evaluate("document.querySelector('textarea[name=note]').maxLength = 100000")
    page.locator("textarea[name=note]").fill("much " * 2000)
    page.locator("#f-checkin button[type=submit]").click()
    expect(page.locator("#f-checkin [data-wrong]")).to_contain_text("at most 8000")
    assert page.locator("textarea[name=note]").input_value() == "much " * 2000


def test_taken_back_within_ten_seconds(fair: Town, person: Callable[..., Person], north: str) -> None:
    """Undone: gone for the one who did it and for everybody."""
    rep = person(fair, "sun-yue", phone=True, at=DOOR)
    page = rep.go(f"/squads/{north}/checkin")
    choose(page)
    before = newest(fair, north)
    press(page)
    assert newest(fair, north) != before
    page.locator("#undo button").click()
    expect(page.locator("#feed")).to_be_visible()
    assert newest(fair, north) == before


def test_the_pin_put_right_by_hand(fair: Town, person: Callable[..., Person], north: str) -> None:
    """On the visit's map, with the keyboard alone; the squad sees that it was placed by hand."""
    rep = person(fair, "sun-yue", at=DOOR)
    page = rep.go(f"/squads/{north}/checkin")
    choose(page)
    press(page)
    expect(page.locator("#map[data-ready]")).to_be_attached(timeout=30_000)
    before = page.locator("#visit .meta .num").first.inner_text()
    page.locator("[data-pin=move]").press("Enter")
    expect(page.locator("canvas.maplibregl-canvas")).to_be_focused()
    lat = page.locator("#f-pin input[name=lat]").input_value()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#f-pin input[name=lat]")).not_to_have_value(lat)
    page.locator("#f-pin button[type=submit]").click()
    expect(page.locator("#visit .meta")).to_contain_text("placed by hand")
    assert page.locator("#visit .meta .num").first.inner_text() != before


def test_everything_works_as_a_plain_form(fair: Town, person: Callable[..., Person], north: str) -> None:
    """Without any script: check in, say how it went, reply, react."""
    # Nothing slides: without script no browser tells Playwright when what moves has come to rest.
    rep = person(fair, "sun-yue", phone=True, java_script_enabled=False, reduced_motion="reduce")
    page = rep.go(f"/squads/{north}/checkin")
    page.locator(".pick").first.click()
    press(page)
    page.locator("label.choice", has=page.locator("input[value=won]")).click()
    page.locator("#amount").fill("1299.50")
    page.locator("#why").fill("They liked the sample")
    page.locator("button[form=f-outcome]").click()
    card = page.locator("#feed > article").first
    expect(card).to_have_class(re.compile("win"))
    expect(card).to_contain_text("¥1,299.50")
    card.locator("button.react.cheer").click()
    expect(page.locator("#feed > article").first.locator("button.react.cheer")).to_contain_text("1")
    page.locator("#feed > article").first.locator("a.more-link").click()
    page.locator("#rep").fill("Thank you all")
    page.locator("#f-reply button[type=submit]").click()
    expect(page.locator("#thread .reply")).to_contain_text("Thank you all")
