"""What is done on a page before its picture is taken, where it needs no more than the page."""

from io import BytesIO
from uuid import uuid4

from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, Page, expect

WHO = {"en": "li-na", "zh": "lin-xiao"}
LEAD = {"en": "wang-fang", "zh": "chen-xi"}
"""Handles of who looks, and of who leads, by language."""


def of_page(page: Page, handles: dict[str, str]) -> str:
    """Who of them speaks the page's language."""
    return handles[page.locator("html").get_attribute("lang") or "en"]


def shop_front() -> bytes:
    """A photo of a made-up shop."""
    image = Image.new("RGB", (1200, 900), "#b9c3c4")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 120, 1200, 800), fill="#a6947c")
    draw.rectangle((60, 200, 1140, 380), fill="#2b4a63")
    for x in (120, 480, 840):
        draw.rectangle((x, 440, x + 240, 780), fill="#3c352c")
    made = BytesIO()
    image.save(made, "JPEG")
    return made.getvalue()


def live(page: Page) -> None:
    """The page is live; it has no map."""
    expect(page.locator("html[data-live=on]")).to_be_attached()


def trail(page: Page) -> None:
    """The map of one day is there."""
    expect(page.locator("#map[data-ready]")).to_be_attached(timeout=30_000)


def announcement(page: Page) -> None:
    """One of them alone, with who has read it."""
    page.locator("#pinned h2 a").first.click()
    page.locator(".who-read summary").click()


def territory(page: Page) -> None:
    """The north bank: its outline, its squad, and for an admin the forms."""
    page.locator("#tree a").nth(1).click()
    expect(page.locator("#managers")).to_be_visible()


def closing(page: Page) -> None:
    """It is asked first, and what is not empty stays."""
    territory(page)
    page.goto(f"{page.url}/close")


def customer(page: Page) -> None:
    """A file with something in it."""
    page.locator(".shop-row").first.click()
    live(page)
    expect(page.locator("#facts li").first).to_be_visible()


def telling(page: Page) -> None:
    """Adding what one knows."""
    customer(page)
    page.goto(f"{page.url}?add=fact#add-fact")
    expect(page.locator("#f-text")).to_be_visible()


def customer_head(page: Page) -> None:
    """What stands at the head of the file, to be changed."""
    customer(page)
    page.goto(f"{page.url}/edit")


def letter(page: Page) -> None:
    """One's own day, told to the squad and read by its lead."""
    form = page.locator("#draft")
    home, squad = page.url.partition("/squads/")[0], form.get_attribute("data-squad")
    said = {"day": form.get_attribute("data-day"), "lines": {}}
    told = page.context.request.post(f"{home}/api/v1/squads/{squad}/logs", data=said)
    assert told.status in (200, 201), told.text()
    page.goto(f"{home}/logs/{told.json()['id']}")
    live(page)


def log_fields(page: Page) -> None:
    """With one of them, as it is answered by choosing."""
    if page.locator(".people li").count():
        return
    page.locator("#f-name").fill("Samples left · 剩余样品")
    page.locator("#f-kind").select_option("choice")
    page.locator("#f-choices").fill("0\n1\n2+")
    page.locator("form:has(#f-name) .primary").click()
    expect(page.locator(".people li").first).to_be_visible()


def unanswered(page: Page) -> None:
    """Somebody of the squad has sent their day, and waits."""
    assert page.context.browser
    told = page.context.browser.new_context()
    home = page.url.partition("/squads/")[0]
    told.request.post(f"{home}/demo/signin", form={"handle": of_page(page, WHO)})
    theirs = told.new_page()
    theirs.goto(f"{page.url}/today")
    letter(theirs)
    told.close()
    page.reload()
    live(page)
    expect(page.locator("[aria-labelledby=h-waiting], #waiting, .log-row").first).to_be_visible()


def answered_letter(page: Page) -> None:
    """Yesterday's of a colleague, with what was said beside its lines."""
    page.locator("#logs .log-row").last.click()
    live(page)


def wrong_password(page: Page) -> None:
    """The same form, answered."""
    page.locator("input[autocomplete~=username]").fill("li-na")
    page.locator("input[autocomplete~=current-password]").fill("not this one")
    page.locator("input[autocomplete~=current-password]").press("Enter")
    expect(page.locator("[aria-invalid=true]")).to_be_visible()


def check_in_ready(page: Page) -> None:
    """The sheet, with the phone's position."""
    expect(page.locator("#accuracy")).to_contain_text("±")
    expect(page.locator("#map canvas")).to_be_visible(timeout=30_000)


def needed(page: Page, handle: str) -> None:
    """Somebody calls for a sample for one of their squad's customers, in time for the day after tomorrow."""
    assert page.context.browser
    asker = page.context.browser.new_context()
    home = page.url.partition("/desk")[0]
    href = page.locator("a[href$='/calls/new']").get_attribute("href")
    assert href
    api = f"{home}/api/v1{href.removesuffix('/calls/new')}"
    asker.request.post(f"{home}/demo/signin", form={"handle": handle})
    customer = asker.request.get(f"{api}/customers").json()[0]
    due = page.evaluate("new Date(Date.now() + 48 * 3600 * 1000).toISOString()")
    said = {"id": str(uuid4()), "kind": "sample", "customer_id": customer["id"], "due_at": due}
    call = asker.request.post(f"{api}/calls", data=said)
    assert call.status == 201, call.text()
    asker.close()


def helped(page: Page, handle: str) -> None:
    """Somebody answers the newest call of the visit, with a price and a photo."""
    home, id = page.url.partition("/visits/")[0], page.locator(".asked").first.get_attribute("id")
    assert id
    assert page.context.browser
    helper = page.context.browser.new_context()
    helper.request.post(f"{home}/demo/signin", form={"handle": handle})
    shot: FilePayload = {"name": "plate.jpg", "mimeType": "image/jpeg", "buffer": shop_front()}
    kept = {"id": str(uuid4()), "file": shot}
    assert helper.request.post(f"{home}/api/v1/documents", multipart=kept).status == 201
    until = page.evaluate("new Date(Date.now() + 4 * 3600 * 1000).toISOString()")
    said = {
        "id": str(uuid4()),
        "text": "Do not open with the number. Get the 30 in writing first.",
        "authority": {"amount": "6480", "minimum": "30", "until": until},
        "files": [{"id": kept["id"], "name": "plate.jpg"}],
    }
    answer = helper.request.post(f"{home}/api/v1/calls/{id.removeprefix('vc-')}/answers", data=said)
    assert answer.status == 201, answer.text()
    helper.close()
