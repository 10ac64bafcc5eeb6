"""In a sweep without signal: skipped, offered, taken, agreed, arrived; said on the phone, then done once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.bed.wire import Wire
from tests.browser.people import Person
from tests.browser.towns import Town

pytestmark = pytest.mark.usefixtures("mapless")
SAVED = "Saved on this phone, will send"
KEPT = """async (path) => {
  await navigator.serviceWorker.ready;
  while (!navigator.serviceWorker.controller || !(await caches.match(path))) {
    await new Promise((done) => setTimeout(done, 50));
  }
}"""


class Round:
    """A sweep in which Zhang Wei has two stops and Li Na one; all of it seen over the API."""

    def __init__(self, town: Town) -> None:
        self.town, self.id = town, str(uuid4())
        self.squad = str(town.members["li-na"]["squads"][0])
        call = town.call
        for one in call("wang-fang", "GET", f"/squads/{self.squad}/sweeps"):
            if one["state"] in ("running", "paused"):
                call("wang-fang", "PUT", f"/sweeps/{one['id']}/state", state="ended")
        when = [(datetime.now(UTC) + timedelta(hours=hours)).isoformat() for hours in (0, 2)]
        made = {
            "id": self.id,
            "name": "Cellars",
            "starts_at": when[0],
            "rally_at": when[1],
            "pact": "We all go.",
        }
        rally = {"name": "Riverside Teahouse", "position": {"lat": 31.2168, "lon": 121.4352}}
        call("wang-fang", "POST", f"/squads/{self.squad}/sweeps", **made, rally=rally)
        doors = [one["id"] for one in call("wang-fang", "GET", f"/squads/{self.squad}/customers")[:3]]
        given = {"zhang-wei": doors[:2], "li-na": doors[2:]}
        lanes = [{"member": town.members[who]["id"], "stops": some} for who, some in given.items()]
        call(
            "wang-fang",
            "PUT",
            f"/sweeps/{self.id}/plan",
            changed=self.now()["changed"],
            lanes=lanes,
            loose=[],
        )
        call("wang-fang", "PUT", f"/sweeps/{self.id}/state", state="running")
        self.stops = [one["id"] for lane in self.now()["lanes"] for one in lane["stops"]]

    def now(self) -> dict[str, Any]:
        """As it stands."""
        found: dict[str, Any] = self.town.call("wang-fang", "GET", f"/sweeps/{self.id}")
        return found

    def stop(self, number: int) -> dict[str, Any]:
        """One of the three stops."""
        lanes = self.now()["lanes"]
        return next(one for lane in lanes for one in lane["stops"] if one["id"] == self.stops[number])

    def told(self) -> list[str]:
        """What the journal has of it, kind by kind."""
        path = f"/squads/{self.squad}/journal?limit=1000"
        entries = self.town.call("wang-fang", "GET", path)["entries"]
        return [
            str(one["kind"])
            for one in entries
            if self.id in (one["data"].get("sweep"), one["data"].get("id"))
        ]


@pytest.fixture
def round(town: Town) -> Round:
    return Round(town)


def row(page: Page, stop: str) -> Locator:
    """A stop on the sweep's page."""
    return page.locator(f"#s-{stop}")


def sweep_page(person: Person, round: Round) -> Page:
    """The sweep's own page, connected."""
    page = person.go(f"/sweeps/{round.id}")
    expect(page.locator("html[data-live=on]")).to_be_attached()
    return page


def test_a_round_in_a_cellar(town: Town, person: Callable[..., Person], wire: Wire, round: Round) -> None:
    """Agreed, skipped and offered without signal: each is told where it belongs, and arrives once."""
    page = sweep_page(person(town, "zhang-wei", phone=True, url=wire.url), round)
    before = len(round.told())
    wire.cut()
    page.locator("#pact button").click()
    expect(page.locator("#pact .fate")).to_contain_text(SAVED)
    expect(page.locator("#pact button", has_text="I agree")).to_be_hidden()
    first, second = row(page, round.stops[0]), row(page, round.stops[1])
    first.locator("summary").click()
    first.locator("input[name=reason]").fill("Closed on Saturdays")
    first.locator("button", has_text="Skip").click()
    expect(first.locator(".fate")).to_contain_text("Skipped: Closed on Saturdays")
    expect(first.locator("details.menu")).not_to_have_attribute("open", "")
    second.locator("summary").click()
    second.locator("button", has_text="Offer it").click()
    expect(second.locator(".fate")).to_contain_text(SAVED)
    expect(page.locator("#unsent")).to_contain_text("3 waiting on this phone")
    assert len(round.told()) == before
    skipped = datetime.now(UTC)
    wire.mend()
    expect(page.locator("#unsent")).to_be_hidden(timeout=60_000)
    expect(first).to_contain_text("Closed on Saturdays")
    expect(second).to_contain_text("offered to whoever takes it")
    expect(page.locator("#pact")).to_contain_text("agreed")
    expect(page.locator(".fate")).to_have_count(0)
    assert round.told()[before:] == ["pact", "stop", "handover"]
    assert datetime.fromisoformat(round.stop(0)["at"]) <= skipped


