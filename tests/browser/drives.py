"""The drive as the screens show it: folders with a few documents, brought through the API."""

import time
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5

from PIL import Image
from playwright.sync_api import FilePayload, Page, Request, expect

from tests.server.papers import docx, pdf

WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "folders": ["Brochures", "Samples", "Cases", "Training"],
        "squads": "Quotes",
        "files": [
            "Harbour Clinic",
            "Linjiang Kindergarten",
            "Dentist, hard water",
            "Rental against purchase",
        ],
        "tags": ["Clinics", "Schools"],
        "sought": "hard water",
        "pages": [
            "Harbour Clinic, two\nyears without scale\n\nWhen the sterilisers failed for the third time",
            "Ward water here is hard water at 420 ppm;\nafter six months the boilers were free of scale.",
        ],
    },
    "zh": {
        "folders": ["宣传册", "样本", "案例", "培训"],
        "squads": "报价",
        "files": ["港口诊所", "临江幼儿园", "牙科诊所与硬水", "租赁与购买对比"],
        "tags": ["诊所", "学校"],
        "sought": "硬水",
        "pages": [
            "港口诊所：两年没有水垢\n\n一个冬天里，灭菌器第三次出了故障，\n诊所的工程师测了水质。",
            "病区的水是硬水，420 ppm；\n用了六个月，锅炉里没有水垢。",
        ],
    },
}


def picture() -> bytes:
    """A photo of nothing."""
    made = BytesIO()
    Image.new("RGB", (60, 40), "teal").save(made, "JPEG")
    return made.getvalue()


def contents(words: dict[str, Any]) -> list[tuple[str, bytes]]:
    """What the documents are: the ends of their names, and what is in them."""
    pages = words["pages"]
    return [
        (".pdf", pdf(pages, 2_100_000)),
        (".pdf", pdf(pages[:1], 890_000)),
        (".docx", docx([pages[1], pages[0]])),
        (".jpg", picture()),
    ]


def _id(*words: object) -> str:
    return str(uuid5(NAMESPACE_URL, "/".join(map(str, words))))


def filled(page: Page) -> tuple[str, str]:
    """Brings everything there is to see, once; answers the addresses of a folder and a document."""
    words = WORDS[page.locator("html").get_attribute("lang") or "en"]
    ask, home = page.context.request, page.url.partition("/drive")[0]
    api = f"{home}/api/v1/drive"
    folders = []
    for name in words["folders"]:
        made = ask.post(f"{api}/folders", data={"id": _id(name), "name": name})
        assert made.status in (200, 201), made.text()
        folders.append(made.json()["id"])
    squad = next(one["squad"] for one in ask.get(api).json() if one["squad"] and one["keeps"])
    ask.post(
        f"{home}/api/v1/squads/{squad}/drive/folders",
        data={"id": _id(words["squads"]), "name": words["squads"]},
    )
    documents = []
    for n, (name, (end, content)) in enumerate(zip(words["files"], contents(words), strict=True)):
        sent: Any = {"name": name + end, "mimeType": "", "buffer": content}
        form = {"id": _id(name, n), "kind": "case", "file": sent}
        came = ask.post(f"{api}/folders/{folders[2]}/documents", multipart=form)
        assert came.status in (200, 201), came.text()
        documents.append(came.json()["id"])
        said = {"name": name, "kind": "case", "tags": [words["tags"][n % 2]], "folder": folders[2]}
        assert ask.patch(f"{api}/documents/{documents[-1]}", data=said).ok
    newer: Any = {
        "id": _id("newer", words["files"][0]),
        "file": {"name": "x.pdf", "mimeType": "", "buffer": pdf(words["pages"])},
    }
    assert ask.post(f"{api}/documents/{documents[0]}/versions", multipart=newer).ok
    ask.put(f"{api}/documents/{documents[0]}/favourite")
    for one in documents[:2]:
        ask.get(f"{home}/drive/documents/{one}/versions/1/file")
    return f"{home}/drive/folders/{folders[2]}", f"{home}/drive/documents/{documents[0]}"


def at(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("html[data-live=on]")).to_be_attached()


def home(page: Page) -> None:
    """Where it begins."""
    filled(page)
    at(page, page.url)


def folder(page: Page) -> None:
    """A folder as pages."""
    at(page, filled(page)[0])


def listed(page: Page) -> None:
    """A folder as a list."""
    at(page, filled(page)[0] + "?view=list")


def uploading(page: Page) -> None:
    """The form to bring files."""
    at(page, filled(page)[0] + "/upload")


def bringing(page: Page) -> None:
    """A folder with files on their way: one is here, one is paused, two try to get through."""
    folder(page)
    words = WORDS[page.locator("html").get_attribute("lang") or "en"]["files"]
    page.route(
        "**/drive/uploads/*", lambda route: route.abort() if _large(route.request) else route.continue_()
    )
    with page.expect_file_chooser() as opened:
        page.locator("a[data-pick]:visible").click()
    files: list[FilePayload] = [
        {"name": f"{words[2]}.txt", "mimeType": "text/plain", "buffer": b"420 ppm"},
        {"name": f"{words[1]}.mov", "mimeType": "video/quicktime", "buffer": b"0" * 100_000},
        {"name": f"{words[0]}.mov", "mimeType": "video/quicktime", "buffer": b"0" * 90_000},
        {"name": f"{words[3]}.mov", "mimeType": "video/quicktime", "buffer": b"0" * 80_000},
    ]
    opened.value.set_files(files)
    expect(page.locator("#tray [data-state=done]")).to_have_count(1)
    expect(page.locator("#tray [data-state=going]")).to_have_count(2)
    page.locator("#tray [data-state=going] [data-do=pause]").last.click()
    expect(page.locator("#tray [data-state=going]")).to_have_count(2)


