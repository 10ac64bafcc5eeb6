"""Three reps come from three sides to one place, and a manager sees it as they do.

Four browsers, two languages, a stop two want, a rep without signal, a server that dies, an end by itself.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.conftest import Town
from tests.browser.people import Person

RALLY = (31.2168, 121.4352)
SIDES = {"zhang-wei": (31.2204, 121.4443), "li-na": (31.2143, 121.4261), "chen-mo": (31.2231, 121.4312)}
"""The stop each one starts with: east, west and north of the rally point."""
LEFT_OVER = (31.2196, 121.4409)

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


def moment(seconds: float) -> str:
    """So many seconds from now."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


class Story:
    """The squad, its sweep, and the four pages that must say the same."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.squad = str(town.members["zhang-wei"]["squads"][0])
        self.sweep = str(uuid4())
        self.doors = {handle: self.door(f"{handle}'s door", at) for handle, at in SIDES.items()}
        self.extra = self.door("Between the two", LEFT_OVER)
        self.pages: dict[str, Page] = {}

    def door(self, name: str, at: tuple[float, float]) -> str:
        """A customer there."""
        sent = {"id": str(uuid4()), "name": name, "position": {"lat": at[0], "lon": at[1], "source": "gps"}}
        self.town.call("wang-fang", "POST", f"/squads/{self.squad}/customers", **sent)
        return sent["id"]

    def plan(self) -> None:
        """The other sweep of the day is over; three lanes, of which Zhang Wei's has a stop too many."""
        call, squad = self.town.call, self.squad
        for one in call("wang-fang", "GET", f"/squads/{squad}/sweeps"):
            if one["state"] in ("running", "paused"):
                call("wang-fang", "PUT", f"/sweeps/{one['id']}/state", state="ended")
        rally = {"name": "Riverside Teahouse", "position": {"lat": RALLY[0], "lon": RALLY[1]}}
        when = {"starts_at": moment(-60), "rally_at": moment(3600), "ends_at": moment(7200)}
        call(
            "gu-ming",
            "POST",
            f"/squads/{squad}/sweeps",
            id=self.sweep,
            name="Three sides",
            rally=rally,
            **when,
        )
        stops = {handle: [door] for handle, door in self.doors.items()}
        stops["zhang-wei"].append(self.extra)
        lanes = [{"member": self.town.members[who]["id"], "stops": some} for who, some in stops.items()]
        changed = call("gu-ming", "GET", f"/sweeps/{self.sweep}")["changed"]
        call("gu-ming", "PUT", f"/sweeps/{self.sweep}/plan", changed=changed, lanes=lanes, loose=[])
        for who in SIDES:
            call(who, "PUT", f"/sweeps/{self.sweep}/pact", v=1)
        call("gu-ming", "PUT", f"/sweeps/{self.sweep}/state", state="running")

    def live(self, person: Person) -> Page:
        """The squad's live page, connected, with its map."""
        page = person.go(f"/squads/{self.squad}")
        expect(page.locator("html[data-live=on]")).to_be_attached(timeout=30_000)
        expect(page.locator("#map[data-ready]")).to_be_attached(timeout=40_000)
        self.pages[person.handle] = page
        return page

    def same(self, *without: str) -> dict[str, Any]:
        """All that have signal come to show the same, up to what happened last; answers what."""
        head = self.town.call("wang-fang", "GET", "/squads")
        offset = next(one["head"]["offset"] for one in head if one["id"] == self.squad)
        shown = []
        for handle, page in self.pages.items():
            if handle not in without:
                expect(page.locator("#map")).to_have_attribute("data-head", str(offset), timeout=30_000)
                shown.append((handle, page.evaluate(FACTS)))
        for handle, facts in shown[1:]:
            assert facts == shown[0][1], f"{handle} sees something else than {shown[0][0]}"
        return dict(json.loads(shown[0][1]))

    def check_in(self, handle: str, door: str, at: tuple[float, float]) -> dict[str, Any]:
        """At a door."""
        position = {"lat": at[0], "lon": at[1], "accuracy": 8, "source": "gps"}
        sent = {"id": str(uuid4()), "customer_id": door, "captured_at": moment(0), "position": position}
        found: dict[str, Any] = self.town.call(handle, "POST", f"/squads/{self.squad}/checkins", **sent)
        return found

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
    for page in (one, other):
        page.wait_for_url(lambda url: "/handovers/" in url or "/sweeps/" in url)


