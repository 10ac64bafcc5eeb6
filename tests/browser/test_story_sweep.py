"""Three reps come from three sides to one place, and a manager sees it as they do.

Four browsers, two languages, each with the live page and a tab in which its person does things: the manager
plans and starts, all agree, share where they are, check in, hand on, arrive. A stop two want, a rep without
signal, a server that dies, an end by itself.
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import Person
from tests.browser.towns import Town

RALLY = "Riverside Teahouse"
SIDES = {"zhang-wei": (31.2204, 121.4443), "li-na": (31.2143, 121.4261), "chen-mo": (31.2231, 121.4312)}
"""The stop each one starts with: east, west and north of the rally point."""
LEFT_OVER = (31.2196, 121.4409)
NAMES = {"zhang-wei": "Zhang Wei", "li-na": "Li Na", "chen-mo": "Chen Mo"}

FACTS = """() => {
  const by = (one, name) => one.getAttribute(name);
  const lanes = [...document.querySelectorAll('#strip .lane')].map(lane => [lane.id.slice(2),
    lane.querySelector('.at')?.getAttribute('x') ?? null,
    [...lane.querySelectorAll('.pips i')].map(pip => pip.className),
    lane.querySelector('.pips .num')?.textContent ?? '', Boolean(lane.querySelector('.eta .icon'))]);
  const feed = [...document.querySelectorAll('#feed > article')].slice(0, 12)
    .map(one => [one.id, by(one, 'data-n'), by(one, 'data-kind'), one.classList.contains('win')]);
  const map = document.getElementById('map');
  const pins = [...document.querySelectorAll('button.pin')]
    .map(pin => `${by(pin, 'data-member')} ${by(pin, 'data-post')}`).sort();
  return JSON.stringify({lanes, feed, pins, count: map.dataset.count, head: map.dataset.head,
    state: document.getElementById('strip').dataset.state ?? null});
}"""
SHARED = """wanted => {
  const shown = Object.fromEntries((document.getElementById('map').shared ?? []).map(({id, at}) => [id, at]));
  const drawn = [...document.querySelectorAll('.shared')].map(one => one.dataset.member).sort();
  const order = Object.keys(wanted).sort();
  return JSON.stringify(drawn) === JSON.stringify(order) && Object.keys(shown).length === order.length
    && order.every(id => JSON.stringify(shown[id]) === JSON.stringify(wanted[id]));
}"""


def moment(seconds: float) -> str:
    """So many seconds from now."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


class Actor:
    """Somebody with the live page open, and a tab without a map in which they do things."""

    def __init__(self, story: "Story", person: Person) -> None:
        self.story, self.person, self.live = story, person, person.page
        self.id = str(story.town.members[person.handle]["id"])
        self.tab = person.context.new_page()
        self.tab.route("**/vendor/maplibre-gl.mjs", lambda route: route.abort())

    def look(self) -> None:
        """The squad's live page, connected, with its map."""
        self.person.go(f"/squads/{self.story.squad}")
        expect(self.live.locator("html[data-live=on]")).to_be_attached(timeout=30_000)
        expect(self.live.locator("#map[data-ready]")).to_be_attached(timeout=40_000)

    def open(self, path: str) -> Page:
        """A page in the other tab."""
        self.tab.goto(f"{self.person.home}{path}")
        return self.tab

    def leave(self) -> None:
        """Closes what is open in the other tab: it would go on living, and the machine has work enough."""
        self.tab.goto("about:blank")

    def stand(self, at: tuple[float, float]) -> None:
        """Where the phone says one is, from now on."""
        where = {"latitude": at[0], "longitude": at[1], "accuracy": 8}
        self.person.context.set_geolocation(where)
        if self.id in self.story.where:
            self.story.where[self.id] = [at[1], at[0]]

    def at_door(self, door: str, at: tuple[float, float]) -> Page:
        """The check-in sheet at a customer's door, ready to be pressed."""
        self.stand(at)
        page = self.open(f"/squads/{self.story.squad}/checkin?chosen={door}")
        expect(page.locator("#accuracy")).to_contain_text("±")
        return page

    def check_in(self, door: str, at: tuple[float, float]) -> str:
        """At a door; the visit's id."""
        page = self.at_door(door, at)
        page.locator("#f-checkin button[type=submit]").click()
        page.wait_for_url("**/visits/*")
        return page.url.rpartition("/")[2]

    def win(self, amount: str) -> None:
        """Tells on the visit's page that it was won."""
        self.tab.locator("label.choice", has=self.tab.locator("input[value=won]")).click()
        self.tab.locator("#amount").fill(amount)
        self.tab.locator("button[form=f-outcome]").click()
        self.tab.wait_for_url(f"**/squads/{self.story.squad}")
        self.leave()

    def agree(self) -> None:
        """To the pact."""
        page = self.open(f"/sweeps/{self.story.sweep}")
        page.locator("#pact button").click()
        expect(page.locator("#pact button")).to_have_count(0)
        self.leave()

    def share(self, at: tuple[float, float]) -> None:
        """Switched on in the tab; whatever live page of theirs is open tells it from then on."""
        self.story.where[self.id] = [at[1], at[0]]
        page = self.open(f"/squads/{self.story.squad}")
        card = page.locator(".next[data-my-own] details.share")
        card.locator("summary").click()
        with page.expect_navigation():
            card.locator("button").click()
        expect(page.locator("#sharing")).to_be_visible()
        self.leave()


