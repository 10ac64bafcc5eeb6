"""Documents along with words, by hand: to the squad, in an answer, and across the table in a visit."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.bed.wire import Wire
from tests.browser.people import Person, axe
from tests.browser.test_drive_phone import Shelf
from tests.browser.towns import Town
from tests.server.papers import pdf


@pytest.fixture
def shelf(town: Town, person: Callable[..., Person]) -> Shelf:
    """An empty one."""
    return Shelf(town, person)


@pytest.mark.usefixtures("mapless")
def test_given_to_the_squad_without_signal(
    town: Town, person: Callable[..., Person], shelf: Shelf, wire: Wire
) -> None:
    """Searched for, chosen, taken off again, chosen anew; sent in the cellar: it is on the others' screens as
    soon as there is signal, once.
    """
    made = shelf.bring("Harbour Clinic.pdf", pdf(["Hard water here", "No scale left"]))
    li = person(town, "li-na", phone=True, url=wire.url, keeps=True).go(f"/squads/{shelf.north}")
    zhang = person(town, "zhang-wei").go(f"/squads/{shelf.north}")
    chip = li.locator("#f-say .chip", has_text="Harbour Clinic")
    for _ in range(2):
        li.locator("#f-say [data-attach]").click()
        li.locator("#pick").fill("harbour")
        li.locator(f"#picks [data-document='{made['id']}']").click()
        expect(li.locator("#picks")).to_be_hidden()
        expect(chip).to_have_count(1)
    assert axe(li) == []
    expect(li.locator("#say")).to_be_focused()
    li.route("**/documents?q=*", lambda route: route.fulfill(status=429, body=""))
    li.locator("#f-say [data-attach]").click()
    expect(li.locator("#picks .failed")).to_be_visible()
    expect(li.locator("#picks .offline")).to_be_hidden()
    li.locator("#picks [popovertargetaction=hide]").click()
    li.unroute("**/documents?q=*")
    wire.cut()
    li.locator("#f-say [data-attach]").click()
    expect(li.locator("#picks .offline")).to_be_visible()
    li.locator("#picks [popovertargetaction=hide]").click()
    li.locator("#say").fill("For tomorrow")
    li.locator("#f-say button[type=submit]").click()
    expect(chip).to_have_count(0)
    expect(li.locator("#say")).to_have_value("")
    wire.mend()
    there = zhang.locator("#feed article", has_text="For tomorrow")
    expect(there.locator(".hung .file")).to_contain_text("Harbour Clinic")
    expect(there).to_have_count(1)
    there.locator(".hung .file").click()
    expect(zhang.locator("h1")).to_have_text("Harbour Clinic")


@pytest.mark.usefixtures("mapless")
def test_what_is_refused_is_put_right_with_its_documents(
    town: Town, person: Callable[..., Person], shelf: Shelf, wire: Wire
) -> None:
    """Thrown away before it was sent: the row names it, and words and document go back to where they were."""
    made = shelf.bring("Harbour Clinic.pdf", pdf(["Hard water here"]))
    page = person(town, "li-na", phone=True, url=wire.url, keeps=True).go(f"/squads/{shelf.north}")
    page.locator("#f-say [data-attach]").click()
    page.locator("#pick").fill("harbour")
    page.locator(f"#picks [data-document='{made['id']}']").click()
    wire.cut()
    page.locator("#f-say button[type=submit]").click()
    row = page.locator("#feed article", has_text="Harbour Clinic")
    expect(row).to_have_count(1)
    town.call("wang-fang", "DELETE", f"/drive/documents/{made['id']}")
    wire.mend()
    expect(row).to_contain_text("not for the whole squad to see")
    row.locator("[data-do=edit]").click()
    expect(page.locator("#f-say .chip", has_text="Harbour Clinic")).to_have_count(1)


@pytest.mark.usefixtures("mapless")
def test_an_answer_is_shown_across_the_table(town: Town, person: Callable[..., Person], shelf: Shelf) -> None:
    """The desk answers with a document of the drive; in the visit one tap shows it, and it stands there."""
    company = town.call("wang-fang", "POST", "/drive/folders", id=str(uuid4()), name=f"Cases {uuid4()}")
    shelf.id = str(company["id"])  # the desk reads the thread: nothing of a squad's own hangs there
    made = shelf.bring("Harbour Clinic.pdf", pdf(["Hard water here", "No scale left"]))
    visit = town.check_in("li-na", shelf.north)["id"]
    call = str(uuid4())
    town.call("li-na", "POST", f"/visits/{visit}/calls", id=call, kind="price", text="")
    li = person(town, "li-na", phone=True).go(f"/visits/{visit}")
    desk = person(town, "wang-fang").go(f"/calls/{call}")
    desk.locator("#kit [data-attach]").click()
    desk.locator("#pick").fill("harbour")
    desk.locator(f"#picks [data-document='{made['id']}']").click()
    expect(desk.locator("#f-answer .chip")).to_have_text("Harbour Clinic")
    assert axe(desk) == []
    desk.locator("#f-answer [data-key=answer]").click()
    given = li.locator(f"#support-{visit} .hung")
    expect(given).to_contain_text("Harbour Clinic")
    given.get_by_role("button", name="Show").click()
    expect(li).to_have_url(re.compile(f"/drive/documents/{made['id']}/show$"))
    li.wait_for_load_state()
    li.locator("#leave").click()
    expect(li).to_have_url(re.compile(f"/visits/{visit}$"))
    li.reload()
    expect(li.locator("#shown")).to_contain_text("Harbour Clinic")
    expect(li.locator(".docs")).to_contain_text("Harbour Clinic")
    assert axe(li) == []
