"""What a customer sees of a document that was sent to them, before a picture is taken."""

from playwright.sync_api import Page, expect

from tests.browser import drives


def words(page: Page) -> None:
    """A file without pictures of its pages: what is written in it."""
    drives.written(page)
    page.locator("form[action$='/links'] button").click()
    address = page.locator("#address").input_value()
    page.context.clear_cookies()
    page.goto(address)
    expect(page.locator("#leaves li").first).to_be_visible()
