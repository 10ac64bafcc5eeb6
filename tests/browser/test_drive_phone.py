"""Documents kept on a phone: they open without signal, for their member alone, and as they are now."""

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, expect

from tests.bed.wire import Wire
from tests.browser.people import Person, axe
from tests.browser.towns import Town
from tests.server.papers import pdf

CONTROLLED = """async () => {
  await navigator.serviceWorker.ready;
  while (!navigator.serviceWorker.controller) await new Promise((done) => setTimeout(done, 50));
}"""
HELD = "async () => (await caches.keys()).filter((name) => name.startsWith('pinned '))"
WIPED = f"""async () => {{
  while ((await ({HELD})()).length) await new Promise((done) => setTimeout(done, 50));
}}"""
KEYS = """async () => {
  const name = (await caches.keys()).find((one) => one.startsWith('pinned '));
  return (await (await caches.open(name)).keys()).map(({ url }) => url);
}"""
NONE_OF = f"async (id) => !(await ({KEYS})()).some((url) => url.includes(id))"
FILM = """async (path) => {
  const answer = await fetch(path, { headers: { Range: 'bytes=5-9' } });
  return [answer.status, answer.headers.get('Content-Range'), await answer.text()];
}"""


class Shelf:
    """A folder of North Bank's with documents of two pages, made through the API."""

    def __init__(self, town: Town, person: Callable[..., Person]) -> None:
        self.town, self.lead = town, person(town, "wang-fang")
        self.north = str(town.members["li-na"]["squads"][0])
        path = f"/squads/{self.north}/drive/folders"
        self.id = str(town.call("wang-fang", "POST", path, id=str(uuid4()), name="Cases")["id"])

    def bring(self, name: str, content: bytes, document: str = "") -> dict[str, Any]:
        """A file, or another version of a document."""
        where = f"documents/{document}/versions" if document else f"folders/{self.id}/documents"
        file: Any = {"name": name, "mimeType": "", "buffer": content}
        address = f"{self.lead.home}/api/v1/drive/{where}"
        came = self.lead.context.request.post(address, multipart={"id": str(uuid4()), "file": file})
        assert came.ok, came.text()
        return dict(came.json())


@pytest.fixture
def shelf(town: Town, person: Callable[..., Person]) -> Shelf:
    """An empty one."""
    return Shelf(town, person)


def held(page: Page) -> None:
    """The page is under the worker from now on."""
    page.evaluate(CONTROLLED)


def pin(page: Page) -> None:
    """Kept, and it says so."""
    page.locator("[data-pin] [data-do=pin]:visible").click()
    expect(page.locator("[data-pin][data-state=on]").first).to_be_visible(timeout=60_000)


def test_a_document_opens_in_the_cellar(
    town: Town, person: Callable[..., Person], shelf: Shelf, wire: Wire
) -> None:
    """Its pages, its file, the list; online again it is the new version, and can be taken off."""
    made = shelf.bring("Harbour Clinic.pdf", pdf(["Hard water here", "No scale left"]))
    li = person(town, "li-na", phone=True, url=wire.url, keeps=True)
    page = li.go(f"/drive/documents/{made['id']}")
    held(page)
    pin(page)
    expect(page.locator(".on-phone")).to_contain_text("On this phone")
    wire.cut()
    page.goto(f"{wire.url}/drive")
    expect(page.locator("h1")).to_have_text("On this phone")
    expect(page.locator("#kept li")).to_have_count(1)
    assert axe(page) == []
    page.locator("#kept a").click()
    expect(page.locator("h1")).to_have_text("Harbour Clinic")
    for n in (1, 2):
        image = page.locator(f"#page-{n} img")
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("(image) => image.naturalWidth") > 100
    there = f"/drive/documents/{made['id']}/versions/1/file"
    assert page.evaluate(FILM, there) == [206, f"bytes 5-9/{made['size']}", "1.5\n%"]
    wire.mend()
    shelf.bring("June.pdf", pdf(["Soft water now"]), made["id"])
    page.goto(f"{wire.url}/drive/phone")
    page.get_by_role("button", name="Bring up to date").click()
    page.wait_for_function("(path) => caches.match(path)", arg=there.replace("/1/", "/2/"))
    page.wait_for_function("async (path) => !(await caches.match(path))", arg=there)
    expect(page.locator("#kept [data-state=on]")).to_be_visible()
    wire.cut()
    page.goto(f"{wire.url}/drive/documents/{made['id']}")
    expect(page.locator("#leaves li")).to_have_count(1)
    expect(page.locator("#past")).to_contain_text("Version 2")
    wire.mend()
    page.goto(f"{wire.url}/drive/phone")
    page.locator("#kept [data-do=unpin]").click()
    expect(page.locator("[data-none]")).to_be_visible()
    wire.cut()
    page.goto(f"{wire.url}/drive/documents/{made['id']}")
    expect(page.locator("h1")).to_have_text("No signal")


