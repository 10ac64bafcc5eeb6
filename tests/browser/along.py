"""Documents along with words, as the screens show them: chosen, given to the squad, at hand in a visit."""

from datetime import UTC, datetime
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser import drives
from tests.browser.rallying import connected


def _given(page: Page) -> tuple[str, str, str]:
    """Documents that are marked; the home of all addresses, the squad, one document."""
    ask, home = page.context.request, page.url.partition("/drive")[0]
    document = drives.filled(page)[1].rpartition("/")[2]
    folder = ask.get(f"{home}/api/v1/drive/documents/{document}").json()["folder"]
    for one in ask.get(f"{home}/api/v1/drive/folders/{folder}").json()["documents"]:
        ask.put(f"{home}/api/v1/drive/documents/{one['id']}/favourite")
    squad = next(one["squad"] for one in ask.get(f"{home}/api/v1/drive").json() if one["squad"])
    return home, squad, document


def picking(page: Page) -> None:
    """The list to choose from, one chosen before."""
    home, squad, _ = _given(page)
    page.goto(f"{home}/squads/{squad}")
    connected(page)
    for n in range(2):
        page.locator("#f-say [data-attach]").click()
        expect(page.locator("#picks [data-document]").first).to_be_visible()
        if not n:
            page.locator("#picks [data-document]").first.click()
    expect(page.locator("#f-say .chip")).to_have_count(1)


def attached(page: Page) -> None:
    """A message with a document, in feed and thread."""
    home, squad, document = _given(page)
    words = drives.WORDS[page.locator("html").get_attribute("lang") or "en"]["pages"][1]
    said = {"id": str(uuid4()), "text": words.partition("\n")[0], "documents": [document]}
    ask = page.context.request
    assert ask.post(f"{home}/api/v1/squads/{squad}/messages", data=said).status == 201
    page.goto(f"{home}/squads/{squad}")
    connected(page)
    page.locator(f"#p-{said['id']} .more-link").click()
    expect(page.locator("#thread .hung .file")).to_be_visible()


def at_hand(page: Page) -> None:
    """A visit, with what may be shown there."""
    home, squad, _ = _given(page)
    ask, api = page.context.request, f"{home}/api/v1/squads/{squad}"
    shop = ask.get(f"{api}/customers").json()[0]["id"]
    sent = {"id": str(uuid4()), "customer_id": shop, "captured_at": datetime.now(UTC).isoformat()}
    visit = ask.post(f"{api}/checkins", data=sent).json()["id"]
    page.goto(f"{home}/visits/{visit}")
    page.locator(".docs").scroll_into_view_if_needed()
    expect(page.locator(".docs button").nth(3)).to_be_visible()


def giving(page: Page) -> None:
    """The form that gives a document to a squad."""
    home, _, document = _given(page)
    page.goto(f"{home}/drive/documents/{document}/post")
