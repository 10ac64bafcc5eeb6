"""Help arrives mid-visit: called, gone up, raced for, answered with a price and a PDF; and without signal."""

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.bed.process import until
from tests.bed.wire import Wire
from tests.browser.people import Person, axe
from tests.browser.showing import shop_front
from tests.browser.towns import Town

DOOR = (31.2184, 121.4363)
ASKED = "30 units, they hold 7,100 against us"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
CASE: FilePayload = {"name": "Harbour Clinic.pdf", "mimeType": "application/pdf", "buffer": PDF}
PLATE: FilePayload = {"name": "plate.jpg", "mimeType": "image/jpeg", "buffer": shop_front()}
RINGS = """window.rung = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (at) {
    window.rung += 1;
    start.call(this, at);
};"""
DROP = """(zone, [name, type, data]) => {
    const all = new DataTransfer(), bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    all.items.add(new File([bytes], name, { type }));
    zone.dispatchEvent(new DragEvent('drop', { dataTransfer: all, bubbles: true }));
}"""
pytestmark = pytest.mark.usefixtures("mapless")


@pytest.fixture
def town(make_town: Callable[..., Town]) -> Town:
    """The demo company, where a call for a price goes up after a second."""
    return make_town(call_kinds="price=1 technical=60 sample=60 service=3600")


@pytest.fixture
def north(town: Town) -> str:
    """North Bank's id."""
    return str(town.members["chen-mo"]["squads"][0])


def live(person: Person, path: str) -> Page:
    """A page, connected."""
    page = person.go(path)
    expect(page.locator("html[data-live=on]")).to_be_attached()
    return page


def at_door(town: Town, squad: str) -> str:
    """Chen Mo is with a customer, and left alone there; the visit."""
    town.leave_alone("chen-mo")
    return str(town.check_in("chen-mo", squad)["id"])


def call(page: Page, words: str = ASKED) -> None:
    """Two taps, and a line if one likes."""
    page.locator("#calling > summary").click()
    page.locator("#ask").fill(words)
    page.locator(".needs [value=price]").click()


