"""Everybody can use it: axe finds nothing wrong on any of the screens."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.bed.ground import Ground, settings
from tests.bed.served import Served
from tests.browser.people import Person, axe
from tests.browser.screens import AT, SCREENS
from tests.browser.towns import Town

DRESSES = [("en", False, "light"), ("zh", True, "dark"), ("en", True, "light"), ("zh", False, "dark")]
"""Language, phone or desk, scheme: every value with every value of another."""


def on_the_map(wrong: str) -> bool:
    """A pin too near another: it stands where the customer is, and the feed opens the same thread."""
    return wrong.startswith("target-size") and "maplibregl-marker" in wrong


@pytest.mark.parametrize(("lang", "phone", "scheme"), DRESSES, ids=lambda value: str(value))
def test_nothing_stands_in_anybodys_way(
    lang: str, phone: bool, scheme: str, town: Town, person: Callable[..., Person]
) -> None:
    """Contrast, names, roles, order of headings, targets: on each screen of the fixed list."""
    somebody = person(town, "", signed_in=False, locale=lang, phone=phone, scheme=scheme, at=AT[lang])
    elsewhere = person(town, "", signed_in=False, locale=lang, phone=phone, scheme=scheme)
    found = []
    for screen in SCREENS:
        if not screen.empty:
            page = screen.show(somebody if screen.at_place else elsewhere, town.members, lang)
            found += [f"{screen.name}: {wrong}" for wrong in axe(page) if not on_the_map(wrong)]
    assert found == []


def test_the_first_screen_of_all(ground: Ground, browser: Browser, person: Callable[..., Person]) -> None:
    """Whoever sets it up is helped as well."""
    server = Served(ground.room("empty"), settings(data_dir=ground.room("nobody")), ground.owner)
    server.start()
    somebody = person(Town(server, {}), "", signed_in=False)
    wrong = axe(somebody.go("/setup"))
    server.end()
    assert wrong == []
