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


def _opened(page: Page, address: str, *seen: str) -> None:
    """Customers look: what their browsers say of each visit."""
    guest = page.context.browser.new_context() if page.context.browser else page.context
    for pages in seen:
        visit = {"view": drives._id(address, pages), "pages": pages}
        told = guest.request.post(f"{address}/seen", form=visit)
        assert told.status == 204, told.text()
    guest.close()


def given(page: Page) -> None:
    """One's own links: one that was looked at and one for those who know the code, one switched off."""
    for ends in ("end", "lock", ""):
        address = drives._shared(page)
        if ends == "end":
            page.locator("form[action$='/end'] button").click()
            expect(page.locator("#shared")).to_be_visible()
        elif ends == "lock":
            page.locator("label.switch", has=page.locator("[name=lock]")).click()
            page.locator("#f-code").fill("water 420")
            page.locator("form:has(#f-code) button").click()
            expect(page.locator("[name=lock]")).to_be_checked()
        else:
            _opened(page, address, "1:4,2:9,3:1", "1:6")
    drives.at(page, page.url.partition("/drive")[0] + "/drive/links")
    expect(page.locator("#given li").nth(2)).to_be_visible()


def question(page: Page) -> None:
    """What a customer asked, before it is removed."""
    address = drives._shared(page)
    zh = page.locator("html").get_attribute("lang") == "zh"
    asks = {"name": "胡主任" if zh else "Mr Hu", "text": "有多硬？" if zh else "How hard is it?"}
    guest = page.context.browser.new_context() if page.context.browser else page.context
    assert guest.request.post(f"{address}/ask", form=asks).ok
    guest.close()
    page.reload()
    page.locator("#views a[href$='/remove']").click()
    expect(page.locator("form[action$='/remove']")).to_be_visible()


def binned(page: Page) -> None:
    """A link whose document lies in the bin, and is wanted."""
    address = drives._shared(page)
    sheet = page.url
    document = page.locator("header a.icon-btn").get_attribute("href") or ""
    ask, home = page.context.request, page.url.partition("/drive")[0]
    ask.delete(f"{home}/api/v1{document}")
    guest = page.context.browser.new_context() if page.context.browser else page.context
    assert guest.request.post(f"{address}/again").status == 410, "on to the page that says so"
    guest.close()
    drives.at(page, sheet)
    row = next(one for one in ask.get(f"{home}/api/v1/drive/bin").json() if one["what"] == "document")
    ask.put(f"{home}/api/v1/drive/bin/{row['id']}/restore")


def story(page: Page) -> None:
    """A customer's story with what was sent there: who looked, at which pages, how long; what was asked."""
    drives._shared(page)
    zh = page.locator("html").get_attribute("lang") == "zh"
    ask, home = page.context.request, page.url.partition("/drive")[0]
    squad = next(one["squad"] for one in ask.get(f"{home}/api/v1/drive").json() if one["squad"])
    customer = ask.get(f"{home}/api/v1/squads/{squad}/customers").json()[0]["id"]
    drives.at(page, f"{home}/customers/{customer}/share?q={drives.WORDS['zh' if zh else 'en']['squads']}")
    page.locator("#shelf form button").first.click()
    expect(page.locator("#address")).to_be_visible()
    address = page.locator("#address").input_value()
    _opened(page, address, "1:4,2:9,3:1", "1:6")
    guest = page.context.browser.new_context() if page.context.browser else page.context
    asks = {"name": "胡主任" if zh else "Mr Hu", "text": "有多硬？" if zh else "How hard is it?"}
    assert guest.request.post(f"{address}/ask", form=asks).ok
    guest.close()
    drives.at(page, f"{home}/customers/{customer}")
    page.locator("#story li[id^=mo-]").first.scroll_into_view_if_needed()
