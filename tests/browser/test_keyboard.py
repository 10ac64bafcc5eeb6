"""Without a mouse: everything is reached in order, one sees where one is, and nothing must be pointed at."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.looking import live, squad_of
from tests.browser.people import Person
from tests.browser.towns import Town

DOOR = (31.2180, 121.4363)
"""A few steps from Hengtai Hardware."""
STEPS = 90
"""Presses of Tab that lead round any of these pages."""
WHERE = """() => {
    const one = document.activeElement;
    const drawn = one.matches('input[type=radio], input[type=checkbox]') ? one.closest('label') || one : one;
    const { width, height } = drawn.getBoundingClientRect();
    const style = [one, drawn].map((part) => getComputedStyle(part));
    const ringed = style.some((each) => each.outlineStyle !== 'none' || each.boxShadow !== 'none');
    return [one.outerHTML.slice(0, 120), one === document.body, width > 0 && height > 0, ringed];
}"""


def reach(page: Page, selector: str) -> None:
    """Presses Tab until that has the focus; at each stop on the way one sees where one is."""
    passed: list[str] = []
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        found, nowhere, seen, ringed = page.evaluate(WHERE)
        passed.append(found)
        assert nowhere or (seen and ringed), f"one does not see where one is: {found}"
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab; passed:\n" + "\n".join(passed))


def test_a_visit_from_the_door_to_the_cheer(fair: Town, person: Callable[..., Person], mapless: None) -> None:
    """Checked in, won, cheered and answered, by two who have nothing but keys."""
    squad = squad_of(fair)
    page = live(person(fair, "sun-yue", at=DOOR), squad)
    reach(page, f"a[href='/squads/{squad}/checkin']")
    page.keyboard.press("Enter")
    expect(page.locator("#accuracy")).to_contain_text("±")
    reach(page, "#f-checkin button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator("#visit")).to_be_visible()
    reach(page, "#f-outcome input[name=result]")
    page.keyboard.press("Space")
    reach(page, "#amount")
    page.keyboard.type("12800")
    page.keyboard.press("Enter")
    won = page.locator(".win", has_text="12,800")
    expect(won).to_be_visible()
    post = str(won.get_attribute("id")).removeprefix("p-")

    page = live(person(fair, "li-na"), squad)
    reach(page, f"#p-{post} .react.cheer")
    page.keyboard.press("Enter")
    expect(page.locator(f"#p-{post} .react.cheer")).to_have_attribute("aria-pressed", "true")
    reach(page, f"#p-{post} .more-link")
    page.keyboard.press("Enter")
    expect(page.locator(f"#th-{post}")).to_be_visible()
    reach(page, "#thread textarea")
    page.keyboard.type("Well done")
    page.keyboard.press("Enter")
    expect(page.locator("#thread .reply", has_text="Well done")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(f"#th-{post}")).to_be_hidden()
