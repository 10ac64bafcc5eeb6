"""On paper: what one takes along is there, whole; what one would press is not."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person
from tests.browser.screens import WORDS
from tests.browser.towns import Town

COLOUR = "(one) => getComputedStyle(one).backgroundColor"


@pytest.mark.usefixtures("mapless")
@pytest.mark.parametrize(
    ("path", "stays", "gone"),
    [
        (f"/search?q={WORDS['en']}", ".hits > li", (".nav", ".bar-top", ".kinds", ".takes", ".sift .btn")),
        ("/me/ledger/statement", ".statement tr", (".nav", ".bar-top", ".acts")),
    ],
)
def test_what_is_printed(
    town: Town, person: Callable[..., Person], path: str, stays: str, gone: tuple[str, ...]
) -> None:
    """White, of any length, without bars and buttons."""
    page = person(town, "li-na").go(path)
    for one in gone:
        expect(page.locator(one).first).to_be_visible()
    page.emulate_media(media="print")
    for one in gone:
        expect(page.locator(one).first).to_be_hidden()
    expect(page.locator(stays).last).to_be_visible()
    assert page.locator(".app").evaluate(COLOUR) == "rgb(255, 255, 255)"
    assert page.locator(".main").evaluate("(one) => getComputedStyle(one).overflowY") == "visible"
