"""Calls for help and who is told of them, as their pictures show them."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.showing import live

PARTS = """state => {
    for (const one of document.querySelectorAll('[data-push]')) one.hidden = one.dataset.push !== state;
}"""


def over(page: Page) -> None:
    """The visit once its outcome is told, with its call that was answered."""
    visit = page.url
    page.locator("label.choice", has=page.locator("input[value=advanced]")).click()
    page.locator("#next").fill("A trial unit")
    with page.expect_navigation():
        page.locator("button[form=f-outcome]").click()
    page.goto(visit)
    live(page)
    expect(page.locator(".support .call")).to_be_visible()


def asked(page: Page) -> None:
    """One's own call that can wait, as its asker sees it."""
    page.locator("#customer").select_option(index=1)
    page.locator("label.choice", has=page.locator("[value=service]")).click()
    page.locator("#text").fill("The pump leaks since Monday · 水泵从周一开始漏水")
    page.locator("#f-ask button.primary").click()
    expect(page.locator("#kit")).to_be_visible()
    live(page)


def refused(page: Page) -> None:
    """An answer whose price is none, and a file that is neither PDF nor picture."""
    page.locator("#answer").fill("Get the 30 in writing first · 先把30台写下来")
    page.locator("#amount").fill("six thousand")
    page.locator("#minimum").fill("30")
    page.locator("[data-key=answer]").click()
    expect(page.locator("#amount[aria-invalid=true]")).to_be_visible()
    page.locator("#amount").scroll_into_view_if_needed()


def push(state: str) -> Callable[[Page], None]:
    """What is said of this device where its browser is in this state."""

    def show(page: Page) -> None:
        live(page)
        expect(page.locator("#push [data-push]:visible")).to_have_count(1)
        page.evaluate(PARTS, state)
        page.locator("#push").scroll_into_view_if_needed()

    return show
