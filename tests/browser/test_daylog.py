"""A day's log in a real browser: kept as it is typed, without signal too; two devices; answers beside it."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import FilePayload, Page, Response, expect

from tests.bed.wire import Wire
from tests.browser.people import Person
from tests.browser.showing import shop_front
from tests.browser.towns import Town

SAVED = re.compile(r"Saved \d\d:\d\d")


@pytest.fixture
def north(town: Town) -> str:
    """North Bank's id."""
    return str(town.members["li-na"]["squads"][0])


def draft(person: Person, squad: str) -> Page:
    """One's own log of today, ready to be written."""
    page = person.go(f"/squads/{squad}/logs/today")
    expect(page.locator("[data-unless-script]")).to_be_hidden()
    return page


def lines(town: Town, squad: str, day: str) -> dict[str, Any]:
    """Li Na's day as the server has it, line by line."""
    found: dict[str, Any] = town.call("li-na", "GET", f"/squads/{squad}/logs/{day}")
    return {line["key"]: line for line in found["lines"]}


def kept(town: Town, squad: str, day: str) -> dict[str, str]:
    """What the server has of Li Na's day, by line."""
    return {key: line["text"] for key, line in lines(town, squad, day).items()}


def arrived(photos: int) -> Callable[[Response], bool]:
    """Whether as many photos have arrived."""
    seen: list[str] = []

    def so_many(answer: Response) -> bool:
        if answer.ok and answer.request.method == "POST" and answer.url.endswith("/photos"):
            seen.append(answer.url)
        return len(seen) == photos

    return so_many


@pytest.mark.usefixtures("mapless")
def test_a_draft_keeps_itself(town: Town, person: Callable[..., Person], north: str) -> None:
    """While one types; a page opened anew has it."""
    page = draft(person(town, "li-na"), north)
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.locator("#t-lesson").fill("Carry the test report")
    expect(page.locator("#kept")).to_have_text(SAVED)
    page.reload()
    expect(page.locator("#t-lesson")).to_have_value("Carry the test report")


@pytest.mark.usefixtures("mapless")
def test_what_is_typed_without_signal_is_sent_later(
    town: Town, person: Callable[..., Person], north: str, wire: Wire
) -> None:
    """It is on this phone at once, and on the server once there is signal; so are photos, each once."""
    page = draft(person(town, "li-na", url=wire.url), north)
    day = str(page.locator("#draft").get_attribute("data-day"))
    wire.cut()
    page.locator("#t-stuck").fill("From the basement, two floors down")
    expect(page.locator("#kept")).to_have_text("Saved on this phone")
    shot: FilePayload = {"name": "cellar.jpg", "mimeType": "image/jpeg", "buffer": shop_front()}
    page.locator("[name=p-stuck]").set_input_files([shot, {**shot, "name": "stairs.jpg"}])
    chips = page.locator("[data-photos=stuck] img.photo")
    expect(chips).to_have_count(2)
    assert kept(town, north, day)["stuck"] == ""
    with page.expect_response(arrived(2)):
        wire.mend()
        page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#kept")).to_have_text(SAVED)
    assert kept(town, north, day)["stuck"] == "From the basement, two floors down"
    page.reload()
    expect(page.locator("[data-photos=stuck] img[src^='/me/photos/']")).to_have_count(2)
    expect(chips).to_have_count(2)
    there = lines(town, north, day)["stuck"]["photos"]
    assert len({one["id"] for one in there if one["width"]}) == len(there) == 2


@pytest.mark.usefixtures("mapless")
def test_two_devices_are_asked(town: Town, person: Callable[..., Person], north: str) -> None:
    """Both versions stand there until one is chosen."""
    first, second = draft(person(town, "li-na"), north), draft(person(town, "li-na"), north)
    first.locator("#t-tomorrow").fill("The bakery first")
    expect(first.locator("#kept")).to_have_text(SAVED)
    second.locator("#t-tomorrow").fill("The hotel first")
    expect(second.locator(".other")).to_contain_text("The bakery first")
    expect(second.locator("#t-tomorrow")).to_have_value("The hotel first")
    second.locator(".other [data-keep]").click()
    expect(second.locator(".other")).to_have_count(0)
    expect(second.locator("#kept")).to_have_text(SAVED)
    day = str(second.locator("#draft").get_attribute("data-day"))
    expect(second.locator("#t-tomorrow")).to_have_value("The hotel first")
    assert kept(town, north, day)["tomorrow"] == "The hotel first"


@pytest.mark.usefixtures("mapless")
def test_sent_and_answered_beside_its_line(town: Town, person: Callable[..., Person], north: str) -> None:
    """The squad reads it; the words of another arrive at the line, and what one types stays."""
    page = draft(person(town, "li-na"), north)
    page.locator("#t-lesson").fill("Carry the test report")
    page.locator("#draft .foot .primary").click()
    page.wait_for_url(f"**/squads/{north}/logs")
    page.locator("#logs .log-row").first.click()
    expect(page.locator("html[data-live=on]")).to_be_attached()
    log = page.url.rpartition("/")[2].partition("#")[0]
    line = page.locator(".entry").last.get_attribute("id")
    assert line
    id = line.removeprefix("le-")
    page.locator(f"#{line} .acts summary").first.click()
    page.locator(f"#w-{id}").fill("Half a thou")
    town.call("wang-fang", "POST", f"/logs/{log}/replies", id=str(uuid4()), text="Well seen", line=id)
    expect(page.locator(f"#lm-{id}")).to_contain_text("Well seen")
    expect(page.locator(f"#w-{id}")).to_have_value("Half a thou")
    lead = person(town, "wang-fang").go(f"/squads/{north}/logs")
    expect(lead.locator(f"#lg-{log} .fresh")).to_be_visible()
    lead.goto(page.url.partition("#")[0])
    expect(lead.locator(f"#lg-{log} .fresh")).to_be_hidden()
