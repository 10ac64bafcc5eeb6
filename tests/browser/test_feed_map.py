"""The map beside the feed while the squad is at work."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.looking import live
from tests.browser.people import Person, axe
from tests.browser.shots import settled
from tests.browser.towns import Town

POSTS = """() => {
  const { postMessage } = Worker.prototype;
  window.posted = 0;
  Worker.prototype.postMessage = function (...given) {
    window.posted += 1;
    return postMessage.apply(this, given);
  };
}"""


def test_a_pin_opens_its_thread_and_back(fair: Town, person: Callable[..., Person], north: str) -> None:
    """By keyboard: from the map into the thread, out with Escape, and one is where one was."""
    page = live(person(fair, "li-na"), north)
    expect(page.locator("#map[data-ready]")).to_be_attached(timeout=30_000)
    pin = page.locator("button.pin", has_text="Sun Yue")
    pin.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#thread.open")).to_be_visible()
    expect(page.locator("#thread")).to_contain_text("Sun Yue")
    expect(pin).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#thread.open")).to_have_count(0)
    expect(pin).to_be_focused()


def test_what_a_sweep_draws_comes_when_it_can(fair: Town, person: Callable[..., Person], north: str) -> None:
    """On a bad line the map is there without it, and whatever happens next asks for it again."""
    her = person(fair, "li-na")
    her.page.route("**/lanes.js*", lambda route: route.abort())
    page = live(her, north)
    expect(page.locator("#map[data-ready]")).to_be_attached()
    expect(page.locator("#map .rally")).to_have_count(0)
    page.unroute("**/lanes.js*")
    fair.check_in("zhao-lei", north)
    expect(page.locator("#map .rally")).to_be_visible()


def test_words_leave_the_map_alone(fair: Town, person: Callable[..., Person], north: str) -> None:
    """A message costs no drawing of the map; a check-in does."""
    page = live(person(fair, "li-na"), north)
    expect(page.locator("#map[data-ready]")).to_be_attached()
    expect(page.locator("#map .rally")).to_be_visible()
    settled(page)
    page.evaluate(POSTS)
    for words in ("Nothing new", "Still nothing"):
        before = page.locator("#map").get_attribute("data-head")
        fair.say("zhao-lei", north, words)
        expect(page.locator("#map")).not_to_have_attribute("data-head", str(before))
    assert page.evaluate("window.posted") == 0
    fair.check_in("zhao-lei", north)
    page.wait_for_function("() => window.posted > 0")


def test_a_dropped_pin_and_an_open_stack(fair: Town, person: Callable[..., Person], north: str) -> None:
    """Check-ins in one place stand together; their list stays open while others come in."""
    for _ in range(3):
        fair.check_in("chen-mo", north)
    page = live(person(fair, "li-na"), north)
    expect(page.locator("#map[data-ready]")).to_be_attached(timeout=30_000)
    page.locator("button.stop.group").first.click()
    listed = page.locator(".cluster button")
    expect(listed.first).to_be_focused()
    count = listed.count()
    seen = int(page.locator("#map").get_attribute("data-count") or 0)
    fair.check_in("zhang-wei", north)
    expect(page.locator("#map")).to_have_attribute("data-count", str(seen + 1))
    assert listed.count() >= count
    expect(listed.first).to_be_focused()
    listed.first.click()
    expect(page.locator("#thread.open")).to_be_visible()


def test_without_its_styles_there_is_no_map(fair: Town, person: Callable[..., Person], north: str) -> None:
    """They did not come: blank paper and the feed, not a heap of parts."""
    mate = person(fair, "li-na", phone=True)
    mate.context.route("**/vendor/maplibre-gl.css", lambda route: route.abort())
    page = mate.go(f"/squads/{north}")
    expect(page.locator("#map[data-no-map]")).to_be_attached(timeout=30_000)
    expect(page.locator("#map canvas")).to_have_count(0)
    expect(page.locator("#feed > article").first).to_be_visible()
    assert axe(page) == []
