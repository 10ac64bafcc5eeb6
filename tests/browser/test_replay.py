"""A sweep played back, on a phone and by the keyboard alone; every moment as the server shows it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.bed.crowded import crowd
from tests.browser.people import Person
from tests.browser.rallying import played
from tests.browser.towns import Town

MOST = 200
"""Nodes that one frame may touch, whatever the day: the feed's window, and a few for each member."""
COUNTED = """() => {
    let touched = 0;
    window.frames = [];
    const weigh = ({ addedNodes, removedNodes }) => Math.max(1, addedNodes.length + removedNodes.length);
    const watch = new MutationObserver((seen) => seen.forEach((one) => { touched += weigh(one); }));
    watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    const frame = () => { window.frames.push(touched); touched = 0; requestAnimationFrame(frame); };
    requestAnimationFrame(frame);
}"""
SETTLED = "() => 'settled' in document.getElementById('replay').dataset"
HALF = "() => Number(document.getElementById('replay').dataset.count) > 2500"
WIDE = "() => document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def over(fair: Town) -> str:
    """The sweep of the day before, which all have met on."""
    known = fair.call("li-na", "GET", f"/squads/{fair.members['li-na']['squads'][0]}/sweeps")
    return next(str(one["id"]) for one in known if one["state"] == "ended")


def told(page: Page) -> list[str]:
    """All that a page says of a moment."""
    parts = [page.locator(f"#{id}").text_content() or "" for id in ("clock", "now", "stands", "happened")]
    return ["".join(part.split()) for part in parts]


def test_every_moment_is_as_the_server_shows_it(fair: Town, over: str, person: Callable[..., Person]) -> None:
    """Played forward, jumped to and stepped back to: the same words as on a page without script."""
    plain = person(fair, "zhao-lei", java_script_enabled=False).page
    page = person(fair, "li-na").go(f"/sweeps/{over}/replay")
    expect(page.locator("#replay[data-ready]")).to_be_attached()
    assert "17:41" in page.locator(".sums").inner_text()
    for key in ("Home", *"]]]]", "PageUp", "PageUp", *"[[", "End", "PageDown", "["):
        if len(key) > 1:
            page.locator("#range").focus()
        page.keyboard.press(key)
        page.wait_for_function(SETTLED)
        plain.goto(page.url)
        if key != "Home":  # before the first second is over, a link means that second
            assert told(page) == told(plain), key