def test_a_folder_loses_what_is_closed(
    town: Town, person: Callable[..., Person], shelf: Shelf, wire: Wire
) -> None:
    """What comes into it comes to the phone; a right that is taken away takes it off there."""
    shelf.bring("Harbour.pdf", pdf(["Hard water"]))
    li = person(town, "li-na", phone=True, url=wire.url, keeps=True)
    page = li.go(f"/drive/folders/{shelf.id}")
    held(page)
    pin(page)
    expect(page.locator(".tile .onphone")).to_have_count(1)
    expect(page.locator("html[data-live=on]")).to_be_attached()
    shelf.bring("School.pdf", pdf(["Soft water"]))
    expect(page.locator(".tile .onphone")).to_have_count(2, timeout=60_000)
    town.call("wang-fang", "PATCH", f"/drive/folders/{shelf.id}", name="Cases", rights="keep")
    page.goto(f"{wire.url}/drive/phone")
    expect(page.locator("[data-none]")).to_be_visible()
    assert not [one for one in page.evaluate(KEYS) if "/drive/documents/" in one]


def test_the_next_member_sees_nothing(
    town: Town, person: Callable[..., Person], shelf: Shelf, wire: Wire
) -> None:
    """Whoever signs out without signal leaves nothing; nor does one whose phone another signs in on."""
    made = shelf.bring("Harbour.pdf", pdf(["Hard water"]))
    there = f"/drive/documents/{made['id']}"
    li = person(town, "li-na", phone=True, url=wire.url, keeps=True)
    page = li.go(there)
    held(page)
    pin(page)
    page.goto(f"{wire.url}/me")
    wire.cut()
    page.locator("form[action='/signout'] button").click()
    expect(page.locator("h1")).to_have_text("No signal")
    page.evaluate(WIPED)
    page.goto(f"{wire.url}{there}")
    expect(page.locator("h1")).to_have_text("No signal")
    wire.mend()
    li.sign_in()
    page.goto(f"{wire.url}{there}")
    expect(page.locator("[data-pin][data-state=off]")).to_be_visible()
    pin(page)
    li.handle = "zhao-lei"
    li.let_in()
    page.goto(f"{wire.url}/me")
    page.evaluate(WIPED)
    wire.cut()
    page.goto(f"{wire.url}{there}")
    expect(page.locator("h1")).to_have_text("No signal")


def test_a_full_phone_says_so(town: Town, person: Callable[..., Person], shelf: Shelf) -> None:
    """What does not fit is not half there; what was there stays; with room again it comes."""
    small = shelf.bring("Small.pdf", pdf(["Hard water"]))
    large = shelf.bring("Large.pdf", pdf(["Soft water"], 6_000_000))
    li = person(town, "li-na", phone=True, keeps=True)
    page = li.go(f"/drive/documents/{small['id']}")
    held(page)
    pin(page)
    devtools = page.context.new_cdp_session(page)
    used = page.evaluate("async () => (await navigator.storage.estimate()).usage")
    quota = {"origin": li.home, "quotaSize": used + 2_000_000}
    devtools.send("Storage.overrideQuotaForOrigin", quota)
    page.goto(f"{li.home}/drive/documents/{large['id']}")
    page.locator("[data-pin] [data-do=pin]").click()
    expect(page.locator("[data-pin] [role=alert]:visible")).to_contain_text(
        "This phone is full", timeout=60_000
    )
    page.wait_for_function(NONE_OF, arg=large["id"])  # it may be tried again at any moment
    assert [one for one in page.evaluate(KEYS) if small["id"] in one]
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": li.home})
    page.goto(f"{li.home}/drive/phone")
    page.get_by_role("button", name="Bring up to date").click()
    expect(page.locator("#kept [data-state=on]")).to_have_count(2, timeout=60_000)


