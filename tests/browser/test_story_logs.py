"""A day that writes itself: five visits are five lines, three files learn from them, two are answered."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import Person, axe
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


def filed(page: Page, line: str, kind: str) -> None:
    """One press, and it is in the file; the offer is gone."""
    offer = page.locator(f"#le-{line} .offer:has([name=kind][value={kind}])")
    offer.locator(".btn").click()
    expect(offer).to_have_count(0)
    expect(page.locator(f"#lm-{line} .filed")).to_have_count(1)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_day_writes_itself_and_is_answered(town: Town, person: Callable[..., Person], lang: str) -> None:
    """From the doors to the files, and from a line to the help that came."""
    tale = TALES[lang]
    squad = str(town.members[tale.rep]["squads"][0])
    made = visits(town, tale, squad)
    rep, lead = person(town, tale.rep, phone=True, locale=lang), person(town, tale.lead, locale=lang)
    page = rep.go(f"/squads/{squad}/logs/today")
    expect(page.locator("[data-unless-script]")).to_be_hidden()
    log = written(page, tale, made)
    told = {one["key"]: one["id"] for one in town.call(tale.rep, "GET", f"/logs/{log}")["lines"]}
    lines = [told[one["id"]] for one in made]

    filed(page, lines[0], "fact")
    filed(page, lines[1], "contact")
    filed(page, lines[2], "fact")
    files = [town.call(tale.rep, "GET", f"/customers/{one['customer']}") for one in made[:3]]
    for place in (0, 2):
        assert tale.notes[place] in [fact["text"] for fact in files[place]["facts"]]
    assert tale.contact in [one["name"] for one in files[1]["contacts"]]

    expect(page.locator("html[data-live=on]")).to_be_attached()
    desk = live(lead, f"/logs/{log}")
    expect(page.locator(f"#lr-{log} .disc")).to_have_count(1)
    desk.locator(f"#le-{lines[2]} .acts summary").first.click()
    desk.locator(f"#w-{lines[2]}").fill(tale.words)
    desk.locator(f"#le-{lines[2]} .acts details[open] .primary").click()
    expect(page.locator(f"#lm-{lines[2]}")).to_contain_text(tale.words)

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
