"""The fixed list of screens: looked at by `make shots`, gone through by axe."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.people import Person

WHO = {"en": "li-na", "zh": "lin-xiao"}
LEAD = {"en": "wang-fang", "zh": "chen-xi"}
AT = {"en": (31.2184, 121.4363), "zh": (31.19563, 121.4482)}
"""Where they stand: latitude and longitude, a few steps from a customer."""


@dataclass(frozen=True)
class Screen:
    """One picture to take. `who`: handle by language, none for a visitor; `path` may name `{squad}`."""

    name: str
    path: str
    who: dict[str, str] | None = None
    does: Callable[[Page], None] = lambda page: None
    empty: bool = False
    at_place: bool = True

    def show(self, person: Person, members: dict[str, dict[str, Any]], lang: str) -> Page:
        """Signs in who looks at it with the demo's one click, and brings them there."""
        handle = self.who[lang] if self.who else ""
        person.context.clear_cookies()
        if handle:
            person.context.request.post(f"{person.home}/demo/signin", form={"handle": handle})
        squad = members[handle]["squads"][0] if handle else ""
        page = person.go(self.path.format(squad=squad))
        self.does(page)
        return page


def connected(page: Page) -> None:
    """The page is live and the map is there."""
    expect(page.locator("html[data-live=on]")).to_be_attached()
    expect(page.locator("#map[data-ready]")).to_be_attached(timeout=30_000)


def live(page: Page) -> None:
    """The page is live; it has no map."""
    expect(page.locator("html[data-live=on]")).to_be_attached()


def thread(page: Page) -> None:
    """The thread of the newest win."""
    connected(page)
    page.locator("#feed > article.win a.more-link").first.click()
    expect(page.locator("#thread.open")).to_be_visible()


def check_in_ready(page: Page) -> None:
    """The sheet, with the phone's position."""
    expect(page.locator("#accuracy")).to_contain_text("±")
    expect(page.locator("#map canvas")).to_be_visible(timeout=30_000)


def denied(page: Page) -> None:
    """The sheet where the phone may not tell its position."""
    expect(page.locator("#denied")).to_be_visible()
    expect(page.locator("#map canvas")).to_be_visible(timeout=30_000)


def checked_in(page: Page) -> None:
    """The visit that has just begun."""
    check_in_ready(page)
    page.locator("#f-checkin button[type=submit]").click()
    expect(page.locator("#visit #map[data-ready]")).to_be_attached(timeout=30_000)


def won(page: Page) -> None:
    """The words that belong to a win."""
    checked_in(page)
    page.locator("label.choice", has=page.locator("input[value=won]")).click()
    page.locator("#amount").fill("86400")


def by_hand(page: Page) -> None:
    """The pin, to be put right."""
    checked_in(page)
    page.locator("[data-pin=move]").click()


def wrong_password(page: Page) -> None:
    """The same form, answered."""
    page.locator("input[autocomplete~=username]").fill("li-na")
    page.locator("input[autocomplete~=current-password]").fill("not this one")
    page.locator("input[autocomplete~=current-password]").press("Enter")
    expect(page.locator("[aria-invalid=true]")).to_be_visible()


SCREENS = [
    Screen("setup", "/setup", empty=True),
    Screen("signin", "/signin"),
    Screen("signin-wrong", "/signin", does=wrong_password),
    Screen("join", "/join"),
    Screen("live", "/squads/{squad}", WHO, connected),
    Screen("thread", "/squads/{squad}", WHO, thread),
    Screen("checkin-1", "/squads/{squad}/checkin", WHO, check_in_ready),
    Screen("checkin-2", "/squads/{squad}/checkin", WHO, checked_in),
    Screen("visit-won", "/squads/{squad}/checkin", WHO, won),
    Screen("visit-pin", "/squads/{squad}/checkin", WHO, by_hand),
    Screen("checkin-denied", "/squads/{squad}/checkin", WHO, denied, at_place=False),
    Screen("me", "/me", WHO),
    Screen("squads", "/squads", LEAD),
    Screen("hall", "/hall", WHO, live),
    Screen("hall-open", "/squads/{squad}/hall", LEAD),
    Screen("squad-new", "/squads/new", LEAD),
    Screen("people", "/squads/{squad}/people", LEAD),
    Screen("people-member", "/squads/{squad}/people", WHO),
    Screen("leave", "/squads/{squad}/leave", WHO),
    Screen("poster", "/squads/{squad}/invite/poster", LEAD),
    Screen("missing", "/squads/00000000-0000-7000-8000-000000000000", WHO),
]
