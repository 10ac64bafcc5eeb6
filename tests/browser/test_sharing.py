"""A position shared while a sweep runs: on the screens of those who share theirs, until it ends."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.people import Person, axe
from tests.browser.towns import Town

EAST, WEST = (31.2204, 121.4423), (31.2143, 121.4281)


def live(person: Person, squad: str) -> Page:
    """The squad's live page, connected, with its map."""
    page = person.go(f"/squads/{squad}")
    expect(page.locator("html[data-live=on]")).to_be_attached()
    expect(page.locator("#map[data-ready]")).to_be_attached(timeout=30_000)
    return page


def share(page: Page) -> None:
    """The offer on one's own card, and the button under what it says."""
    page.locator(".next[data-my-own] details.share summary").click()
    page.locator(".next[data-my-own] details.share button").click()
    expect(page.locator("#sharing")).to_be_visible()


def test_two_share_and_see_each_other(make_town: Callable[..., Town], person: Callable[..., Person]) -> None:
    """On a phone in Chinese and at a desk; the lead, who does not, sees nothing of it."""
    town = make_town(share_seconds=1)
    squad = str(town.members["zhang-wei"]["squads"][0])
    zhang = person(town, "zhang-wei", phone=True, locale="zh", at=EAST)
    li, wang = person(town, "li-na", at=WEST), person(town, "wang-fang", at=WEST)
    one, two, lead = (live(each, squad) for each in (zhang, li, wang))
    expect(two.locator("#sharing")).to_be_hidden()
    share(one)
    expect(one.locator(".shared")).to_have_count(1)
    expect(one.locator("#sharing")).to_contain_text("还没有别人共享位置")
    share(two)
    for page, said in ((two, "You see Zhang Wei"), (one, "你看得到")):
        expect(page.locator(".shared")).to_have_count(2)
        expect(page.locator("#sharing")).to_contain_text(said)
        assert axe(page, "#sharing") == []
    shown = two.locator(".shared", has_text="ZW")
    expect(shown.locator(".name")).to_contain_text("until")
    before = shown.bounding_box()
    zhang.context.set_geolocation({"latitude": EAST[0] + 0.004, "longitude": EAST[1], "accuracy": 8})
    two.wait_for_function(
        "([was, now]) => now.getBoundingClientRect().y !== was", arg=[before["y"], shown.element_handle()]
    )
    expect(lead.locator(".shared")).to_have_count(0)
    one.locator("#sharing button").click()
    expect(one.locator("html[data-live=on]")).to_be_attached()
    expect(one.locator("#sharing")).to_be_hidden()
    expect(two.locator(".shared")).to_have_count(1)
    expect(two.locator("#sharing")).to_contain_text("Nobody else shares theirs yet.")
    sweep = two.locator("#sharing").get_attribute("data-sweep")
    town.call("wang-fang", "PUT", f"/sweeps/{sweep}/state", state="paused")
    expect(two.locator("#sharing")).to_be_hidden()
    expect(two.locator(".shared")).to_have_count(0)