def test_help_arrives_while_the_customer_waits(town: Town, person: Callable[..., Person], north: str) -> None:
    """Three people, their hands on the keys, and a server that dies between claim and answer. The customer
    sees nothing odd, and it rings for whoever has asked for that, alone."""
    visit = at_door(town, north)
    rep = person(town, "chen-mo", phone=True)
    lead, manager, mate = person(town, "wang-fang"), person(town, "gu-ming"), person(town, "li-na")
    for one in (lead, manager):
        one.context.add_init_script(RINGS)
    desks = [live(lead, "/desk"), live(manager, "/desk")]
    desks[1].locator("[data-sound]").click()
    before = desks[1].evaluate("window.rung")
    feed = live(mate, f"/squads/{north}")
    told = live(person(town, "zhao-lei", phone=True), "/notices").locator(
        "#notices > li", has_text="Chen Mo calls"
    )
    page = live(rep, f"/visits/{visit}")
    call(page)
    expect(page.locator(".support .call")).to_contain_text(re.compile("Nobody is on it yet|It went up"))
    card = feed.locator("#feed > article.asks.open").first
    expect(card).to_contain_text(ASKED)
    expect(told).to_have_count(1)
    expect(page.locator(".support .steps-line li.on", has_text="Seen")).to_be_visible()
    expect(card.locator("time[data-timer]")).to_have_text(re.compile(r"^\d+:\d\d$"))
    for desk in desks:
        expect(desk.locator("#queue .call-row").first).to_contain_text("It went up to")
        assert (desk.evaluate("window.rung") > before) == (desk == desks[1])
        desk.keyboard.press("j")
        desk.keyboard.press("Enter")
        expect(desk.locator("html[data-live=on]")).to_be_attached()
        expect(desk.locator(".ask")).to_have_text(ASKED)
    assert axe(desks[0]) == []

    desks[0].keyboard.press("c")
    expect(page.locator(".support .call")).to_contain_text("Wang Fang is on it")
    expect(told).to_have_count(0)
    expect(desks[1].locator(".case-head")).to_contain_text("Wang Fang is on it")
    id = desks[0].url.rpartition("/")[2]
    late = manager.context.request.post(f"{manager.home}/calls/{id}/claim", headers={"Origin": manager.home})
    assert late.status == 409
    assert "Wang Fang has it already." in late.text()
    expect(feed.locator("#feed > article.asks.claimed").first).to_contain_text("Wang Fang is on it")

    desks[0].keyboard.press("a")
    desks[0].keyboard.type("Get the 30 in writing first.")
    desks[0].locator("#amount").fill("6480")
    desks[0].locator("#minimum").fill("30 units")
    desks[0].locator("[name=file]").set_input_files(CASE)
    town.server.kill()
    expect(page.locator("html[data-live=off]")).to_be_attached()
    town.server.restart()
    expect(page.locator("html[data-live=on]")).to_be_attached(timeout=60_000)
    desks[0].locator("[data-key=answer]").click()

    expect(page.locator(".grant .amount")).to_have_text("¥6,480")
    expect(page.locator(".support .answers")).to_contain_text("Get the 30 in writing first.")
    expect(desks[0].locator(".fate")).to_contain_text("Opened", timeout=30_000)
    assert axe(page) == []
    opened = rep.context.request.get(f"{rep.home}{page.locator('a.file').get_attribute('href')}")
    assert (opened.status, opened.body()) == (200, PDF)
    looks_at_it_inside(rep)
    page.locator(".cover summary").click()
    expect(page.locator(".cover .back")).to_be_visible()
    expect(page.locator("#calling")).to_be_hidden()
    page.locator(".cover summary").click()

    town.call("li-na", "PUT", f"/posts/{visit}/reactions/cheer")
    expect(page.locator("#visit")).not_to_contain_text("cheer")
    page.locator("label.choice", has=page.locator("input[value=won]")).click()
    page.locator("#amount").fill("194400")
    page.locator("button[form=f-outcome]").click()
    expect(page.locator("#meanwhile")).to_contain_text("1 cheer for you")
    expect(
        rep.go("/notices").locator("#notices > li", has_text="Wang Fang answered your call")
    ).to_have_count(1)


def looks_at_it_inside(rep: Person) -> None:
    """The file over the visit: closed by the phone's way back too; without signal it says so, kindly."""
    page, at = rep.page, rep.page.url
    over = page.locator("dialog.over[open]")
    page.locator("a.file").click()
    expect(over.locator("iframe, [data-no-view]:not([hidden])")).to_be_visible()
    expect(over.locator("#over-name")).to_have_text("Harbour Clinic.pdf")
    assert axe(page, "dialog.over") == []
    page.keyboard.press("Escape")
    expect(over).to_have_count(0)
    page.locator("a.file").click()
    expect(over).to_be_visible()
    page.go_back()
    expect(over).to_have_count(0)
    rep.context.set_offline(True)
    page.locator("a.file").click()
    expect(over.locator("[data-away]")).to_contain_text("No signal right now")
    rep.context.set_offline(False)
    over.locator("[data-again]").click()
    expect(over.locator("[data-away]")).to_be_hidden()
    over.locator("[data-shut]").click()
    expect(over).to_have_count(0)
    assert (page.url, len(rep.context.pages)) == (at, 1)


def test_a_picture_for_an_answer(town: Town, person: Callable[..., Person], north: str) -> None:
    """Dropped at the desk like a PDF: it opens over the visit, and its sender sees opened."""
    visit = at_door(town, north)
    asked = {"id": str(uuid4()), "kind": "sample", "text": "Which plate is it?"}
    town.call("chen-mo", "POST", f"/visits/{visit}/calls", **asked)
    desk = live(person(town, "wang-fang"), f"/calls/{asked['id']}")
    page = live(person(town, "chen-mo", phone=True), f"/visits/{visit}")
    data = base64.b64encode(PLATE["buffer"]).decode()
    desk.locator("#drop").evaluate(DROP, [PLATE["name"], PLATE["mimeType"], data])
    desk.locator("[data-key=answer]").click()
    page.locator("a.file").click()
    shown = page.locator("dialog.over[open] img")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    expect(page.locator("#over-name")).to_have_text("plate.jpg")
    assert axe(page, "dialog.over") == []
    page.keyboard.press("Escape")
    expect(page.locator("dialog.over")).to_have_count(0)
    expect(desk.locator(".fate")).to_contain_text("Opened", timeout=30_000)