class Story:
    """The squad, its sweep, and the four pages that must say the same."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.squad = str(town.members["zhang-wei"]["squads"][0])
        self.sweep = ""
        self.doors = {handle: self.door(f"{handle}’s door", at) for handle, at in SIDES.items()}
        self.extra = self.door("Between the two", LEFT_OVER)
        self.actors: dict[str, Actor] = {}
        self.where: dict[str, list[float]] = {}

    def door(self, name: str, at: tuple[float, float]) -> str:
        """A customer there."""
        sent = {"id": str(uuid4()), "name": name, "position": {"lat": at[0], "lon": at[1], "source": "gps"}}
        self.town.call("wang-fang", "POST", f"/squads/{self.squad}/customers", **sent)
        return sent["id"]

    def end_others(self) -> None:
        """The sweep the demo is in the middle of is over."""
        for one in self.town.call("wang-fang", "GET", f"/squads/{self.squad}/sweeps"):
            if one["state"] in ("running", "paused"):
                self.town.call("wang-fang", "PUT", f"/sweeps/{one['id']}/state", state="ended")

    def plan(self, planner: Actor) -> None:
        """In the planner's tab: when and where, then three lanes; Zhang Wei's has a stop too many."""
        page = planner.open(f"/squads/{self.squad}/sweeps/new")
        now = datetime.now(ZoneInfo("Asia/Shanghai"))
        page.locator("#f-name").fill("Three sides")
        page.locator("#f-day").fill(now.date().isoformat())
        for field, hours in (("starts", 0), ("rally", 1), ("ends", 2)):
            page.locator(f"#f-{field}").fill((now + timedelta(hours=hours)).strftime("%H:%M"))
        page.locator("#f-rally_customer").select_option(label=RALLY)
        page.locator("button.big").click()
        page.wait_for_url("**/plan")
        self.sweep = page.url.split("/")[-2]
        lanes = {self.extra: "zhang-wei"} | {door: handle for handle, door in self.doors.items()}
        for door in lanes:
            page.locator(f"#more input[value='{door}']").check()
        with page.expect_navigation():
            page.locator("button[value=add]").click()
        for door, handle in lanes.items():
            page.locator(f"select[name='in-{door}']").select_option(self.town.members[handle]["id"])
        page.locator("button.big[value=save]").click()
        page.wait_for_url(f"**/sweeps/{self.sweep}")

    def same(self, *without: str) -> dict[str, Any]:
        """All that have signal come to show the same, up to what happened last; answers what.

        Whoever shares a position sees those of all who do, each where they are, and nobody else does.
        """
        heads = self.town.call("wang-fang", "GET", "/squads")
        offset = next(one["head"]["offset"] for one in heads if one["id"] == self.squad)
        shown = []
        for handle, one in self.actors.items():
            if handle in without:
                continue
            expect(one.live.locator("#map")).to_have_attribute("data-head", str(offset), timeout=30_000)
            shown.append((handle, one.live.evaluate(FACTS)))
            seen = self.where if one.id in self.where else {}
            one.live.wait_for_function(SHARED, arg=seen, timeout=30_000)
        for handle, facts in shown[1:]:
            assert facts == shown[0][1], f"{handle} sees something else than {shown[0][0]}"
        return dict(json.loads(shown[0][1]))

    def row(self, facts: dict[str, Any], handle: str) -> list[Any]:
        """What the strip says of somebody: id, place on the line, pips, count, arrived."""
        return next(one for one in facts["lanes"] if one[0] == self.town.members[handle]["id"])


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
    gu.tab.wait_for_url(f"**/squads/{story.squad}")
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