def test_a_stop_and_the_rally_from_the_live_page(
    town: Town, person: Callable[..., Person], wire: Wire, round: Round
) -> None:
    """Li Na takes what is offered and says she is there, in a dead spot, on the strip alone."""
    town.call("li-na", "PUT", f"/sweeps/{round.id}/pact", v=1)
    town.call("zhang-wei", "POST", f"/stops/{round.stops[0]}/handovers", id=str(uuid4()))
    town.call("li-na", "PUT", f"/stops/{round.stops[2]}", state="skipped", reason="Moved away")
    page = person(town, "li-na", phone=True, url=wire.url).go(f"/squads/{round.squad}")
    expect(page.locator("html[data-live=on]")).to_be_attached()
    other = page.context.new_page()
    other.goto(f"{wire.url}/sweeps/{round.id}")
    before = len(round.told())
    wire.cut()
    mine = page.locator(".next[data-my-own]", has_text="Riverside Teahouse")
    page.locator("#strip .offer button").click()
    expect(page.locator("#strip .offer .fate")).to_contain_text(SAVED)
    mine.locator("button", has_text="I am there").click()
    expect(mine.locator(".fate")).to_contain_text(SAVED)
    expect(mine.locator("button", has_text="I am there")).to_be_hidden()
    expect(other.locator("#unsent")).to_contain_text("2 waiting on this phone")
    assert len(round.told()) == before
    wire.mend()
    expect(page.locator("#unsent")).to_be_hidden(timeout=60_000)
    expect(page.locator("#strip .offer")).to_have_count(0)
    expect(page.locator(".next[data-my-own]")).to_contain_text("You are there")
    assert round.told()[before:] == ["handover", "lanes", "arrived"]


def test_a_stop_that_somebody_else_took_says_who(
    town: Town, person: Callable[..., Person], wire: Wire, round: Round
) -> None:
    """Wang Fang was quicker: the offer is gone from the strip, what was wanted stays and says why not."""
    town.call("zhang-wei", "POST", f"/stops/{round.stops[0]}/handovers", id=(offer := str(uuid4())))
    page = person(town, "li-na", phone=True, url=wire.url).go(f"/squads/{round.squad}")
    expect(page.locator("html[data-live=on]")).to_be_attached()
    wire.cut()
    page.locator("#strip .offer button").click()
    expect(page.locator("#strip .offer .fate")).to_contain_text(SAVED)
    town.call("wang-fang", "PUT", f"/handovers/{offer}/accept")
    wire.mend()
    refused = page.locator("#unsent .reply")
    expect(refused).to_contain_text("Wang Fang has taken this stop.", timeout=60_000)
    expect(refused).to_contain_text("I take it")
    refused.locator("[data-ways] [data-do=drop]").click()
    expect(page.locator("#unsent")).to_be_hidden()


def test_the_sweeps_page_opens_without_signal(
    pocket: Callable[..., Person], wire: Wire, round: Round
) -> None:
    """Kept by the live page, it opens in the cellar, takes what is done there, and shows it reopened."""
    person = pocket("zhang-wei", wire.url, (31.2, 121.4))
    person.sign_in()
    page = person.go(f"/squads/{round.squad}")
    expect(page.locator("html[data-live=on]")).to_be_attached()
    page.evaluate(KEPT, f"/sweeps/{round.id}")
    before = len(round.told())
    wire.cut()
    page.goto(f"{wire.url}/sweeps/{round.id}")
    stop = row(page, round.stops[0])
    stop.locator("summary").click()
    stop.locator("input[name=reason]").fill("Under water")
    stop.locator("button", has_text="Skip").click()
    expect(stop.locator(".fate")).to_contain_text(SAVED)
    page.reload()
    expect(row(page, round.stops[0]).locator(".fate")).to_contain_text("Skipped: Under water")
    wire.mend()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#unsent")).to_be_hidden(timeout=60_000)
    expect(row(page, round.stops[0])).to_contain_text("Under water")
    expect(page.locator(".fate")).to_have_count(0)
    assert round.told()[before:] == ["stop"]