def _large(request: Request) -> bool:
    """Whether it carries one of the films."""
    return len(request.post_data_buffer or b"") > 1000


def changing_folder(page: Page) -> None:
    """The form for a folder."""
    at(page, filled(page)[0] + "/edit")


def document(page: Page) -> None:
    """One with two versions."""
    at(page, filled(page)[1])


def said_here(page: Page) -> dict[str, Any]:
    return WORDS[page.locator("html").get_attribute("lang") or "en"]


def read(page: Page, q: str, places: int) -> None:
    """Waits until the words are read in so many documents."""
    ask, home = page.context.request, page.url.partition("/drive")[0]
    asked = {"q": q, "kind": "document"}
    end = time.monotonic() + 30
    while len(ask.get(f"{home}/api/v1/search", params=asked).json()["results"]) < places:
        assert time.monotonic() < end, "not read"


def searching(page: Page) -> None:
    """What is found in the drive."""
    filled(page)
    words = said_here(page)
    read(page, words["sought"], 2)
    at(page, page.url + "/search?" + urlencode({"q": words["sought"]}))


def hit(page: Page) -> None:
    """A document at the page where words were found."""
    address = filled(page)[1]
    words = said_here(page)
    read(page, words["sought"], 2)
    at(page, f"{address}?{urlencode({'page': 2, 'q': words['sought']})}#page-2")


def written(page: Page) -> None:
    """What is written in a document of which there are no pictures."""
    filled(page)
    words = said_here(page)
    read(page, words["sought"], 2)
    page.goto(page.url + "/search?" + urlencode({"q": words["files"][2]}))
    page.locator(".places a").first.click()


def changing(page: Page) -> None:
    """The form for a document."""
    at(page, filled(page)[1] + "/edit")


def binned(page: Page) -> None:
    """The bin with something in it."""
    words = WORDS[page.locator("html").get_attribute("lang") or "en"]
    filled(page)
    ask, api = page.context.request, f"{page.url.partition('/drive')[0]}/api/v1/drive"
    made = ask.post(
        f"{api}/folders", data={"id": _id(page.url, "old"), "name": f"{words['folders'][0]} 2025"}
    )
    ask.delete(f"{api}/folders/{made.json()['id']}")
    at(page, page.url)


def _shared(page: Page) -> str:
    """The sheet of a link to a document of three pages; its address."""
    words = WORDS[page.locator("html").get_attribute("lang") or "en"]
    ask, home = page.context.request, page.url.partition("/drive")[0]
    api = f"{home}/api/v1/drive"
    filled(page)
    folders = next(one["folders"] for one in ask.get(api).json() if one["squad"] is None)
    made = BytesIO()
    pages = [Image.new("RGB", (600, 800), colour) for colour in ("#f4efe3", "#dfe9e7", "#efe2dc")]
    pages[0].save(made, "PDF", save_all=True, append_images=pages[1:])
    sent: Any = {"name": f"{words['squads']}.pdf", "mimeType": "", "buffer": made.getvalue()}
    form = {"id": _id("shared", words["squads"]), "kind": "brochure", "file": sent}
    came = ask.post(f"{api}/folders/{folders[0]['id']}/documents", multipart=form)
    at(page, f"{home}/drive/documents/{came.json()['id']}")
    page.get_by_role("button", name="Share" if words is WORDS["en"] else "分享").click()
    expect(page.locator("#address")).to_be_visible()
    return page.locator("#address").input_value()


def sharing_sheet(page: Page) -> None:
    """A link that was looked at, with its code."""
    address = _shared(page)
    guest = page.context.browser.new_context() if page.context.browser else page.context
    for view, pages in ((_id(address, 1), "1:4,2:9,3:1"), (_id(address, 2), "1:6")):
        told = guest.request.post(f"{address}/seen", form={"view": view, "pages": pages})
        assert told.status == 204, told.text()
    guest.close()
    page.reload()
    page.locator("details.qr-code summary").click()
    expect(page.locator("#views li")).to_have_count(2)


def shared_document(page: Page) -> None:
    """The document's page with its links."""
    sharing_sheet(page)
    page.locator("header a.icon-btn").click()
    expect(page.locator("#shared li")).not_to_have_count(0)
    page.locator("#shared").scroll_into_view_if_needed()


def opened_by_customer(page: Page) -> None:
    """What the customer sees."""
    address = _shared(page)
    page.context.clear_cookies()
    page.goto(address)
    expect(page.locator("#leaves img").first).to_be_visible()


def locked(page: Page) -> None:
    """A link that asks for a code, after a wrong one."""
    address = _shared(page)
    page.locator("label.switch", has=page.locator("[name=lock]")).click()
    page.locator("#f-code").fill("water 420")
    page.locator("form:has(#f-code) button").click()
    expect(page.locator("[name=lock]")).to_be_checked()
    page.context.clear_cookies()
    page.goto(address)
    page.locator("#f-code").fill("water")
    page.locator("main form button").click()
    expect(page.locator("#f-code-wrong")).to_be_visible()


def ended(page: Page) -> None:
    """A link that is over."""
    address = _shared(page)
    page.locator("form[action$='/end'] button").click()
    expect(page.locator("#shared")).to_be_visible()
    page.context.clear_cookies()
    page.goto(address)
    expect(page.locator("form[action$='/again']")).to_be_visible()


def giving(page: Page) -> None:
    """What to send to a customer: marked and shown lately."""
    filled(page)
    ask, home = page.context.request, page.url.partition("/drive")[0]
    squad = next(one["squad"] for one in ask.get(f"{home}/api/v1/drive").json() if one["squad"])
    customer = ask.get(f"{home}/api/v1/squads/{squad}/customers").json()[0]
    at(page, f"{home}/customers/{customer['id']}/share")
