"""Who goes on a sweep in the browser's story of one: what each does, and what all of them must see alike."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

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
        self.tab.wait_for_url(f"**/squads/{self.story.squad}*")
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
