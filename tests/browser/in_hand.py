"""What a rep has in hand, as the screens show it: documents on the phone, and shown across the table."""

from playwright.sync_api import Page, expect

from tests.browser import drives


def pinned(page: Page) -> None:
    """A folder that is on this phone."""
    drives.folder(page)
    page.locator("[data-pin] [data-do=pin]:visible").click()
    expect(page.locator("[data-pin][data-state=on]")).to_be_visible()


def on_phone(page: Page) -> None:
    """All that is on this phone: a folder, and a document by itself."""
    pinned(page)
    page.goto(drives.filled(page)[1])
    expect(page.locator("[data-pin][data-state=with]")).to_be_visible()
    drives.at(page, page.url.partition("/documents")[0] + "/phone")
    expect(page.locator("#kept li")).to_have_count(4)


def shown(page: Page) -> None:
    """A document in show mode."""
    page.goto(drives.filled(page)[1] + "/show")
    expect(page.locator("#show-1 img")).to_have_js_property("complete", True)
