"""Everybody can use it: axe finds nothing wrong on any of the screens, and nothing is out of reach."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from tests.bed.ground import Ground, settings
from tests.bed.served import Served
from tests.browser.fitting import cut_off
from tests.browser.people import DESK, Person, axe
from tests.browser.screens import AT, SCREENS
from tests.browser.towns import Town

DRESSES = [("en", "light", "dark"), ("zh", "dark", "light")]
"""Language, scheme on a phone, scheme at a desk. Each screen is seen in one of them, so in both schemes: its
language changes neither its structure nor its colours, and a look at a screen takes two seconds.
"""
PARTS = 3
"""Of a dress's screens: no test takes minutes."""


def on_the_map(wrong: str) -> bool:
    """A pin too near another: it stands where the customer is, and the feed opens the same thread."""
    return wrong.startswith("target-size") and "maplibregl-marker" in wrong


def seen_twice(page: Page, phone: str, desk: str) -> list[str]:
    """What is wrong with a page as it is on a phone, and then, made wide and in the other scheme, at a desk.

    To open it a second time would cost more than all that axe does.
    """
    narrow = page.viewport_size
    assert narrow
    found = axe(page)
    page.set_viewport_size(DESK["viewport"])
    page.emulate_media(color_scheme=desk)  # type: ignore[arg-type]
    found += axe(page) + cut_off(page)
    page.goto("about:blank")  # with the map it had, before there is another
    page.set_viewport_size(narrow)
    page.emulate_media(color_scheme=phone)  # type: ignore[arg-type]
    return [wrong for wrong in found if not on_the_map(wrong)]


@pytest.mark.parametrize("first", range(PARTS))
@pytest.mark.parametrize(("lang", "phone", "desk"), DRESSES, ids=lambda value: str(value))
def test_nothing_stands_in_anybodys_way(
    lang: str, phone: str, desk: str, first: int, town: Town, person: Callable[..., Person]
) -> None:
    """Contrast, names, roles, order of headings, targets, a narrow phone, large letters: on each screen."""
    somebody = person(town, "", signed_in=False, locale=lang, phone=True, scheme=phone, at=AT[lang])
    elsewhere = person(town, "", signed_in=False, locale=lang, phone=True, scheme=phone)
    found = []
    for screen in SCREENS[DRESSES.index((lang, phone, desk)) :: len(DRESSES)][first::PARTS]:
        if not screen.empty:
            page = screen.show(somebody if screen.at_place else elsewhere, town.members, lang)
            found += [f"{screen.name}: {wrong}" for wrong in seen_twice(page, phone, desk)]
    assert not found, "\n".join(found)


def test_the_first_screen_of_all(ground: Ground, browser: Browser, person: Callable[..., Person]) -> None:
    """Whoever sets it up is helped as well."""
    server = Served(ground.room("empty"), settings(data_dir=ground.room("nobody")), ground.owner)
    server.start()
    somebody = person(Town(server, {}), "", signed_in=False)
    wrong = axe(somebody.go("/setup"))
    server.end()
    assert wrong == []