CUT = """() => {
  const real = globalThis.fetch;
  globalThis.fetch = (path, how) => (how?.headers?.Range?.startsWith('bytes=8000000-')
    ? Promise.reject(new TypeError('cut')) : real(path, how));
}"""
SOME = """async ([path, range]) => {
  const answer = await fetch(path, range ? { headers: { Range: range } } : {});
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', await answer.arrayBuffer()));
  const digest = [...bytes].map((one) => one.toString(16).padStart(2, '0')).join('');
  return [answer.status, answer.headers.get('Content-Range'), digest];
}"""


def test_a_film_goes_on_where_it_was_cut(
    town: Town, person: Callable[..., Person], shelf: Shelf, wire: Wire
) -> None:
    """It says how far it is, asks only for the rest, and plays without signal from anywhere."""
    content = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"".join(n.to_bytes(4, "big") for n in range(2_500_000))
    made = shelf.bring("Fitting.mp4", content)
    li = person(town, "li-na", phone=True, url=wire.url, keeps=True)
    page = li.go(f"/drive/documents/{made['id']}")
    held(page)
    page.evaluate(CUT)
    page.locator("[data-pin] [data-do=pin]:visible").click()
    kept = page.locator("[data-pin]").first
    expect(kept).to_have_attribute("data-state", "held", timeout=60_000)
    expect(kept).to_contain_text("Waits for signal: 2 of 5 is here")
    assert axe(page) == []
    asked: list[str] = []
    page.on("request", lambda one: "keep=1" in one.url and asked.append(one.headers.get("range", "")))
    page.goto(f"{wire.url}/drive/phone")
    expect(page.locator("#kept [data-state=on]")).to_be_visible(timeout=60_000)
    assert asked == [f"bytes=8000000-{len(content) - 1}"]
    wire.cut()
    for range_, start, end in (
        ("", 0, len(content)),
        ("bytes=3999990-4000009", 3_999_990, 4_000_010),
        ("bytes=8000001-", 8_000_001, len(content)),
        ("bytes=-7", len(content) - 7, len(content)),
    ):
        status, where, digest = page.evaluate(SOME, [made["file"], range_])
        assert digest == hashlib.sha256(content[start:end]).hexdigest(), range_
        assert (status, where) == (
            (206, f"bytes {start}-{end - 1}/{len(content)}") if range_ else (200, None)
        )


SETTLED = "() => navigator.locks.request('pins', () => {})"


def test_what_cannot_be_drawn_is_not_tried_again_and_again(
    town: Town, person: Callable[..., Person], shelf: Shelf
) -> None:
    """Once on each visit, and when it is asked for; after a cut it is tried again soon, and then it comes."""
    made = shelf.bring("Harbour.pdf", pdf(["Hard water"]))
    li = person(town, "li-na", phone=True, keeps=True)
    page = li.go(f"/drive/documents/{made['id']}")
    held(page)
    page.clock.install()
    drawn, said = "**/versions/1/pages/1?keep=1", [404]
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if not said:
            route.continue_()
        elif said[0]:
            route.fulfill(status=said[0])
        else:
            route.abort()

    page.context.route(drawn, answer)
    page.locator("[data-pin] [data-do=pin]:visible").click()
    kept = page.locator("[data-pin]").first
    expect(kept).to_have_attribute("data-state", "refused", timeout=60_000)
    expect(kept.get_by_role("alert")).to_have_text("Muster did not give all of it: 0 of 4 is here")
    page.evaluate(SETTLED)
    page.clock.run_for(60_000)
    page.evaluate(SETTLED)
    assert len(asked) == 1
    with page.expect_request(drawn):
        kept.get_by_role("button", name="Try again").click()
    expect(kept).to_have_attribute("data-state", "refused", timeout=60_000)
    with page.expect_request(drawn):
        page.reload()
    for _ in range(2):
        page.evaluate(SETTLED)
        page.clock.run_for(60_000)
    assert len(asked) == 3
    said[:] = [0]
    with page.expect_request(drawn):
        page.reload()
    page.evaluate(SETTLED)
    said.clear()
    page.clock.run_for(20_000)
    expect(kept).to_have_attribute("data-state", "on", timeout=60_000)
