"""What is done on a sweep's pages before their picture is taken: planned, closing in, met, played back."""

from typing import Any
from uuid import uuid4

from playwright.sync_api import APIRequestContext, Page, expect

from tests.browser.showing import live

LANES = {
    "en": ("zhang-wei", "li-na", "chen-mo", "zhao-lei", "sun-yue"),
    "zh": ("zhou-qiang", "lin-xiao", "zheng-hao", "chen-xi", "wu-min"),
}
"""Who comes from which side, by handle; the second looks."""

BESIDE = {"lat": 31.2085, "lon": 121.4405, "accuracy": 8}
"""Where somebody is who shares it."""


def connected(page: Page) -> None:
    """The page is live and the map is there."""
    expect(page.locator("html[data-live=on]")).to_be_attached()
    expect(page.locator("#map[data-ready]")).to_be_attached(timeout=30_000)


def sweep(page: Page) -> None:
    """Today's, with its lanes."""
    page.locator(".row-link:has(.pill)").click()
    live(page)


def plan(page: Page) -> None:
    """The lanes of today's, to be changed."""
    sweep(page)
    page.goto(f"{page.url}/plan")
    expect(page.locator("#plan-map canvas")).to_be_visible(timeout=30_000)


def replayed(page: Page) -> None:
    """The day before's, played back up to a moment."""
    page.locator("a[href$='/replay']").last.click()
    played(page)
    page.goto(f"{page.url.partition('?')[0]}?at=15:20")
    played(page)


def so_far(page: Page) -> None:
    """Today's, as far as it has come."""
    page.locator(".row-link:has(.pill)").click()
    page.locator("a[href$='/replay']").click()
    played(page)


def played(page: Page) -> None:
    """The replay is there with its map."""
    expect(page.locator("#replay[data-ready]")).to_be_attached()
    expect(page.locator("#map[data-ready]")).to_be_attached(timeout=30_000)


def others(page: Page) -> tuple[str, str, list[APIRequestContext]]:
    """Where the API is, the sweep that runs, and who else has a lane in it, each signed in."""
    home, _, squad = page.url.partition("/squads/")
    lang = page.locator("html").get_attribute("lang") or "en"
    assert page.context.browser
    found = []
    for handle in LANES[lang]:
        asks = page.context.browser.new_context().request
        asks.post(f"{home}/demo/signin", form={"handle": handle})
        found.append(asks)
    api = f"{home}/api/v1"
    (running,) = [one for one in _got(found[0], f"{api}/squads/{squad}/sweeps") if one["state"] == "running"]
    return api, running["id"], [one for one in found if one is not found[1]]


def sharing(page: Page) -> None:
    """One's position and a colleague's, each by choice, with their end."""
    connected(page)
    api, id, team = others(page)
    if page.locator("#sharing").is_hidden():
        page.locator(".next[data-my-own] details.share summary").click()
        page.locator(".next[data-my-own] details.share button").click()
    expect(page.locator(".shared").first).to_be_visible()
    if page.locator(".shared").count() == 1:  # the colleague shares already in all pictures but the first
        assert team[0].put(f"{api}/sweeps/{id}/sharing").ok
        told = team[0].put(f"{api}/sweeps/{id}/position", data={"position": BESIDE})
        assert told.ok, told.text()
    expect(page.locator(".shared")).to_have_count(2)


def offered(page: Page) -> None:
    """A colleague hands a stop on to whoever takes it."""
    api, id, team = others(page)
    if not page.locator(".next.offer").count():
        me = _got(team[1], f"{api}/me")["id"]
        (lane,) = [one for one in _got(team[1], f"{api}/sweeps/{id}")["lanes"] if one["member"] == me]
        stop = next(one["id"] for one in lane["stops"] if one["state"] == "planned")
        given = team[1].post(f"{api}/stops/{stop}/handovers", data={"id": str(uuid4()), "to": None})
        assert given.status == 201, given.text()
    connected(page)
    expect(page.locator(".next.offer").first).to_be_visible()


def gathered(page: Page) -> None:
    """All are at the rally point, and the squad hears it."""
    api, id, team = others(page)
    now = page.evaluate("new Date().toISOString()")
    for asks in (*team, page.context.request):
        there = asks.put(f"{api}/sweeps/{id}/arrival", data={"at": now})
        assert there.ok, there.text()
    page.reload()
    connected(page)
    expect(page.locator("#feed > .met").first).to_be_visible()


def _got(asks: APIRequestContext, url: str) -> Any:
    answer = asks.get(url)
    assert answer.ok, answer.text()
    return answer.json()
