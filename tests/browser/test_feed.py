"""The feed as one reads and writes it while the squad is at work: nothing is lost, nothing jumps."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.bed.wire import Wire
from tests.browser.looking import live
from tests.browser.people import Person
from tests.browser.towns import Town

pytestmark = pytest.mark.usefixtures("mapless")


def test_who_scrolled_away_is_not_disturbed(fair: Town, person: Callable[..., Person], north: str) -> None:
    """What comes meanwhile is counted; what is being read stays where it is until one asks."""
    page = live(person(fair, "li-na"), north)
    read = page.locator(f"#{page.locator('#feed > article').nth(8).get_attribute('id')}")
    page.locator("#feed-list").evaluate(
        "(list, row) => { list.scrollTop = row.offsetTop }", read.element_handle()
    )
    expect(page.locator("[data-away]")).to_be_attached()
    before = read.bounding_box()
    fair.say("zhao-lei", north, "One for later")
    fair.say("zhang-wei", north, "Two for later")
    expect(page.locator("#pill")).to_have_text(re.compile("2 new"))
    assert read.bounding_box() == before
    page.locator("#pill").click()
    expect(page.locator("#pill")).to_be_hidden()
    expect(page.locator("#feed > article").first).to_be_in_viewport()
    expect(page.locator("#feed > article").first).to_contain_text("Two for later")


def test_a_word_half_written_survives_everything(
    fair: Town, person: Callable[..., Person], north: str
) -> None:
    """Pinyin being composed, the caret in the middle, twenty events: all stays as it is."""
    page = live(person(fair, "li-na", locale="zh"), north)
    page.locator("#say").fill("明天上午")
    page.locator("#say").press("Home")
    typing = page.context.new_cdp_session(page)
    typing.send("Input.imeSetComposition", {"text": "ni'hao", "selectionStart": 6, "selectionEnd": 6})
    for number in range(20):
        last = fair.say("zhao-lei", north, f"Event {number}")
    expect(page.locator(f"#p-{last}")).to_be_attached()
    expect(page.locator("#say")).to_be_focused()
    expect(page.locator("#say")).to_have_value("ni'hao明天上午")
    typing.send("Input.insertText", {"text": "你好"})
    expect(page.locator("#say")).to_have_value("你好明天上午")
    assert page.locator("#say").evaluate("field => field.selectionStart") == 2


def test_an_open_menu_stays_open(fair: Town, person: Callable[..., Person], north: str) -> None:
    """Choosing a reaction while others react to the same post, and a thread half answered beside it."""
    page = live(person(fair, "li-na"), north)
    post = fair.say("zhao-lei", north, "Who has the demo unit?")
    card = page.locator(f"#p-{post}")
    card.locator("a.more-link").click()
    page.locator("#rep").fill("I have")
    card.locator("summary.react").click()
    fair.call("zhang-wei", "PUT", f"/posts/{post}/reactions/eyes")
    fair.call("sun-yue", "POST", f"/posts/{post}/replies", id=post[:-4] + "0001", text="Not me")
    expect(card.locator("button.react[aria-label^='Seen, 1']")).to_be_visible()
    expect(page.locator("#thread .reply")).to_contain_text("Not me")
    expect(card.locator("details.picker")).to_have_attribute("open", "")
    expect(page.locator("#rep")).to_have_value("I have")
    expect(card.locator(".who-reacted")).to_contain_text("Zhang Wei")
    card.locator("details.picker button[aria-label='With you']").click()
    expect(card.locator("button.react[aria-label^='With you, 1']")).to_have_attribute("aria-pressed", "true")


def test_a_name_is_offered_and_its_owner_sees_it(
    fair: Town, person: Callable[..., Person], north: str
) -> None:
    """An @ and two letters; the keyboard chooses; the one who is meant finds it marked."""
    page = live(person(fair, "li-na"), north)
    meant = live(person(fair, "sun-yue", phone=True, scheme="dark"), north)
    page.locator("#say").press_sequentially("Hello @su")
    expect(page.locator("#people-pop [role=option]")).to_have_text(re.compile("Sun Yue"))
    page.keyboard.press("Enter")
    page.keyboard.type("have you a minute?")
    expect(page.locator("#say")).to_have_value("Hello @Sun Yue have you a minute?")
    page.keyboard.press("Enter")
    expect(page.locator("#say")).to_have_value("")
    card = meant.locator("#feed > article[data-my-mention]").first
    expect(card).to_contain_text("have you a minute?")
    expect(card.locator(".mention")).to_have_attribute("data-my-own", "")


def test_a_win_is_seen_once_as_it_arrives(fair: Town, person: Callable[..., Person], north: str) -> None:
    """The seal and one burst for who is there; for who comes later, the seal alone."""
    page = live(person(fair, "li-na"), north)
    visit = fair.check_in("zhao-lei", north)["id"]
    expect(page.locator(f"#p-{visit}")).to_be_attached()
    fair.close("zhao-lei", visit, result="won", amount="86400", currency="CNY")
    card = page.locator(f"#p-{visit}")
    expect(card.locator(".won-seal .burst")).to_have_count(8)
    expect(card).to_contain_text("¥86,400")
    expect(card.locator("button.react").first).to_have_class(re.compile("cheer"))
    page.reload()
    expect(card.locator(".won-seal")).to_be_visible()
    expect(card.locator(".won-seal .burst")).to_have_count(0)


def test_a_loss_is_met_with_encouragement(fair: Town, person: Callable[..., Person], north: str) -> None:
    """Quietly: no seal, no burst, no cheer; the first thing offered is a hand."""
    page = live(person(fair, "li-na"), north)
    visit = fair.check_in("zhao-lei", north)["id"]
    fair.close("zhao-lei", visit, result="lost", note="Went with the old supplier")
    card = page.locator(f"#p-{visit}")
    expect(card).to_contain_text("not this time")
    expect(card.locator("button.react").first).to_have_text(re.compile("Encourage"))
    expect(card.locator("button.react.cheer")).to_have_count(0)
    expect(card.locator(".won-seal")).to_have_count(0)
    card.locator("button.react").first.click()
    expect(card.locator("button.react").first).to_have_attribute("aria-pressed", "true")


def test_a_new_name_stands_everywhere(fair: Town, person: Callable[..., Person], north: str) -> None:
    """Who changes their name is called so on every open page."""
    page = live(person(fair, "li-na"), north)
    post = fair.say("zhao-lei", north, "I am getting married")
    expect(page.locator(f"#p-{post}")).to_contain_text("Zhao Lei")
    me = person(fair, "zhao-lei").go("/me")
    me.locator("input[name=name]").fill("Zhao Lei-Wang")
    me.locator("form", has=me.locator("input[name=name]")).locator("button.primary").click()
    expect(page.locator(f"#p-{post}")).to_contain_text("Zhao Lei-Wang")


def test_an_open_thread_is_not_asked_for_again(fair: Town, person: Callable[..., Person], north: str) -> None:
    """Frames keep it up to date, its own post included; the server is not asked at each of them."""
    root = fair.say("zhao-lei", north, "Tea at four")
    page = live(person(fair, "li-na"), north)
    page.locator(f"#p-{root} .more-link").click()
    expect(page.locator("#thread.open")).to_contain_text("Tea at four")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if f"/posts/{root}" in request.url else None)
    for number in range(6):
        last = fair.say("zhang-wei", north, f"Something else {number}")
        expect(page.locator(f"#p-{last}")).to_be_attached()
    fair.call("zhao-lei", "PATCH", f"/posts/{root}", text="Tea at five")
    expect(page.locator("#thread")).to_contain_text("Tea at five")
    assert asked == []


def test_the_page_says_when_it_is_cut_off(fair: Town, person: Callable[..., Person], north: str) -> None:
    """A banner with the time of what one sees; gone, and all caught up, when the way is back."""
    with Wire(fair.server.port) as wire:
        page = live(person(fair, "li-na", url=wire.url), north)
        page.locator("#say").fill("half a thou")
        wire.cut()
        expect(page.locator("#stale")).to_be_visible()
        post = fair.say("zhao-lei", north, "Said meanwhile")
        wire.mend()
        expect(page.locator("html[data-live=on]")).to_be_attached(timeout=30_000)
        expect(page.locator("#stale")).to_be_hidden()
        expect(page.locator(f"#p-{post}")).to_contain_text("Said meanwhile")
        expect(page.locator("#say")).to_have_value("half a thou")


def test_who_is_removed_sees_nothing_more(fair: Town, person: Callable[..., Person], north: str) -> None:
    """The open page is emptied at once, and says so; what the squad writes then never comes."""
    page = live(person(fair, "chen-mo"), north)
    lead = person(fair, "wang-fang")
    sure = lead.go(f"/squads/{north}/people/{fair.members['chen-mo']['id']}/remove")
    sure.locator("main form button.primary").click()
    expect(page.locator("html[data-live=gone]")).to_be_attached()
    expect(page.locator("main")).not_to_contain_text("Hengtai")
    assert page.locator("#feed").count() == 0
    fair.say("zhao-lei", north, "Not for strangers")
    page.reload()
    expect(page.locator("body")).not_to_contain_text("Not for strangers")


def test_quiet_while_one_is_with_a_customer(fair: Town, person: Callable[..., Person], north: str) -> None:
    """The live page leads back to the open visit; what others do waits until it is over."""
    fair.leave_alone("li-na")
    visit = fair.check_in("li-na", north)["id"]
    page = live(person(fair, "li-na", phone=True), north)
    expect(page.locator("#inside")).to_have_attribute("href", f"/visits/{visit}")
    other = fair.check_in("zhao-lei", north)["id"]
    fair.close("zhao-lei", other, result="won", amount="1200", currency="CNY")
    mine = fair.say("li-na", north, "I am in")
    expect(page.locator(f"#p-{mine}")).to_be_attached()
    expect(page.locator(f"#p-{other}")).to_have_count(0)
    expect(page.locator(".nav .count").first).to_be_hidden()
    desk = live(person(fair, "li-na"), north)
    expect(desk.locator("#hushed")).to_be_visible()
    said = fair.say("zhao-lei", north, "Well done")
    desk.locator("#hushed button").click()
    expect(desk.locator(f"#p-{said}")).to_be_attached()
    expect(page.locator(f"#p-{said}")).to_have_count(0)
    fair.close("li-na", visit, result="advanced", next_step="A trial unit")
    expect(page.locator("#inside")).to_have_count(0)
    expect(page.locator("body.in-visit")).to_have_count(0)
    expect(page.locator(f"#p-{other} .won-seal")).to_be_attached()
    expect(page.locator(f"#p-{said}")).to_be_attached()


def test_ones_own_words(fair: Town, person: Callable[..., Person], north: str) -> None:
    """Said, put right, taken back: on the other's screen too, and nobody else's words can be touched."""
    page = live(person(fair, "li-na"), north)
    other = live(person(fair, "zhao-lei", phone=True), north)
    page.locator("#say").fill("See you at there")
    page.keyboard.press("Enter")
    card = page.locator("#feed > article").first
    expect(card).to_contain_text("See you at there")
    theirs = other.locator(f"#{card.get_attribute('id')}")
    expect(theirs).to_contain_text("See you at there")
    expect(theirs.locator("details.own")).to_be_hidden()
    card.locator("details.own summary").click()
    card.locator("details.own a").click()
    card.locator("textarea").fill("See you there")
    card.locator("button.primary").click()
    expect(theirs).to_contain_text("See you there")
    expect(theirs).to_contain_text("edited")
    expect(card.locator("textarea")).to_have_count(0)
    card.locator("details.own summary").click()
    card.locator("details.own form button").click()
    expect(theirs).to_have_count(0)


def test_further_back_and_wins_alone(fair: Town, person: Callable[..., Person], north: str) -> None:
    """Fifty at a time, and the wins by themselves; a link of its own for each."""
    page = live(person(fair, "sun-yue"), north)
    shown = page.locator("#feed > article")
    expect(shown).to_have_count(50)
    first = shown.first.get_attribute("id")
    page.locator("#older").click()
    expect(page).to_have_url(re.compile("before="))
    expect(page.locator(f"#{first}")).to_have_count(0)
    page.locator("[data-show=wins][href]").click()
    expect(page).to_have_url(re.compile("show=wins"))
    expect(page.locator("#feed > article").first).to_be_visible()
    expect(page.locator("#feed > article:not(.win):visible")).to_have_count(0)