def test_called_without_signal(
    town: Town, person: Callable[..., Person], pocket: Callable[..., Person], north: str, wire: Wire
) -> None:
    """It waits on the phone and says so; with signal it is at the desk, once, with the phone's own time and
    its photo."""
    visit = at_door(town, north)
    rep = pocket("chen-mo", wire.url, DOOR)
    rep.sign_in()
    page = live(rep, f"/visits/{visit}")
    wire.cut()
    before = datetime.now(UTC)
    page.locator("#calling [name=photo]").set_input_files(PLATE)
    call(page)
    expect(page.locator(".support [data-waits]")).to_contain_text("Saved on this phone", timeout=30_000)
    assert town.call("wang-fang", "GET", "/calls") == []
    wire.mend()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".support [data-state]")).to_be_visible(timeout=60_000)
    expect(page.locator(".support [data-waits]")).to_have_count(0)
    (one,) = [one for one in town.call("wang-fang", "GET", f"/squads/{north}/calls") if one["text"] == ASKED]
    assert datetime.fromisoformat(one["at"]) >= before.replace(microsecond=0)
    desk = person(town, "wang-fang")
    photo = f"/calls/{one['id']}", ".case .photos img"
    assert until(lambda: desk.go(photo[0]).locator(photo[1]).count() == 1, 60)


def test_a_phone_whose_clock_is_wrong(town: Town, person: Callable[..., Person], north: str) -> None:
    """Hours ahead or behind: how long one has waited is the server's time, on the asker's, the desk's and a
    team-mate's screen."""
    visit = at_door(town, north)
    rep = person(town, "chen-mo", phone=True)
    rep.page.clock.set_system_time(datetime.now(UTC) + timedelta(hours=3))
    page = live(rep, f"/visits/{visit}")
    call(page, "")
    desk, feed = person(town, "wang-fang"), person(town, "li-na")
    for other, hours in ((desk, -5), (feed, 1)):
        other.page.clock.set_system_time(datetime.now(UTC) + timedelta(hours=hours))
    shown = (
        (page, ".support"),
        (live(desk, "/desk"), "#queue .call-row.hot"),
        (live(feed, f"/squads/{north}"), "#feed > .asks.open"),
    )
    for screen, where in shown:
        expect(screen.locator(f"{where} time[data-timer]").first).to_have_text(re.compile(r"^[0-4]:\d\d$"))


CLAIM = "at => setTimeout(() => document.querySelector('[data-key=claim]').click(), at - Date.now())"


def test_two_take_it_at_once(town: Town, person: Callable[..., Person], north: str) -> None:
    """In two browsers, in the same moment: one has it, and the other is told who."""
    visit = at_door(town, north)
    asked: dict[str, str] = {"id": str(uuid4()), "kind": "technical", "text": ASKED}
    town.call("chen-mo", "POST", f"/visits/{visit}/calls", **asked)
    desks = [live(person(town, who), f"/calls/{asked['id']}") for who in ("wang-fang", "gu-ming")]
    moment = desks[0].evaluate("Date.now()") + 1500
    for desk in desks:
        desk.evaluate(CLAIM, moment)
    for desk in desks:
        expect(desk.locator(".case-head")).to_contain_text(re.compile("(Wang Fang|Gu Ming) is on it"))
    (standing,) = {desk.locator(".case-head p b").inner_text() for desk in desks}
    name = standing.removesuffix(" is on it")
    taker, late = desks if name == "Wang Fang" else reversed(desks)
    expect(late.get_by_role("alert")).to_contain_text(f"{name} has it already")
    expect(taker.get_by_role("alert")).to_have_count(0)
