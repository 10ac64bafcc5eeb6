"""Three reps come from three sides to one place, and a manager sees it as they do.

Four browsers, two languages, each with the live page and a tab in which its person does things: the manager
plans and starts, all agree, share where they are, check in, hand on, arrive. A stop two want, a rep without
signal, a server that dies, an end by itself.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import Person
from tests.browser.sweepers import LEFT_OVER, NAMES, RALLY, SIDES, Actor, Story, moment
from tests.browser.towns import Town


def race(one: Page, other: Page) -> None:
    """Both press the same offer in the same moment."""
    at = one.evaluate("() => Date.now() + 600")
    form = "document.querySelector('#strip .offer form')"
    press = f"at => void setTimeout(() => {form}.requestSubmit(), at - Date.now())"
    for page in (one, other):
        page.evaluate(press, at)


@pytest.fixture
def story(make_town: Callable[..., Town]) -> Story:
    """The demo company, in which positions are told often."""
    return Story(make_town(share_seconds=1))


def test_from_three_sides_to_one_place(story: Story, person: Callable[..., Person]) -> None:
    """Map, feed and strip say the same to all four, after every step."""
    town = story.town
    story.end_others()
    people = [
        Actor(story, person(town, "zhang-wei", locale="zh", at=SIDES["zhang-wei"])),
        Actor(story, person(town, "li-na", phone=True, at=SIDES["li-na"])),
        Actor(story, person(town, "chen-mo", at=SIDES["chen-mo"])),
        Actor(story, person(town, "gu-ming", locale="zh")),
    ]
    zhang, li, chen, gu = people
    story.plan(gu)
    for one in (zhang, li, chen):
        one.agree()
    gu.tab.locator("button[value=running]").click()
    gu.tab.wait_for_url(f"**/squads/{story.squad}*")
    gu.leave()
    for one in (zhang, li):
        one.share(SIDES[one.person.handle])
    for one in people:
        one.look()
        story.actors[one.person.handle] = one
    facts = story.same()
    assert {lane[3] for lane in facts["lanes"]} == {"0/1", "0/2"}

    won = zhang.check_in(story.doors["zhang-wei"], SIDES["zhang-wei"])
    zhang.win("5200")
    facts = story.same()
    assert story.row(facts, "zhang-wei")[2:4] == [["", "won"], "1/2"]
    assert facts["feed"][0][0] == f"p-{won}"

    row = zhang.open(f"/sweeps/{story.sweep}").locator("ol.stops > li", has_text="Between the two")
    row.locator("summary").click()
    row.locator("form[action$=handovers] button").click()
    for one in (li, chen):
        expect(one.live.locator("#strip .offer form")).to_be_attached()
    story.same()
    zhang.leave()
    race(li.live, chen.live)
    for one in (li, chen):
        expect(one.live.locator("#strip .offer")).to_have_count(0)
    lanes = town.call("gu-ming", "GET", f"/sweeps/{story.sweep}")["lanes"]
    of = next(one["member"] for one in lanes if story.extra in [stop["customer"] for stop in one["stops"]])
    taker, late = (li, chen) if of == li.id else (chen, li)
    told = late.live.locator("#unsent .reply")
    expect(told).to_contain_text(f"{NAMES[taker.person.handle]} has taken this stop.")
    told.locator("[data-ways] [data-do=drop]").click()
    expect(late.live.locator("#unsent")).to_be_hidden()
    expect(taker.live.locator("#unsent")).to_be_hidden()
    assert story.row(story.same(), taker.person.handle)[3] == "0/2"

    handle = late.person.handle
    page = late.at_door(story.doors[handle], SIDES[handle])
    late.person.context.set_offline(True)
    page.locator("#f-checkin button[type=submit]").click()
    expect(page.locator("h1", has_text="Saved on this phone")).to_be_visible()
    taker.check_in(story.doors[taker.person.handle], SIDES[taker.person.handle])
    taker.check_in(story.extra, LEFT_OVER)
    taker.leave()
    facts = story.same(handle)
    assert story.row(facts, handle)[3] == "0/1"
    assert story.row(facts, taker.person.handle)[3] == "2/2"

    town.server.kill()
    expect(gu.live.locator("html[data-live=off]")).to_be_attached()
    late.person.context.set_offline(False)
    town.server.restart()
    for one in people:
        expect(one.live.locator("html[data-live=on]")).to_be_attached(timeout=30_000)
    expect(gu.live.locator(f"#l-{late.id} .pips .num")).to_have_text("1/1", timeout=40_000)
    assert story.row(story.same(), handle)[3] == "1/1"

    for one in (zhang, li, chen):
        one.live.locator(".next[data-my-own] form[action$=arrival] button").click()
        expect(one.live.locator(".next[data-my-own] form[action$=arrival]")).to_have_count(0)
        story.same()
    facts = story.same()
    assert all(lane[4] for lane in facts["lanes"]), "the flag in every lane"
    assert facts["feed"][0][2] == "met"
    newest = li.live.locator("#feed > article").first
    expect(newest).to_contain_text(f"Everybody is at {RALLY}.")
    expect(newest).to_contain_text(re.compile("4 visits, 1 win, ¥5,200"))

    changed = town.call("gu-ming", "GET", f"/sweeps/{story.sweep}")["changed"]
    soon = {"starts_at": moment(-90), "rally_at": moment(1), "ends_at": moment(2)}
    town.call("gu-ming", "PATCH", f"/sweeps/{story.sweep}", changed=changed, **soon)
    for one in people:
        expect(one.live.locator("#strip[data-sweep]")).to_have_count(0, timeout=30_000)
        expect(one.live.locator("#sharing")).to_be_hidden()
    story.where.clear()
    story.same()
    ended = town.call("gu-ming", "GET", f"/sweeps/{story.sweep}")
    assert (ended["state"], ended["ended_by"]) == ("ended", None)
