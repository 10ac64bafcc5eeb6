"""No signal: what is said and done is on the screen at once, waits on the phone, and arrives once."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.bed.newer import MARK
from tests.bed.wire import Wire
from tests.browser.people import Person
from tests.browser.showing import shop_front
from tests.browser.test_story_street import keeping
from tests.browser.towns import Town

DOOR = (31.2180, 121.4363)
PLATE: FilePayload = {"name": "plate.jpg", "mimeType": "image/jpeg", "buffer": shop_front()}


@pytest.fixture
def north(town: Town) -> str:
    """North Bank's id."""
    return str(town.members["li-na"]["squads"][0])


def live(person: Person, squad: str) -> Page:
    """The squad's live page, connected."""
    page = person.go(f"/squads/{squad}")
    expect(page.locator("html[data-live=on]")).to_be_attached()
    return page


def posts(town: Town, squad: str, count: int) -> list[dict[str, object]]:
    """The newest posts, as a team-mate gets them."""
    found: list[dict[str, object]] = town.call("zhao-lei", "GET", f"/squads/{squad}/posts?limit={count}")
    return found


def say(page: Page, words: str) -> None:
    """A message to the squad."""
    page.locator("#say").fill(words)
    page.locator("#f-say button[type=submit]").click()


@pytest.mark.usefixtures("mapless")
def test_words_wait_for_the_signal(town: Town, person: Callable[..., Person], north: str, wire: Wire) -> None:
    """Messages, a reply and a cheer: shown at once, sent in order, once, with their own time."""
    first = town.say("zhao-lei", north, "Who is near the bridge?")
    page = live(person(town, "li-na", url=wire.url), north)
    other = live(person(town, "wang-fang"), north)
    page.locator(f"#p-{first} a.more-link").click()
    expect(page.locator("#thread.open")).to_be_visible()
    wire.cut()
    say(page, "One, from the basement")
    say(page, "Two, from the basement")
    page.locator("#rep").fill("I am")
    page.locator("#f-reply button[type=submit]").click()
    bar = page.locator(f"form.reacts[data-post='{first}']").first
    bar.locator("summary").click()
    bar.locator("details button[value=thanks]").click()
    mine = page.locator("#feed > article.sending")
    expect(mine).to_have_count(2)
    expect(mine.first).to_contain_text("Two, from the basement")
    expect(mine.first).to_contain_text("Saved on this phone, will send")
    expect(page.locator("#thread .reply.sending")).to_contain_text("Saved on this phone, will send")
    expect(bar.locator(":scope > button[value=thanks]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#unsent")).to_contain_text("4 waiting on this phone")
    expect(page.locator("#say")).to_have_value("")
    expect(other.locator("#feed")).not_to_contain_text("from the basement")
    wire.mend()
    expect(other.locator("#feed > article").first).to_contain_text("Two, from the basement", timeout=60_000)
    expect(page.locator("#unsent")).to_be_hidden()
    expect(page.locator("#feed > article.sending")).to_have_count(0)
    expect(other.locator(f"#p-{first}")).to_contain_text("I am")
    expect(other.locator(f"form.reacts[data-post='{first}'] > button[value=thanks]")).to_contain_text("1")
    assert [one["text"] for one in posts(town, north, 3)] == [
        "Two, from the basement",
        "One, from the basement",
        "Who is near the bridge?",
    ]
    expect(page.locator("#feed > article", has_text="from the basement")).to_have_count(2)