def test_from_three_sides_to_one_place(town: Town, person: Callable[..., Person]) -> None:
    """Map, feed and strip say the same to all four, after every step."""
    story = Story(town)
    story.plan()
    zhang = person(town, "zhang-wei", locale="zh", at=SIDES["zhang-wei"])
    li = person(town, "li-na", phone=True, at=SIDES["li-na"])
    chen = person(town, "chen-mo", at=SIDES["chen-mo"])
    gu = person(town, "gu-ming", locale="zh")
    people = (zhang, li, chen, gu)
    for one in people:
        story.live(one)
    facts = story.same()
    assert {lane[3] for lane in facts["lanes"]} == {"0/1", "0/2"}

    won = story.check_in("zhang-wei", story.doors["zhang-wei"], SIDES["zhang-wei"])
    town.close("zhang-wei", won["id"], result="won", amount="5200", currency="CNY")
    facts = story.same()
    assert story.row(facts, "zhang-wei")[2:4] == [["won", ""], "1/2"]
    assert facts["feed"][0][0] == f"p-{won['id']}"

    stop = next(
        stop["id"]
        for lane in town.call("zhang-wei", "GET", f"/sweeps/{story.sweep}")["lanes"]
        for stop in lane["stops"]
        if stop["customer"] == story.extra
    )
    town.call("zhang-wei", "POST", f"/stops/{stop}/handovers", id=str(uuid4()))
    for page in (li.page, chen.page):
        expect(page.locator("#strip .offer form")).to_be_attached()
    race(li.page, chen.page)
    told = [page.locator(".notice.caution").count() for page in (li.page, chen.page)]
    assert sorted(told) == [0, 1], "one has it, the other is told"
    taker, late = (li, chen) if told[1] else (chen, li)
    name = {"li-na": "Li Na", "chen-mo": "Chen Mo"}[taker.handle]
    expect(late.page.locator(".notice.caution")).to_contain_text(f"{name} has taken this stop.")
    for one in (li, chen):
        story.live(one)
    assert story.row(story.same(), taker.handle)[3] == "0/2"

    page = late.go(f"/squads/{story.squad}/checkin?chosen={story.doors[late.handle]}")
    expect(page.locator("#accuracy")).to_contain_text("±")
    late.context.set_offline(True)
    page.locator("#f-checkin button[type=submit]").click()
    expect(page.locator("#visit, #t-saved, .said, main")).not_to_have_count(0)
    story.check_in(taker.handle, story.doors[taker.handle], SIDES[taker.handle])
    story.check_in(taker.handle, story.extra, LEFT_OVER)
    facts = story.same(late.handle)
    assert story.row(facts, late.handle)[3] == "0/1"
    assert story.row(facts, taker.handle)[3] == "2/2"

    town.server.kill()
    expect(gu.page.locator("html[data-live=off]")).to_be_attached()
    late.context.set_offline(False)
    town.server.restart()
    story.live(late)
    for page in story.pages.values():
        expect(page.locator("html[data-live=on]")).to_be_attached(timeout=30_000)
    expect(gu.page.locator(f"#l-{town.members[late.handle]['id']} .pips .num")).to_have_text(
        "1/1", timeout=40_000
    )
    story.same()

    for one in (zhang, li, chen):
        with one.page.expect_navigation():
            one.page.locator(
                f".next[data-my-own] form[action='/sweeps/{story.sweep}/arrival'] button"
            ).click()
        story.live(one)
    facts = story.same()
    assert all(lane[4] for lane in facts["lanes"]), "the flag in every lane"
    assert facts["feed"][0][2] == "met"
    expect(li.page.locator("#feed > article").first).to_contain_text("Everybody is at Riverside Teahouse.")
    expect(li.page.locator("#feed > article").first).to_contain_text("4 visits, 1 win, ¥5,200")

    changed = town.call("gu-ming", "GET", f"/sweeps/{story.sweep}")["changed"]
    soon = {"starts_at": moment(-90), "rally_at": moment(1), "ends_at": moment(2)}
    town.call("gu-ming", "PATCH", f"/sweeps/{story.sweep}", changed=changed, **soon)
    for page in story.pages.values():
        expect(page.locator("#strip[data-sweep]")).to_have_count(0, timeout=30_000)
    story.same()
    ended = town.call("gu-ming", "GET", f"/sweeps/{story.sweep}")
    assert (ended["state"], ended["ended_by"]) == ("ended", None)
