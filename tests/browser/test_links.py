"""A document shared with a customer: two browsers, one of them nobody's that is known here."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

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