def test_a_check_in_and_its_outcome_without_signal(
    town: Town, person: Callable[..., Person], north: str, wire: Wire
) -> None:
    """At the door in a dead spot: saved, and how it went too; then the squad has all of it, once."""
    rep = person(town, "li-na", phone=True, at=DOOR, url=wire.url)
    page = rep.go(f"/squads/{north}/checkin")
    expect(page.locator("#accuracy")).to_have_text(re.compile("±8"))
    before = posts(town, north, 1)[0]["id"]
    wire.cut()
    page.locator("#noting summary").click()
    page.locator("textarea[name=note]").fill("Down in the cellar")
    page.locator("#f-checkin button[type=submit]").click()
    expect(page.locator("h1", has_text="Saved on this phone")).to_be_visible()
    expect(page.locator(".pane")).to_contain_text("Hengtai Hardware")
    page.locator("label.choice", has=page.locator("input[value=won]")).click()
    page.locator("#amount").fill("1200")
    page.locator("button[form=f-outcome]").click()
    expect(page.locator("[data-kept]").first).to_be_visible()
    assert posts(town, north, 1)[0]["id"] == before
    wire.mend()
    expect(page.locator("[data-sent]")).to_be_visible(timeout=60_000)
    watching = live(person(town, "wang-fang"), north)
    newest = watching.locator("#feed > article").first
    expect(newest).to_contain_text("1,200")
    expect(newest).to_contain_text("Down in the cellar")
    assert posts(town, north, 2)[1]["id"] == before


@pytest.mark.usefixtures("mapless")
def test_what_is_refused_stays_readable(
    town: Town, person: Callable[..., Person], north: str, wire: Wire
) -> None:
    """The post was taken back meanwhile: the reply says so, keeps its words, and holds up nothing else."""
    first = town.say("zhao-lei", north, "Never mind this")
    page = live(person(town, "li-na", url=wire.url), north)
    page.locator(f"#p-{first} a.more-link").click()
    expect(page.locator("#thread.open")).to_be_visible()
    wire.cut()
    page.locator("#rep").fill("But I do mind")
    page.locator("#f-reply button[type=submit]").click()
    say(page, "And another thing")
    town.call("zhao-lei", "DELETE", f"/posts/{first}")
    wire.mend()
    expect(page.locator("#unsent")).to_contain_text("1 waiting", timeout=60_000)
    assert posts(town, north, 1)[0]["text"] == "And another thing"
    failed = page.locator("#unsent .reply.sending")
    expect(failed).to_contain_text("But I do mind")
    expect(failed).to_contain_text("Not sent:")
    expect(failed).to_contain_text("There is nothing here")
    failed.locator("[data-do=edit]").click()
    expect(page.locator("#say")).to_have_value("But I do mind")
    expect(page.locator("#unsent")).to_be_hidden()


def reopened(person: Person, path: str) -> Page:
    """The tab is closed, and another one opened."""
    person.page.close()
    person.page = person.context.new_page()
    return person.go(path)


