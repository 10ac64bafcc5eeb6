"""The fixed list of screens as pictures, in .shots: `python -m tests.browser.shots [words of the name ...]`.

The demo company on a set clock, each screen on a phone and at a desk, in English and Chinese, light and dark.
"""

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bed.ground import Ground, settings
from tests.bed.served import ROOT, Served, environment
from tests.browser import chromium
from tests.browser.conftest import ARGUMENTS
from tests.browser.people import arrive
from tests.browser.screens import AT, SCREENS, Screen

FOLDER = ROOT / ".shots"
PRINTED = ("log-answered", "customer", "ledger-statement", "search")
"""Screens that are pictured as they are on paper, too."""
CLOCK = "2026-09-15T14:51:00+08:00"


class Frozen(Served):
    """The server on a set clock."""

    def __init__(self, ground: Ground, seed: bool) -> None:
        made = settings(data_dir=ground.room("shots"), signin_limit="1000/minute")
        program = "tests.browser.frozen"
        super().__init__(ground.room("served"), made, ground.owner, cold=True, program=program)
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
    page = screen.show(person, town.members, lang)
    path = FOLDER / f"{screen.name}.{lang}-{'phone' if phone else 'desk'}-{scheme}.png"
    path.write_bytes(settled(page))
    person.context.close()
    if person.wrong:
        raise SystemExit(f"{path.name}: {person.wrong}")
    return path


def on_paper(screen: Screen) -> Screen:
    """The same, printed."""

    def does(page: Page) -> None:
        screen.does(page)
        page.emulate_media(media="print", color_scheme="light")

    return replace(screen, name=f"{screen.name}-paper", does=does)


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
            [*SCREENS, *(on_paper(one) for one in SCREENS if one.name in PRINTED)],
            ("en", "zh"),
            (False, True),
            ("light", "dark"),
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
