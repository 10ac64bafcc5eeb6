"""A document shared with a customer: two browsers, one of them nobody's that is known here."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, Request, expect

from tests.browser.people import PHONE, Person, axe
from tests.browser.towns import Town


@pytest.fixture
def document(fair: Town, person: Callable[..., Person], north: str) -> str:
    """The address of a document of three pages in a folder of North Bank's."""
    path = f"/squads/{north}/drive/folders"
    made = fair.call("wang-fang", "POST", path, id=str(uuid4()), name=f"Cases {uuid4()}")
    pages = [Image.new("RGB", (600, 800), colour) for colour in ("#f4efe3", "#dfe9e7", "#efe2dc")]
    kept = BytesIO()
    pages[0].save(kept, "PDF", save_all=True, append_images=pages[1:])
    file: Any = {"name": "Harbour Clinic.pdf", "mimeType": "application/pdf", "buffer": kept.getvalue()}
    wang = person(fair, "wang-fang")
    address = f"{wang.home}/api/v1/drive/folders/{made['id']}/documents"
    came = wang.context.request.post(address, multipart={"id": str(uuid4()), "file": file})
    return f"/drive/documents/{came.json()['id']}"


def guest(browser: Browser, address: str, **more: Any) -> Page:
    """A customer's own phone, in Chinese unless said otherwise."""
    page = browser.new_context(**{**PHONE, "locale": "zh-CN", **more}).new_page()
    page.goto(address)
    return page


def at_hand(somebody: Person, document: str) -> None:
    """They marked it."""
    page = somebody.go(document)
    page.get_by_role("button", name="Favourite").click()
    expect(page.get_by_role("button", name="Favourite")).to_have_attribute("aria-pressed", "true")


def test_the_rep_sees_the_customer_look(
    fair: Town, person: Callable[..., Person], browser: Browser, document: str
) -> None:
    """Two taps to a link; the customer reads without an account; it is on the rep's phone while they read."""
    li = person(fair, "li-na", phone=True, permissions=["clipboard-read", "clipboard-write"])
    page = li.go(document)
    page.get_by_role("button", name="Share").click()
    expect(page.locator("html[data-live=on]")).to_be_attached()
    expect(page.locator("#views")).to_contain_text("Not opened yet")
    page.locator("[data-copy]").click()
    expect(page.locator("[data-copy]")).to_contain_text("Copied")
    address = page.evaluate("navigator.clipboard.readText()")
    assert address == page.locator("#address").input_value()
    assert axe(page) == []

    customer = guest(browser, address)
    expect(customer.locator("html")).to_have_attribute("lang", "zh")
    expect(customer.locator("main")).to_contain_text("发给你的")
    assert axe(customer) == []
    expect(page.locator("#views")).to_contain_text("Opened 1 time", timeout=15_000)
    customer.locator("[data-page='3']").scroll_into_view_if_needed()
    expect(page.locator("#views li")).to_contain_text("pages", timeout=15_000)
    customer.locator("#f-text").fill("有多硬？")
    customer.locator("#ask button").click()
    expect(customer.locator("#ask [role=status]")).to_be_visible()
    expect(page.locator(".nav .dot")).to_be_visible()

    page.locator("form[action$='/end'] button").click()
    expect(page.locator("#shared")).to_contain_text("switched off")
    customer.reload()
    expect(customer.get_by_role("heading", name="这个链接已失效")).to_be_visible()
    assert axe(customer) == []
    customer.locator("main form button").click()
    expect(customer.locator("main [role=status]")).to_be_visible()
    customer.context.close()
    page.goto(f"{li.home}/notices")
    again = page.locator("#notices > li", has_text="wanted again").or_(
        page.locator("#notices > li", has_text="would like a link again")
    )
    expect(again.first).to_be_visible()
    question = page.locator("#notices > li", has_text="有多硬？").first
    question.get_by_role("link").first.click()
    expect(page.locator("body")).to_contain_text("The customer does not see this thread")


