"""Notices in the browser: a bell that rings on every page, and devices that are told while none is open."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.bed.process import until
from tests.browser.people import Person
from tests.browser.towns import Town

LOOKED = """() => {
    const ask = clients.matchAll.bind(clients);
    self.looked = 0;
    clients.matchAll = async (how) => {
        const found = await ask(how);
        self.looked += 1;
        return found;
    };
}"""
"""Counts how often the worker has seen which pages are open."""
SHOWN = "registration.getNotifications().then((all) => all.map(({ body, tag }) => `${body} ${tag}`).sort())"
pytestmark = pytest.mark.usefixtures("mapless")


def connected(person: Person, path: str) -> Page:
    """A page that hears what is new."""
    page = person.go(path)
    expect(page.locator("html[data-live=on]")).to_be_attached()
    return page


def test_the_bell_rings_in_two_browsers_and_is_still_in_both(
    fair: Town, person: Callable[..., Person], north: str
) -> None:
    """On whatever page; seen on the phone, it is seen at the desk. The list fills and empties by itself."""
    desk = connected(person(fair, "li-na"), "/me")
    phone = connected(person(fair, "li-na", phone=True), "/notices")
    bell = desk.locator("#u-bell")
    expect(bell).to_be_hidden()
    said = fair.say("wang-fang", north, "@Li Na the hotel on the quay?")
    expect(bell).to_have_text("1 unread")
    row = phone.locator("#notices > li").first
    expect(row).to_contain_text("Wang Fang named you")
    expect(row).to_contain_text("@Li Na the hotel on the quay?")
    fair.call("wang-fang", "POST", f"/posts/{said}/replies", id=said[:-4] + "beef", text="@Li Na well?")
    expect(bell).to_have_text("2 unread")
    expect(phone.locator("#notices > .unseen")).to_have_count(2)
    fair.call("wang-fang", "DELETE", f"/posts/{said[:-4]}beef")
    expect(phone.locator("#notices > li")).to_have_count(1)
    expect(bell).to_have_text("1 unread")
    phone.locator("#notices a").first.click()
    expect(phone.locator("#thread.open")).to_contain_text("the hotel on the quay?")
    expect(bell).to_be_hidden()


def test_reading_the_feed_is_seeing_it(fair: Town, person: Callable[..., Person], north: str) -> None:
    """Whoever has the newest before their eyes hears no bell for long."""
    page = connected(person(fair, "zhao-lei"), f"/squads/{north}")
    fair.say("wang-fang", north, "@Zhao Lei here")
    expect(page.locator("#u-bell")).to_be_visible()
    expect(page.locator("#u-bell")).to_be_hidden(timeout=20_000)


@pytest.mark.parametrize(
    ("locale", "words"), [("en", "Notifications are off for this site"), ("zh", "此网站的通知已关闭")]
)
def test_where_the_browser_says_no_it_is_said_why(
    fair: Town, person: Callable[..., Person], locale: str, words: str
) -> None:
    """And nothing is asked for; the rest of the page works, by keyboard too."""
    who = {"en": "li-na", "zh": "lin-xiao"}[locale]
    page = connected(person(fair, who, locale=locale, keeps=True), "/me/notices")
    expect(page.locator("[data-push=denied]")).to_contain_text(words)
    expect(page.locator("[data-push-on]").first).to_be_hidden()
    box = page.locator("input[name=reaction][value=push]")
    box.focus()
    page.keyboard.press("Space")
    page.locator(".wishes button").click()
    expect(page.locator(".notice.ok")).to_be_visible()
    expect(box).not_to_be_checked()


@pytest.mark.usefixtures("whole")
def test_a_push_service_out_of_reach_is_no_end(fair: Town, person: Callable[..., Person]) -> None:
    """It is said, and can be tried again."""
    somebody = person(fair, "li-na", keeps=True)
    somebody.context.grant_permissions(["notifications"], origin=fair.url)
    page = connected(somebody, "/me/notices")
    button = page.locator("[data-push=off] [data-push-on]")
    expect(button).to_be_visible(timeout=20_000)
    button.click()
    expect(page.locator("[data-push=failed]")).to_be_visible(timeout=30_000)


@pytest.mark.usefixtures("whole")
def test_a_push_shows_its_kind_unless_one_looks(fair: Town, person: Callable[..., Person]) -> None:
    """In the words of its kind, once for one thing; whoever has Muster before them sees the bell instead."""
    somebody = person(fair, "li-na", keeps=True)
    somebody.context.grant_permissions(["notifications"], origin=fair.url)
    page = connected(somebody, "/me")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    (worker,) = somebody.context.service_workers
    debug = somebody.context.new_cdp_session(page)
    known: list[str] = []
    debug.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: known.extend(one["registrationId"] for one in event["registrations"]),
    )
    debug.send("ServiceWorker.enable")
    assert until(lambda: worker.evaluate("true") and bool(known), 10)

    def push(kind: str, link: str) -> None:
        data = json.dumps({"kind": kind, "link": link})
        about = {"origin": fair.url, "registrationId": known[-1], "data": data}
        debug.send("ServiceWorker.deliverPushMessage", about)

    def shows(*wanted: str) -> None:
        assert until(lambda: worker.evaluate(SHOWN) == [*wanted], 10)

    worker.evaluate(LOOKED)
    push("reply", "/notices/0")
    assert until(lambda: worker.evaluate("looked") == 1, 10)  # before the page it looks for is left
    page.goto("about:blank")
    push("mention", "/notices/1")
    shows("Somebody named you /notices/1")
    push("mention", "/notices/1")
    push("call", "/notices/2")
    shows("A call for help /notices/2", "Somebody named you /notices/1")
