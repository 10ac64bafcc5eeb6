"""What the customer needs, in hand: brought over a bad line, found on a phone, sent, seen, taken back."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Browser, Page, Request, expect

from tests.bed.wire import Wire
from tests.browser import drives
from tests.browser.people import PHONE, Person
from tests.browser.test_drive import choose
from tests.browser.towns import Town
from tests.server.papers import pdf

FILM = 300_000_000
MP4 = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2"
END = b"the end of the film"
CUT_AT = (60_000_000, 200_000_000)
"""Bytes that are there when the line breaks, or some more."""


def film(path: Path) -> Path:
    """As large as one of some minutes, and mostly holes."""
    with path.open("wb") as target:
        target.write(MP4)
        target.seek(FILM - len(END))
        target.write(END)
    return path


def brought(page: Page, wire: Wire, *files: Path) -> int:
    """Chosen together. How often the line broke within a piece; it comes back once that is noticed."""
    cuts: list[int] = []

    def sent(request: Request) -> None:
        offset = int(request.headers.get("upload-offset", "0"))
        if request.method == "PATCH" and len(cuts) < len(CUT_AT) and offset >= CUT_AT[len(cuts)]:
            cuts.append(offset)
            wire.cut()

    page.on("request", sent)
    page.on("requestfailed", lambda _: wire.mend())
    choose(page, *files)
    expect(page.locator("#tray [data-state=done]")).to_have_count(len(files), timeout=80_000)
    return len(cuts)


def test_the_customer_has_it_in_hand(
    fair: Town, person: Callable[..., Person], browser: Browser, north: str, tmp_path: Path
) -> None:
    """A film and a book of 120 pages go up; 涂料 is on page 37; the customer reads it until they may not."""
    made = fair.call(
        "wang-fang", "POST", f"/squads/{north}/drive/folders", id=str(uuid4()), name=f"样本 {uuid4()}"
    )
    name = f"产品手册 {uuid4().hex[:6]}"
    pages = [f"第{n}页\n产品目录：水泵、阀门与滤芯。" for n in range(1, 121)]
    pages[36] = "第37页\n本页介绍防腐涂料的施工方法。"
    book = tmp_path / f"{name}.pdf"
    book.write_bytes(pdf(pages))
    with Wire(fair.server.port) as wire:
        wang = person(fair, "wang-fang", url=wire.url)
        page = wang.go(f"/drive/folders/{made['id']}")
        assert brought(page, wire, film(tmp_path / "Film.mp4"), book) == 2
        page.locator("#tray .up", has_text="Film").locator("[data-open]").click()
        expect(page.locator("video.film")).to_be_visible()
        tail = {"Range": f"bytes={FILM - len(END)}-"}
        kept = wang.context.request.get(f"{page.url}/versions/1/file", headers=tail)
        assert (kept.status, kept.body()) == (206, END)

    li = person(fair, "li-na", locale="zh", phone=True)
    page = li.go("/drive")
    drives.read(page, f"{name} 涂料", 1)
    page.locator("main [name=q]:visible").fill("涂料")
    page.keyboard.press("Enter")
    found = page.locator(".places a", has_text=name)
    expect(found).to_contain_text("第 37 页")
    found.click()
    expect(page.locator("#page-37 img:not(.marks)")).to_be_in_viewport()
    page.get_by_role("button", name="分享").click()
    expect(page.locator("html[data-live=on]")).to_be_attached()
    address = page.locator("#address").input_value()

    customer = browser.new_context(**{**PHONE, "locale": "zh-CN"}).new_page()
    customer.goto(address)
    expect(customer.locator("#leaves li")).to_have_count(120)
    expect(customer.locator("#leaves img").first).not_to_have_js_property("naturalWidth", 0)
    expect(page.locator("#views")).to_contain_text("打开过 1 次")
    page.locator("form[action$='/end'] button").click()
    expect(page.locator("#shared")).to_be_visible()
    refused = customer.context.request.get(f"{address}/pages/37")
    assert refused.status == 404
    customer.reload()
    expect(customer.get_by_role("heading", name="这个链接已失效")).to_be_visible()
    customer.context.close()
