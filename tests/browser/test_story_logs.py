"""A day that writes itself: five visits are five lines, three files learn from them, two are answered.

Then a customer that was made twice in a dead spot is made one and taken apart, and a table comes in.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.bed.wire import Wire
from tests.browser.files import judged
from tests.browser.people import Person, axe
from tests.browser.screens import AT
from tests.browser.towns import Town

pytestmark = pytest.mark.usefixtures("mapless")


class Tale(NamedTuple):
    """Who, and what they say: the notes of five visits, which name a person, a step and a win."""

    rep: str
    lead: str
    helper: str
    notes: tuple[str, ...]
    contact: str
    step: str
    ends: tuple[str, ...]
    lesson: str
    asked: str
    words: str
    answer: str
    answered: str
    twin: str
    cellar: str
    kept: str


TALES = {
    "en": Tale(
        *("li-na", "wang-fang", "chen-mo"),
        (
            "Twelve units, eight shops",
            "Ms Luo wants a trial",
            "They compare by price",
            "The board is away",
            "",
        ),
        "Ms Luo",
        "Bring the trial unit",
        ("Won", "Moving", "Not this time", "No decision yet", "Nobody there"),
        "Carry the **test report**",
        "They want to see a shop that has it",
        "Which price did they name?",
        "Mine on Orchard Road shows theirs",
        "Chen Mo answered",
        *(" Ltd", "No signal down here", "Saved on this phone"),
    ),
    "zh": Tale(
        *("lin-xiao", "chen-xi", "wu-min"),
        ("十二台，八家店", "罗经理想试用", "他们只比价格", "董事会不在", ""),
        "罗经理",
        "带试用机过去",
        ("成交", "有进展", "这次没成", "尚未决定", "没人在"),
        "带上**检测报告**",
        "对方想看一家在用的店",
        "他们报的是什么价？",
        "我那家可以带他们看",
        "吴敏已答复",
        *("有限公司", "地下室没有信号", "已存在这台手机上"),
    ),
}
RESULTS: tuple[dict[str, str], ...] = (
    {"result": "won", "amount": "86400", "currency": "CNY"},
    {"result": "advanced"},
    {"result": "lost"},
    {"result": "no_decision"},
    {"result": "nobody"},
)


def visits(town: Town, tale: Tale, squad: str) -> list[dict[str, Any]]:
    """Five doors, one after the other, each with how it went: their ids, and whose doors they are."""
    doors = town.call(tale.rep, "GET", f"/squads/{squad}/customers")[:5]
    found = []
    for door, note, result in zip(doors, tale.notes, RESULTS, strict=True):
        at = datetime.now(UTC).isoformat()
        sent = {"id": str(uuid4()), "customer_id": door["id"], "captured_at": at, "note": note}
        made = town.call(tale.rep, "POST", f"/squads/{squad}/checkins", **sent)
        step = {"next_step": tale.step} if result["result"] == "advanced" else {}
        town.close(tale.rep, made["id"], **result, **step)
        found.append({"id": made["id"], "customer": door["id"], "name": door["name"]})
    return found


def live(person: Person, path: str) -> Page:
    """A page, connected."""
    page = person.go(path)
    expect(page.locator("html[data-live=on]")).to_be_attached()
    return page


def written(page: Page, tale: Tale, made: list[dict[str, Any]]) -> str:
    """The draft says what the visits said; what only a person knows is added, and it is sent. The letter."""
    for one, note, end in zip(made, tale.notes, tale.ends, strict=True):
        entry = page.locator(f".entry:has(#t-{one['id']})")
        expect(entry.locator("h2")).to_have_text(one["name"])
        expect(entry.locator("textarea")).to_have_value(note)
        expect(entry).to_contain_text(end)
    assert [one.get_attribute("id") for one in page.locator(".entry textarea").all()][-5:] == [
        f"t-{one['id']}" for one in made
    ]
    page.locator("#t-lesson").fill(tale.lesson)
    page.locator("#draft .foot .primary").click()
    page.wait_for_url("**/logs")
    page.locator("#logs .log-row").first.click()
    page.wait_for_url("**/logs/*-*")
    return page.url.rpartition("/")[2].partition("#")[0]


def filed(page: Page, line: str, kind: str, so_far: int = 0) -> None:
    """One press, and it is in the file; the offer is gone."""
    offer = page.locator(f"#le-{line} .offer:has([name=kind][value={kind}])")
    offer.locator(".btn").click()
    expect(offer).to_have_count(0)
    expect(page.locator(f"#lm-{line} .filed")).to_have_count(so_far + 1)


def stands(ledger: Page, side: str, kind: str, n: int) -> None:
    """The open ledger has come to this many."""
    way = f"a[href*='side={side}'][href*='kind={kind}']"
    expect(ledger.locator(f"#account .t dl > div:has({way}) dt")).to_have_text(str(n))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_day_writes_itself_and_is_answered(
    town: Town, person: Callable[..., Person], wire: Wire, lang: str
) -> None:
    """From the doors to the files, from a line to the help that came; what is twice, what is brought."""
    tale = TALES[lang]
    squad = str(town.members[tale.rep]["squads"][0])
    made = visits(town, tale, squad)
    rep = person(town, tale.rep, phone=True, locale=lang, url=wire.url, at=AT[lang])
    lead = person(town, tale.lead, locale=lang)
    ledger, had = rep.context.new_page(), town.call(tale.rep, "GET", "/me/ledger")
    ledger.goto(f"{wire.url}/me/ledger")
    expect(ledger.locator("html[data-live=on]")).to_be_attached()
    page = rep.go(f"/squads/{squad}/logs/today")
    expect(page.locator("[data-unless-script]")).to_be_hidden()
    log = written(page, tale, made)
    told = {one["key"]: one["id"] for one in town.call(tale.rep, "GET", f"/logs/{log}")["lines"]}
    lines = [told[one["id"]] for one in made]

    filed(page, lines[0], "fact")
    filed(page, lines[1], "contact")
    filed(page, lines[1], "touch", 1)
    filed(page, lines[2], "fact")
    files = [town.call(tale.rep, "GET", f"/customers/{one['customer']}") for one in made[:3]]
    for place in (0, 2):
        assert tale.notes[place] in [fact["text"] for fact in files[place]["facts"]]
    assert tale.contact in [one["name"] for one in files[1]["contacts"]]
    assert files[1]["touch"]["note"] == tale.step
    stands(ledger, "gave", "fact", had["gave"]["fact"] + 2)
    stands(ledger, "gave", "contact", had["gave"]["contact"] + 1)

    expect(page.locator("html[data-live=on]")).to_be_attached()
    desk = live(lead, f"/logs/{log}")
    expect(page.locator(f"#lr-{log} .disc")).to_have_count(1)
    desk.locator(f"#le-{lines[2]} .acts summary").first.click()
    desk.locator(f"#w-{lines[2]}").fill(tale.words)
    desk.locator(f"#le-{lines[2]} .acts details[open] .primary").click()
    expect(page.locator(f"#lm-{lines[2]}")).to_contain_text(tale.words)
    stands(ledger, "got", "reply", had["got"]["reply"] + 1)
    ledger.close()

    desk.locator(f"#le-{lines[1]} .acts summary").nth(1).click()
    form = desk.locator(f"#le-{lines[1]} .acts details[open] form")
    form.locator("textarea").fill(tale.asked)
    form.locator("[name=owner]").select_option(str(town.members[tale.helper]["id"]))
    form.locator("[name=due]").fill((date.today() + timedelta(days=2)).isoformat())
    form.locator(".primary").click()
    task = page.locator(f"#lm-{lines[1]} .task")
    expect(task).to_contain_text(tale.asked)
    call = str(task.locator("a").get_attribute("href")).rpartition("/")[2]
    town.call(tale.helper, "POST", f"/calls/{call}/answers", id=str(uuid4()), text=tale.answer)
    for one in (page, desk):
        expect(one.locator(f"#lm-{lines[1]} .task b")).to_have_text(tale.answered)
    assert axe(page) == []
    later(town, tale, squad, log, page, desk)
    twice(town, tale, squad, made[0], rep, wire)
    brought(town, tale, squad, lead)


def later(town: Town, tale: Tale, squad: str, log: str, page: Page, desk: Page) -> None:
    """One more door: its author is offered it at once, and who has the log open sees it arrive."""
    expect(desk.locator("html[data-live=on]")).to_be_attached()
    door = town.call(tale.rep, "GET", f"/squads/{squad}/customers")[5]
    at = datetime.now(UTC).isoformat()
    sent = {"id": str(uuid4()), "customer_id": door["id"], "captured_at": at, "note": tale.notes[0]}
    town.call(tale.rep, "POST", f"/squads/{squad}/checkins", **sent)
    page.locator(f"#lu-{log} .primary").click()
    arrived = desk.locator(f"#ll-{log} > .entry h2", has_text=door["name"]).last
    expect(arrived).to_be_visible()
    order = desk.locator(f"#ll-{log} > .entry").evaluate_all("all => all.map(one => Number(one.dataset.n))")
    assert order == sorted(order)
    desk.emulate_media(media="print")
    for gone in (".nav", ".queue", ".acts >> nth=0", ".composer"):
        expect(desk.locator(gone)).to_be_hidden()
    expect(arrived).to_be_visible()


def files(town: Town, tale: Tale, *ids: str) -> list[dict[str, Any]]:
    """Customers' files as the rep has them."""
    return [town.call(tale.rep, "GET", f"/customers/{id}") for id in ids]