def test_it_works_without_script(
    fair: Town, person: Callable[..., Person], browser: Browser, document: str
) -> None:
    """Made with a code, opened with it, asked about: by plain forms; and nothing is counted."""
    wang = person(fair, "wang-fang", java_script_enabled=False)
    page = wang.go(document)
    page.locator("form[action$='/links'] button").click()
    page.locator("[name=lock]").check()
    page.locator("#f-code").fill("water 420")
    page.locator("form:has(#f-code) button").click()
    customer = guest(browser, page.locator("#address").input_value(), java_script_enabled=False)
    customer.locator("#f-code").fill("water 42")
    customer.locator("main form button").click()
    expect(customer.locator("#f-code-wrong")).to_contain_text("口令不对")
    customer.locator("#f-code").fill("water 420")
    customer.locator("main form button").click()
    expect(customer.locator("#leaves img")).to_have_count(3)
    customer.locator("#f-text").fill("有多硬？")
    customer.locator("#ask button").click()
    expect(customer.locator("#ask [role=status]")).to_be_visible()
    page.reload()
    expect(page.locator("#views")).to_contain_text("Not opened yet")
    expect(page.locator("#views")).to_contain_text("有多硬？")
    customer.context.close()


def test_the_list_of_ones_links_follows(
    fair: Town, person: Callable[..., Person], browser: Browser, document: str
) -> None:
    """From the drive's beginning on a phone; a customer's look is in its row while it is open."""
    li = person(fair, "li-na", phone=True)
    page = li.go(document)
    page.get_by_role("button", name="Share").click()
    address = page.locator("#address").input_value()
    page.goto(f"{li.home}/drive")
    page.get_by_role("link", name="Shared links").click()
    expect(page.locator("html[data-live=on]")).to_be_attached()
    row = page.locator("#given li").first
    expect(row).to_contain_text("Not opened yet")
    assert axe(page) == []
    customer = guest(browser, address)
    expect(row).to_contain_text("Opened 1 time", timeout=15_000)
    row.get_by_role("link").click()
    page.locator("form[action$='/end'] button").click()
    page.goto(f"{li.home}/drive/links?state=ended")
    expect(page.locator("#given li").first).to_contain_text("Switched off")
    customer.context.close()


def test_two_taps_from_a_visit_and_from_a_call(
    fair: Town, person: Callable[..., Person], document: str, north: str
) -> None:
    """On a phone: what to send, and the link is there, for that customer; no word is typed."""
    li = person(fair, "li-na", phone=True)
    at_hand(li, document)
    visit = fair.check_in("li-na", north)
    asked = fair.call("li-na", "POST", f"/visits/{visit['id']}/calls", id=str(uuid4()), kind="price")
    shop = visit["customer"]
    for start in (f"/visits/{visit['id']}", f"/calls/{asked['id']}"):
        page, taps = li.go(start), 0
        for tapped in (
            page.get_by_role("link", name="Share a document"),
            page.get_by_role("button", name="Share Harbour Clinic").first,
        ):
            expect(tapped).to_be_visible()
            width = page.viewport_size["width"]  # type: ignore[index]
            box = tapped.bounding_box()
            assert box
            assert 0 <= box["x"] <= box["x"] + box["width"] <= width, "it is on the phone's screen"
            tapped.tap()
            taps += 1
        expect(page.locator("#address")).to_be_visible()
        assert taps == 2
        expect(page.locator("#f-customer")).to_have_value(shop)


@pytest.mark.parametrize(("locale", "said"), [("zh-CN", "发给你的"), ("en-GB", "Li Na sent you this.")])
def test_what_comes_before_the_document_is_light(
    fair: Town, person: Callable[..., Person], browser: Browser, document: str, locale: str, said: str
) -> None:
    """All bytes that really come, head and body, to a browser that knows nothing yet: at most 200 KB. None
    comes from elsewhere, and no request tells anybody the address.
    """
    li = person(fair, "li-na")
    page = li.go(document)
    page.get_by_role("button", name="Share").click()
    address = page.locator("#address").input_value()
    customer = browser.new_context(**{**PHONE, "locale": locale}).new_page()
    asked: list[Request] = []
    came: list[Request] = []
    customer.on("request", lambda one: asked.append(one))
    customer.on("requestfinished", lambda one: came.append(one))
    with customer.expect_request("**/seen"):
        customer.goto(address)
        expect(customer.locator("#leaves img").first).to_be_visible()
    expect(customer.locator("header")).to_contain_text(said)
    before = [one for one in came if "/pages/" not in one.url]
    assert {one.url.partition("?")[0] for one in came if one not in before}, "the document itself comes too"
    assert len(before) >= 5
    sizes = [one.sizes() for one in before]
    weight = sum(one["responseBodySize"] + one["responseHeadersSize"] for one in sizes)
    assert 20_000 < weight <= 200_000, weight
    assert all(one.url.startswith(fair.url) for one in asked)
    assert not [one.url for one in asked if "referer" in one.all_headers()]
    customer.context.close()


