"""The fixed list of screens as pictures, in .shots: `python -m tests.browser.shots [words of the name ...]`.

The demo company on a set clock, each screen on a phone and at a desk, in English and Chinese, light and dark.
"""

import itertools
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.bed.ground import Ground, settings
from tests.bed.served import ROOT, Served, environment
from tests.browser import chromium
from tests.browser.conftest import ARGUMENTS
from tests.browser.people import arrive

FOLDER = ROOT / ".shots"
CLOCK = "2026-09-15T14:51:00+08:00"
WHO = {"en": "li-na", "zh": "lin-xiao"}
LEAD = {"en": "wang-fang", "zh": "chen-xi"}
AT = {"en": (31.2184, 121.4363), "zh": (31.19563, 121.4482)}


@dataclass(frozen=True)
class Screen:
    """One picture to take. `who`: handle by language, none for a visitor; `path` may name `{squad}`."""

    name: str
    path: str
    who: dict[str, str] | None = None
    does: Callable[[Page], None] = lambda page: None
    empty: bool = False
    at_place: bool = True


def connected(page: Page) -> None:
    """The page is live and the map is there."""
    expect(page.locator("html[data-live=on]")).to_be_attached()
    expect(page.locator("#map[data-ready]")).to_be_attached(timeout=30_000)


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
    expect(page.locator("#visit")).to_be_visible()


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
    Screen("checkin-denied", "/squads/{squad}/checkin", WHO, denied, at_place=False),
    Screen("me", "/me", WHO),
    Screen("squads", "/squads", LEAD),
    Screen("squad-new", "/squads/new", LEAD),
    Screen("people", "/squads/{squad}/people", LEAD),
    Screen("people-member", "/squads/{squad}/people", WHO),
    Screen("leave", "/squads/{squad}/leave", WHO),
    Screen("poster", "/squads/{squad}/invite/poster", LEAD),
    Screen("missing", "/squads/00000000-0000-7000-8000-000000000000", WHO),
]


class Frozen(Served):
    """The server on a set clock."""

    def __init__(self, ground: Ground, seed: bool) -> None:
        made = settings(data_dir=ground.room("shots"), signin_limit="1000/minute")
        super().__init__(ground.room("served"), made, ground.owner)
        self.command[2] = "tests.browser.frozen"
        self.env = {**environment(made), "FROZEN": CLOCK}
        self.members: dict[str, Any] = self._seed() if seed else {}

    def _seed(self) -> dict[str, Any]:
        command = [sys.executable, "-m", "tests.browser.frozen", "seed", "--demo", "--json"]
        done = subprocess.run(
            command, env=self.env, cwd=self.folder, capture_output=True, text=True, check=True
        )
        members: dict[str, Any] = json.loads(done.stdout)["members"]
        return members


@contextmanager
def two_towns() -> Iterator[dict[bool, Frozen]]:
    """An empty installation and the demo company, by whether it is empty."""
    ground = Ground.make()
    towns = {empty: Frozen(ground, seed=not empty) for empty in (True, False)}
    try:
        for town in towns.values():
            town.start()
        yield towns
    finally:
        for town in towns.values():
            town.end()
        ground.clear()


def take(browser: Browser, town: Frozen, screen: Screen, lang: str, phone: bool, scheme: str) -> Path:
    """One picture; its path."""
    person = arrive(
        browser,
        town.url,
        "",
        locale=lang,
        phone=phone,
        scheme=scheme,
        at=AT[lang] if screen.at_place else None,
    )
    person.page.clock.set_system_time(datetime.fromisoformat(CLOCK))
    handle = screen.who[lang] if screen.who else ""
    if handle:
        person.context.request.post(f"{town.url}/demo/signin", form={"handle": handle})
    squad = town.members[handle]["squads"][0] if handle else ""
    page = person.go(screen.path.format(squad=squad))
    screen.does(page)
    path = FOLDER / f"{screen.name}.{lang}-{'phone' if phone else 'desk'}-{scheme}.png"
    path.write_bytes(settled(page))
    person.context.close()
    if person.wrong:
        raise SystemExit(f"{path.name}: {person.wrong}")
    return path


def settled(page: Page) -> bytes:
    """The picture once nothing moves any more: two in a row are the same."""
    page.mouse.move(0, 0)
    before = page.screenshot()
    for _ in range(20):
        after = page.screenshot()
        if after == before:
            return after
        before = after
    return before


def main(words: list[str]) -> None:
    """All of them, or those whose file name holds every word."""
    chosen = [
        (screen, lang, phone, scheme)
        for screen, lang, phone, scheme in itertools.product(
            SCREENS, ("en", "zh"), (False, True), ("light", "dark")
        )
        if all(word in f"{screen.name}.{lang}-{'phone' if phone else 'desk'}-{scheme}" for word in words)
    ]
    FOLDER.mkdir(exist_ok=True)
    found = chromium.find()
    with two_towns() as towns, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=ARGUMENTS)
        for screen, lang, phone, scheme in chosen:
            print(
                take(browser, towns[screen.empty], screen, lang, phone, scheme).relative_to(ROOT), flush=True
            )
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
