"""What is forgotten leaves every open page, without anybody's doing, and the page is as a fresh one."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from playwright.sync_api import Page, expect

from config.settings import Settings
from server.administration.retention import keep_no_longer
from server.db import Database
from server.schema import now
from tests.bed.ground import apart
from tests.browser.people import Person
from tests.browser.towns import Town


def forget(chosen: Settings, before: datetime) -> None:
    """The daily job, in another process than the server's: what was before that moment goes."""
    short = chosen.model_copy(update={"feed_days": 1})

    async def run() -> None:
        db = Database(short)
        await db.start()
        await keep_no_longer(db, before + timedelta(days=1))
        await db.stop()

    apart(lambda: asyncio.run(run()))


def state(page: Page) -> list[list[str] | str]:
    """What the feed, the map and the strip hold."""
    posts = page.locator("#feed > article").evaluate_all("all => all.map((one) => one.id)")
    return [
        posts,
        page.locator("#map").get_attribute("data-count") or "",
        page.locator("#field").inner_text(),
    ]


def test_open_pages_lose_what_is_forgotten(town: Town, person: Callable[..., Person]) -> None:
    """The feed, an open thread, the map; what came since stays, with what is half typed."""
    squad = town.members["li-na"]["squads"][0]
    page = person(town, "li-na").go(f"/squads/{squad}")
    expect(page.locator("html[data-live=on]")).to_be_attached()
    expect(page.locator("#map[data-ready]")).to_be_attached(timeout=30_000)
    old = page.locator("#feed > article").first
    gone = old.get_attribute("id")
    cut = now()
    fresh = town.say("zhao-lei", squad, "From today on")
    expect(page.locator(f"#p-{fresh}")).to_be_visible()
    page.locator("#say").fill("Half a thought")
    forget(town.server.settings, cut)
    expect(page.locator(f"#{gone}")).to_have_count(0, timeout=20_000)
    expect(page.locator("#feed > article")).to_have_count(1)
    expect(page.locator("#map")).to_have_attribute("data-count", "0")
    expect(page.locator("#say")).to_have_value("Half a thought")
    other = person(town, "zhang-wei").go(f"/squads/{squad}")
    expect(other.locator("#map[data-ready]")).to_be_attached(timeout=30_000)
    assert state(page) == state(other)