def test_by_the_keyboard_alone(fair: Town, over: str, person: Callable[..., Person]) -> None:
    """The arrows go a minute, Page up ten, the space bar plays, ] goes to the next moment."""
    page = person(fair, "li-na").go(f"/sweeps/{over}/replay?at=15:20")
    expect(page.locator("#replay[data-ready]")).to_be_attached()
    clock, scrub = page.locator("#clock"), page.locator("#range")
    scrub.focus()
    for key, time in (
        ("ArrowRight", "15:21"),
        ("PageUp", "15:31"),
        ("ArrowLeft", "15:30"),
        ("Home", "13:15"),
    ):
        page.keyboard.press(key)
        expect(clock).to_have_text(time)
    expect(scrub).to_have_attribute("aria-valuetext", "13:15, The sweep begins")
    page.keyboard.press("]")
    expect(page.locator("#happened > li").first).to_have_class(re.compile("turn"))
    page.locator("#speed :checked").press("ArrowRight")
    scrub.press("Space")
    expect(page.locator("#play")).to_have_attribute("aria-pressed", "true")
    expect(clock).to_have_text("18:00", timeout=60_000)
    expect(page.locator("#play")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#stands [data-away]").first).to_have_text("there")


def test_a_link_to_a_moment(fair: Town, over: str, person: Callable[..., Person]) -> None:
    """Copied, it opens at that moment for a team-mate."""
    sender = person(fair, "li-na", permissions=["clipboard-read", "clipboard-write"])
    page = sender.go(f"/sweeps/{over}/replay?at=14:30:07")
    expect(page.locator("#replay[data-ready]")).to_be_attached()
    page.locator("#link").click()
    expect(page.locator("#link")).to_have_text("Copied")
    copied = str(page.evaluate("() => navigator.clipboard.readText()"))
    assert re.search(rf"/sweeps/{over}/replay\?at=20\d\d-\d\d-\d\dT06:30:07Z$", copied)
    other = person(fair, "zhang-wei", phone=True).page
    other.goto(copied)
    expect(other.locator("#replay[data-ready]")).to_be_attached()
    assert told(other)[0] == "14:30"
    assert told(other) == told(page)


CUT = "(one) => [one.scrollWidth - one.clientWidth, one.scrollHeight - one.clientHeight]"


@pytest.mark.usefixtures("mapless")
@pytest.mark.parametrize("width", [1120, 1280, 1440])
def test_what_happened_last_is_read_whole(
    fair: Town, over: str, person: Callable[..., Person], width: int
) -> None:
    """At a desk of any width the sentence by the clock is not cut, however long its names are."""
    somebody = person(fair, "li-na", viewport={"width": width, "height": 800})
    page = somebody.go(f"/sweeps/{over}/replay?at=13:15")
    expect(page.locator("#replay[data-ready]")).to_be_attached()
    for _ in range(6):
        page.keyboard.press("]")
        across, down = page.locator("#now").evaluate(CUT)
        assert (across, down <= 2) == (0, True), page.locator("#now").text_content()


SHOWN = """() => {
    const clock = document.getElementById('clock');
    window.shown = [];
    new MutationObserver(() => window.shown.push(clock.textContent)).observe(clock, { childList: true });
}"""
"""Every time the clock shows from now on, however short it stands there."""


def test_on_a_phone(fair: Town, over: str, person: Callable[..., Person]) -> None:
    """From the sweep's page; map, feed and chart together; what moves only when asked is asked for."""
    page = person(fair, "li-na", phone=True, reduced_motion="reduce").go(f"/sweeps/{over}")
    page.locator("a[href$='/replay']").tap()
    played(page)
    assert page.evaluate(WIDE) == 0
    expect(page.locator(".map .pin")).to_have_count(5)
    expect(page.locator("#moments")).to_have_attribute("aria-pressed", "true")
    page.evaluate(SHOWN)
    begun = str(page.locator("#clock").text_content())
    page.locator("#play").tap()
    expect(page.locator("#happened > li").first).to_have_class(re.compile("turn"))
    expect(page.locator("#clock")).not_to_have_text(begun)
    page.locator("#play").tap()
    assert page.evaluate("shown[0]") == "13:15"
    page.locator("#all .k-met .when").tap()
    expect(page.locator("#clock")).to_have_text("17:41")
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate(WIDE) == 0


def test_without_script(fair: Town, over: str, person: Callable[..., Person]) -> None:
    """The chart, its table, what a sum is made of, and any moment, by links and a form."""
    page = person(fair, "li-na", java_script_enabled=False).go(f"/sweeps/{over}/replay")
    expect(page.locator("#play")).to_be_hidden()
    expect(page.locator(".far tbody tr")).not_to_have_count(0)
    page.locator(".sums a", has_text="won").first.click()
    expect(page.locator("#all li:visible")).to_have_count(3)
    expect(page.locator("#all .k-won:visible")).to_have_count(3)
    page.locator("#f-at").fill("15:20:00")
    page.locator("#go button").click()
    assert told(page)[0] == "15:20"
    page.locator("#on").click()
    expect(page.locator("#happened > li").first).to_have_class(re.compile("turn"))


def test_five_thousand_events(fair: Town, over: str, person: Callable[..., Person]) -> None:
    """However many there are, a frame touches what changes: a few nodes, and never more than the window."""
    crowd(fair.server.settings, over, 5000)
    page = person(fair, "li-na").go(f"/sweeps/{over}/replay?at=13:15")
    expect(page.locator("#replay[data-ready]")).to_be_attached()
    assert page.locator("#all li").count() > 5000
    played(page)
    page.evaluate(COUNTED)
    page.locator("#speed label", has_text="600").click()
    page.locator("#play").click()
    page.wait_for_function(HALF, timeout=60_000)
    page.locator("#range").press("End")
    page.locator("#range").press("Home")
    page.locator("#range").press("End")
    expect(page.locator("#clock")).to_have_text("18:00")
    busy = page.evaluate("() => window.frames")
    assert max(busy) <= 3 * MOST  # three jumps may meet in one frame
    assert sorted(busy)[len(busy) * 9 // 10] <= MOST
    expect(page.locator("#play")).to_have_attribute("aria-pressed", "false")
    page.locator("#range").press("Home")
    page.locator("#speed label").first.click()
    page.evaluate("() => { window.frames = []; }")
    page.locator("#play").click()
    page.wait_for_function("() => window.frames.length > 30")
    still = page.evaluate("() => window.frames.slice(10, 30)")
    assert max(still) <= 6
    expect(page.locator("#happened > li")).to_have_count(1)
