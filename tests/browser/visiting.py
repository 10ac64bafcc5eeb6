"""What is done on the squad's page, in a visit and at the desk before their picture is taken."""

from uuid import uuid4

from playwright.sync_api import FilePayload, Page, expect

from tests.browser import helping
from tests.browser.rallying import connected
from tests.browser.showing import LEAD, WHO, check_in_ready, helped, live, needed, of_page, shop_front


def thread(page: Page) -> None:
    """The thread of the newest win."""
    connected(page)
    page.locator("#feed > article.win a.more-link").first.click()
    expect(page.locator("#thread.open")).to_be_visible()


def with_photos(page: Page) -> None:
    """Two photos chosen, which can be left out again."""
    check_in_ready(page)
    shot: FilePayload = {"name": "door.jpg", "mimeType": "image/jpeg", "buffer": shop_front()}
    page.locator("#f-checkin [name=photo]").set_input_files([shot, {**shot, "name": "shelf.jpg"}])
    expect(page.locator("[data-picked] .chip")).to_have_count(2)


def shown_photos(page: Page) -> None:
    """A message with three photos and one that is on its way, in feed and thread."""
    connected(page)
    ask, home = page.context.request, f"{page.url.partition('/squads/')[0]}/api/v1"
    ids = [str(uuid4()) for _ in range(5)]
    for id in ids[:3]:
        shot: FilePayload = {"name": "door.jpg", "mimeType": "image/jpeg", "buffer": shop_front()}
        assert ask.post(f"{home}/photos", multipart={"id": id, "file": shot}).status in (200, 201)
    said = {"id": ids[4], "text": "", "photos": ids[:4]}
    squad = page.locator("#map").get_attribute("data-squad")
    assert ask.post(f"{home}/squads/{squad}/messages", data=said).status == 201
    page.locator(f"#p-{ids[4]} .more-link").click()
    expect(page.locator("#thread .photo")).to_have_count(3)
    for photo in page.locator(".photo").all():
        photo.evaluate("async (image) => { image.loading = 'eager'; await image.decode(); }")


def denied(page: Page) -> None:
    """The sheet where the phone may not tell its position."""
    expect(page.locator("#denied")).to_be_visible()
    expect(page.locator("#map canvas")).to_be_visible(timeout=30_000)


def checked_in(page: Page) -> None:
    """The visit that has just begun."""
    check_in_ready(page)
    page.locator("#f-checkin button[type=submit]").click()
    expect(page.locator("#visit #map[data-ready]")).to_be_attached(timeout=30_000)


def won(page: Page) -> None:
    """The words that belong to a win."""
    checked_in(page)
    page.locator("label.choice", has=page.locator("input[value=won]")).click()
    page.locator("#amount").fill("86400")


def by_hand(page: Page) -> None:
    """The pin, to be put right."""
    checked_in(page)
    page.locator("[data-pin=move]").click()


def sheet(page: Page) -> None:
    """What one may call for."""
    checked_in(page)
    page.locator("#calling > summary").click()
    expect(page.locator(".needs")).to_be_visible()


def called(page: Page) -> None:
    """Waiting for an answer, inside the visit."""
    sheet(page)
    page.locator("#ask").fill("30 units, they hold 7,100 against us")
    with page.expect_navigation():  # the frame may be here before the answer that leads on
        page.locator(".needs [value=price]").click()
    expect(page.locator(".support .call")).to_be_visible()


def answered(page: Page) -> None:
    """Somebody else has answered."""
    called(page)
    helped(page, of_page(page, LEAD))
    expect(page.locator(".support .answers")).to_be_visible()


def case(page: Page) -> None:
    """One of the calls that wait."""
    live(page)
    if not page.locator("#queue .call-row").count():
        needed(page, of_page(page, WHO))
    page.locator("#queue .call-row").first.click()
    live(page)
    expect(page.locator("#kit")).to_be_visible()


def over(page: Page) -> None:
    """The visit has ended; its call is closed."""
    answered(page)
    helping.over(page)


def refused(page: Page) -> None:
    """What was typed stays, with what is wrong."""
    case(page)
    helping.refused(page)