def twice(town: Town, tale: Tale, squad: str, door: dict[str, Any], rep: Person, wire: Wire) -> None:
    """Made in a dead spot it is there twice: its maker is told, makes them one, takes them apart again."""
    page, name = rep.go(f"/squads/{squad}/checkin"), f"{door['name']}{tale.twin}"
    expect(page.locator("#accuracy")).to_contain_text("±")
    wire.cut()
    page.locator("#new summary").click()
    page.locator("#new [name=customer]").fill(name)
    page.locator("#noting summary").click()
    page.locator("textarea[name=note]").fill(tale.cellar)
    page.locator("#f-checkin button[type=submit]").click()
    expect(page.locator("h1", has_text=tale.kept)).to_be_visible()
    wire.mend()
    expect(page.locator("[data-sent]")).to_be_visible(timeout=60_000)
    rep.go("/notices")
    page.locator("#notices li", has_text=name).locator("a").first.click()
    page.locator(f"a[href$='/merge/{door['customer']}']").click()
    page.wait_for_url("**/merge/*")
    twin = page.url.split("/")[-3]
    expect(page.locator(".twins h2")).to_have_text([name, door["name"]])
    before = files(town, tale, door["customer"], twin)
    page.locator(f"form[action='/customers/{door['customer']}/merge/{twin}'] .btn").click()
    expect(page.locator("h1")).to_have_text(door["name"])
    for words in (tale.notes[0], tale.cellar):
        expect(page.locator("#story")).to_contain_text(words)
    (whole,) = files(town, tale, door["customer"])
    for part in ("facts", "contacts", "story"):
        assert {one["id"] for one in whole[part]} == {one["id"] for two in before for one in two[part]}
    assert {(one["text"], one["by"]) for one in before[0]["facts"]} <= {
        (one["text"], one["by"]) for one in whole["facts"]
    }
    page.locator(f"form[action$='/part/{twin}'] .btn").click()
    expect(page.locator("#story")).not_to_contain_text(tale.cellar)
    assert files(town, tale, door["customer"], twin) == before


def brought(town: Town, tale: Tale, squad: str, lead: Person) -> None:
    """A table in GBK: what may be known or stands in it twice is named before anything is in the files."""
    lead.page.emulate_media(media="screen")
    page = lead.go(f"/squads/{squad}/customers/imports")
    judged(page)
    for verdict, named in (("double", "a[href^='/customers/']"), ("repeated", "p:has-text('2')")):
        page.locator(f".tabs a[href$='show={verdict}']").click()
        page.wait_for_url(f"**show={verdict}")
        expect(page.locator(f".rows li {named}").first).to_be_visible()
    page.locator(".card button.primary").click()
    expect(page.locator(".notice.ok")).to_be_visible(timeout=30_000)
    there = {one["name"] for one in town.call(tale.rep, "GET", f"/squads/{squad}/customers")}
    assert "东河五金" in there
    assert not {"东河五金有限公司", "金帆医院"} & there