@pytest.mark.usefixtures("mapless")
def test_asked_with_a_deadline_without_signal(
    town: Town, pocket: Callable[..., Person], north: str, wire: Wire
) -> None:
    """Refused, the form comes back as it was typed and says why; asked anew it arrives once, with a photo."""
    rep = pocket("chen-mo", wire.url, DOOR)
    rep.sign_in()
    page = live(rep, north)
    path, there = f"/squads/{north}/calls/new", town.call("chen-mo", "GET", f"/squads/{north}/customers")[1]
    keeping(page, north)
    page.wait_for_function(f"() => caches.match('{path}')")
    wire.cut()
    page.goto(f"{wire.url}{path}?customer={there['id']}")
    expect(page.locator("#customer")).to_have_value(there["id"])
    page.locator("label.choice", has=page.locator("[value=service]")).click()
    page.locator("#text").fill("The pump leaks")
    due = page.locator("#due")
    due.fill(due.get_attribute("min") or "")
    page.locator("[name=photo]").set_input_files(PLATE)
    page.locator("#f-ask button.primary").click()
    expect(page).to_have_url(re.compile(f"/squads/{north}$"))
    page = reopened(rep, f"/squads/{north}")
    expect(page.locator("#unsent")).to_contain_text("2 waiting on this phone")
    assert town.call("wang-fang", "GET", "/calls") == []
    wire.mend()
    page.evaluate("dispatchEvent(new Event('online'))")
    failed = page.locator("#unsent .reply.sending")
    expect(failed).to_contain_text("Choose a time that is still to come.", timeout=60_000)
    expect(failed).to_contain_text("The pump leaks")

    wire.cut()
    page = reopened(rep, f"/squads/{north}")
    page.locator("#unsent [data-do=edit]:visible").click()
    expect(page.locator("#f-ask [data-wrong]")).to_contain_text("Choose a time that is still to come.")
    expect(page.locator("#customer")).to_have_value(there["id"])
    expect(page.locator("#text")).to_have_value("The pump leaks")
    expect(page.locator("[value=service]")).to_be_checked()
    expect(page.locator("[data-picked] button")).to_contain_text("plate.jpg")
    due = page.locator("#due")
    expect(due).to_have_value(due.get_attribute("min") or "")
    due.fill("2099-05-04T17:00")
    page.locator("#f-ask button.primary").click()
    expect(page).to_have_url(re.compile(f"/squads/{north}$"))
    page = reopened(rep, f"/squads/{north}")
    expect(page.locator("#unsent")).to_contain_text("2 waiting on this phone")
    wire.mend()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#unsent")).to_be_hidden(timeout=60_000)
    (one,) = town.call("wang-fang", "GET", "/calls")
    assert (one["text"], one["customer"]["id"], one["visit"]) == ("The pump leaks", there["id"], None)
    assert one["due_at"] == "2099-05-04T09:00:00.000Z"
    expect(page.locator(f"#feed > #p-{one['id']} img.photo")).to_be_visible()
    expect(rep.go(f"/calls/{one['id']}").locator("img.photo")).to_be_visible()


IN_TURN = """() => new Promise((got) => {
  const wait = (done) => { globalThis.done = done; got(); };
  navigator.locks.request('outbox', () => new Promise(wait));
})"""
"""A tab that is about to send, and takes its time."""
UPDATED = f"""async () => {{
  const old = async () => (await caches.keys()).some((name) => /^shell (?!{MARK})/.test(name));
  const registration = await navigator.serviceWorker.getRegistration();
  while (registration.active?.state !== 'activated' || (await old())) {{
    await new Promise((done) => setTimeout(done, 50));
  }}
}}"""


@pytest.mark.usefixtures("mapless")
def test_an_update_loses_nothing_that_waits(
    town: Town, pocket: Callable[..., Person], north: str, wire: Wire
) -> None:
    """Written with one version and sent with the next: as it was, once; and the next one is there then."""
    rep = pocket("li-na", wire.url, DOOR)
    rep.sign_in()
    page = live(rep, north)
    keeping(page, north)
    wire.cut()
    say(page, "Written before the update")
    expect(page.locator("#feed > article.sending")).to_have_count(1)
    page = reopened(rep, f"/squads/{north}")
    expect(page.locator("#feed > article.sending")).to_contain_text("Written before the update")
    town.server.update()
    slow = rep.context.new_page()
    slow.goto(f"{wire.url}/squads/{north}")
    slow.evaluate(IN_TURN)
    assert posts(town, north, 1)[0]["text"] != "Written before the update"
    wire.mend()
    page = reopened(rep, f"/squads/{north}")
    page.evaluate(UPDATED)
    page = reopened(rep, f"/squads/{north}")
    expect(page.locator("#feed > article.sending")).to_have_count(1)
    slow.evaluate("done()")
    expect(page.locator("#unsent")).to_be_hidden(timeout=60_000)
    page = live(rep, north)
    expect(page.locator(f"script[src^='/static/{MARK}/']").first).to_be_attached()
    expect(page.locator("#feed > article", has_text="Written before the update")).to_have_count(1)
    assert [one["text"] for one in posts(town, north, 2)].count("Written before the update") == 1
