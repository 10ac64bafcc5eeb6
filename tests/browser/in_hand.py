"""What a rep has in hand, as the screens show it: documents on the phone, and shown across the table."""

from io import BytesIO
from itertools import count
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from server.demo.shelf_words import BROCHURES
from tests.browser import drives
from tests.server.papers import covered as covered_by
from tests.server.papers import pptx

NUMBERS = count(1)
"""Of the cards: no two in a folder have one name."""


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


def keeping(page: Page) -> None:
    """The form by which an answer becomes a card."""
    drives.filled(page)
    ask, home = page.context.request, page.url.partition("/drive")[0]
    squad = next(one["squad"] for one in ask.get(f"{home}/api/v1/drive").json() if one["squad"])
    posts = ask.get(f"{home}/api/v1/squads/{squad}/posts?limit=1").json()
    words = drives.WORDS[page.locator("html").get_attribute("lang") or "en"]["pages"][1]
    sent = {"id": str(uuid4()), "text": words}
    made = ask.post(f"{home}/api/v1/posts/{posts[0]['id']}/replies", data=sent)
    page.goto(f"{home}/posts/{made.json()['id']}/keep")


def card(page: Page) -> None:
    """A card, with whose answer it is."""
    keeping(page)
    name = page.locator("#f-name")
    name.fill(f"{name.input_value()[:24]} {next(NUMBERS)}")
    page.locator("main form button.primary").click()
    expect(page.locator("#card")).to_be_visible()


def shown(page: Page) -> None:
    """A document in show mode."""
    page.goto(drives.filled(page)[1] + "/show")
    expect(page.locator("#show-1 img")).to_have_js_property("complete", True)


def brochure(page: Page) -> None:
    """One of the demo's own, at the page where words were found."""
    words = drives.said_here(page)
    name = BROCHURES["north" if words is drives.WORDS["en"] else "south"]
    drives.read(page, f"{name} {words['sought']}", 1)
    page.goto(page.url + "/search?" + urlencode({"q": words["sought"]}))
    page.locator(".places a", has_text=name).click()
    expect(page.locator(".marks").first).not_to_have_js_property("naturalWidth", 0)


def refused(page: Page) -> None:
    """A document of which the phone was not given all."""
    address = drives.filled(page)[1]
    page.context.route("**/pages/1?keep=1", lambda route: route.fulfill(status=404))
    drives.at(page, address)
    page.locator("[data-pin] [data-do=pin]:visible").click()
    expect(page.locator("[data-pin][data-state=refused]").first).to_be_visible()


def covered(page: Page) -> None:
    """Slides that brought the picture of their first page, in a folder."""
    words, api = drives.said_here(page), page.url.replace("/drive", "/api/v1/drive")
    drives.filled(page)
    folders = next(one["folders"] for one in page.context.request.get(api).json() if one["squad"] is None)
    folder = next(one["id"] for one in folders if one["name"] == words["folders"][3])
    first = Image.new("RGB", (256, 144), "#12404f")
    ImageDraw.Draw(first).rectangle((20, 52, 236, 92), fill="#e8b04a")
    cover = BytesIO()
    first.save(cover, "JPEG")
    slides = covered_by(pptx(words["pages"]), "docProps/thumbnail.jpeg", cover.getvalue())
    sent: Any = {"name": f"{words['folders'][3]} {next(NUMBERS)}.pptx", "mimeType": "", "buffer": slides}
    form = {"id": str(uuid4()), "kind": "skill", "file": sent}
    came = page.context.request.post(f"{api}/folders/{folder}/documents", multipart=form)
    assert came.status == 201, came.text()
    drives.at(page, f"{page.url}/folders/{folder}")
    expect(page.locator(f"img[src*='{came.json()['id']}']")).not_to_have_js_property("naturalWidth", 0)


def covered_document(page: Page) -> None:
    """The same by themselves."""
    covered(page)
    page.locator("a.tile:has(img)").first.click()
    expect(page.locator(".sheet-thumb, main img").first).to_be_visible()