def test_a_newer_version_comes_to_the_page_that_is_open(
    fair: Town, person: Callable[..., Person], browser: Browser, document: str
) -> None:
    """At the same address; whoever reads the older one is told, and it is one tap."""
    li, wang = person(fair, "li-na"), person(fair, "wang-fang")
    page = li.go(document)
    page.get_by_role("button", name="Share").click()
    customer = guest(browser, page.locator("#address").input_value())
    expect(customer.locator("#leaves li")).to_have_count(3)
    expect(customer.locator("#newer")).to_be_hidden()
    newer = BytesIO()
    Image.new("RGB", (600, 800), "#e8dcc0").save(newer, "PDF")
    file: Any = {"name": "May.pdf", "mimeType": "application/pdf", "buffer": newer.getvalue()}
    path = f"{wang.home}/api/v1{document}/versions"
    assert wang.context.request.post(path, multipart={"id": str(uuid4()), "file": file}).status == 201
    expect(customer.locator("#newer")).to_be_visible()
    assert axe(customer) == []
    customer.locator("#newer a").click()
    expect(customer.locator("#leaves li")).to_have_count(1)
    expect(customer.locator("#newer")).to_be_hidden()
    customer.context.close()


def sent(fair: Town, li: Person, north: str, document: str) -> tuple[Page, str]:
    """The first customer of the list is given the document: the link’s sheet, and the customer."""
    shop = str(fair.call("li-na", "GET", f"/squads/{north}/customers")[0]["id"])
    at_hand(li, document)
    page = li.go(f"/customers/{shop}/share")
    page.get_by_role("button", name="Share Harbour Clinic").first.click()
    return page, shop


def test_the_customers_story_tells_of_it_while_they_read(
    fair: Town, person: Callable[..., Person], browser: Browser, document: str, north: str
) -> None:
    """In another window of whoever sent it, and at a desk of the squad's: when, which pages, how long."""
    li, lead = person(fair, "li-na", phone=True), person(fair, "wang-fang")
    page, shop = sent(fair, li, north, document)
    address = page.locator("#address").input_value()

    def story(somebody: Person) -> Locator:
        shown = somebody.context.new_page()
        shown.goto(f"{somebody.home}/customers/{shop}")
        expect(shown.locator("html[data-live=on]")).to_be_attached()
        return shown.locator("#story li", has_text="Harbour Clinic").first

    stories = [story(li), story(lead)]
    for one in stories:
        expect(one).to_contain_text("Not opened yet")
    customer = guest(browser, address)
    for one in stories:
        expect(one).to_contain_text("page 1 0:01")
    customer.locator("[data-page='3']").scroll_into_view_if_needed()
    for one in stories:
        expect(one).to_contain_text(re.compile(r"(2 of|all) 3 pages, longest on page \d 0:\d\d"))
    customer.context.close()


def test_a_question_is_taken_back_on_the_customers_word(
    fair: Town, person: Callable[..., Person], browser: Browser, document: str, north: str
) -> None:
    """From the link's page on a phone, for good; the customer's story at a desk follows."""
    li, lead = person(fair, "li-na", phone=True), person(fair, "wang-fang")
    page, shop = sent(fair, li, north, document)
    customer = guest(browser, page.locator("#address").input_value())
    customer.locator("#f-text").fill("这里的水多硬？")
    customer.locator("#f-name").fill("胡主任 138")
    customer.locator("#ask button").click()
    expect(customer.locator("#ask [role=status]")).to_contain_text("不会显示在这个页面上")
    story = lead.go(f"/customers/{shop}").locator("#story")
    expect(lead.page.locator("html[data-live=on]")).to_be_attached()
    expect(story).to_contain_text("胡主任 138")
    expect(page.locator("#views")).to_contain_text("胡主任 138")
    page.locator("#views").get_by_role("link", name="Remove").click()
    assert axe(page) == []
    page.get_by_role("button", name="Remove for good").click()
    expect(page.locator("#views")).to_be_visible()
    expect(page.locator("#views")).not_to_contain_text("胡主任")
    expect(story).not_to_contain_text("胡主任")
    expect(story).not_to_contain_text("这里的水多硬")
    customer.context.close()
