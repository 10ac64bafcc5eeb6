"""The entrances: from an empty server to a squad that sees its newest member check in."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.bed.ground import Ground, settings
from tests.bed.served import Served
from tests.browser.conftest import GENEROUS
from tests.browser.people import PASSWORD, Person
from tests.browser.towns import Town

pytestmark = pytest.mark.usefixtures("mapless")


@pytest.fixture
def nobody_yet(ground: Ground) -> Iterator[Town]:
    """A server as it stands after its first start."""
    made = settings(data_dir=ground.room("nobody"), **GENEROUS)
    served = Served(ground.room("served"), made, ground.owner)
    served.start()
    yield Town(served, {})
    served.end()


def test_from_an_empty_server_to_a_check_in(nobody_yet: Town, person: Callable[..., Person]) -> None:
    """Three steps at a desk; the second person joins by the link, on a phone, in Chinese."""
    admin = person(nobody_yet, "wang", signed_in=False)
    page = admin.go("/")
    page.locator("#f-company").fill("Qinghe Filtration")
    page.locator("#f-name").press_sequentially("Wang Fang")
    expect(page.locator("#disc")).to_have_text("WF")
    page.locator("#f-login").fill("wang.fang@qinghe.example")
    page.locator("#f-password").fill("short")
    page.locator("form .primary").click()
    expect(page.locator("#f-password-wrong")).to_be_visible()
    expect(page.locator("#f-company")).to_have_value("Qinghe Filtration")
    page.locator("#f-password").fill(PASSWORD)
    page.locator("form .primary").click()
    page.locator("#f-squad").fill("North Bank squad")
    expect(page.locator("#f-zone")).to_have_value("Asia/Shanghai")
    page.locator("form .primary").click()
    link = page.locator("[data-copy]").first.get_attribute("data-copy") or ""
    assert "/join/" in link

    rep = person(nobody_yet, "zhao", signed_in=False, phone=True, locale="zh", at=(31.2, 121.4))
    rep.page.goto(nobody_yet.url + link[link.index("/join/") :])
    rep.page.locator("#f-name").fill("赵磊")
    rep.page.locator("#f-login").fill("13800138000")
    rep.page.locator("#f-password").fill(PASSWORD)
    rep.page.locator("form .btn.seal").click()
    expect(page.locator("#in")).to_contain_text("赵磊", timeout=10_000)
    page.locator("a.primary").click()
    expect(page.locator("html[data-live=on]")).to_be_attached()
    expect(page.locator("#feed")).to_contain_text("赵磊 joined the squad")

    phone = rep.go("/")
    phone.locator("a[href$='/checkin']").last.click()
    expect(phone.locator("#accuracy")).to_contain_text("±")
    phone.locator("input[name=customer]").fill("莲花大药房")
    phone.locator("#f-checkin button[type=submit]").click()
    expect(phone.locator("#visit")).to_be_visible()
    expect(page.locator("#feed > article").first).to_contain_text("莲花大药房")


def test_signed_out_everywhere(town: Town, person: Callable[..., Person]) -> None:
    """A password that does not fit says so; signing out everywhere empties the other screens at once."""
    stranger = person(town, "li-na", signed_in=False)
    page = stranger.go("/signin")
    page.locator("input[autocomplete~=username]").fill("li-na")
    page.locator("input[autocomplete~=current-password]").fill("not this one")
    page.locator("input[autocomplete~=current-password]").press("Enter")
    expect(page.locator("[aria-invalid=true]")).to_be_visible()
    expect(page.locator("input[autocomplete~=username]")).to_have_value("li-na")

    desk, phone = person(town, "li-na"), person(town, "li-na", phone=True)
    squad = town.members["li-na"]["squads"][0]
    open_page = phone.go(f"/squads/{squad}")
    expect(open_page.locator("html[data-live=on]")).to_be_attached()
    desk.go("/me").locator("form[action='/signout/everywhere'] button").click()
    expect(open_page.locator("html[data-live=gone]")).to_be_attached()
    expect(open_page.locator("#feed")).to_have_count(0)
    expect(desk.go(f"/squads/{squad}").locator("input[autocomplete~=current-password]")).to_be_visible()


def test_in_two_squads(town: Town, person: Callable[..., Person]) -> None:
    """Wang Fang goes from one to the other with the switcher, and leaves one; it goes on without her."""
    lead = person(town, "wang-fang", scheme="dark")
    north, south = town.members["wang-fang"]["squads"]
    page = lead.go(f"/squads/{north}")
    page.locator("#switch summary").click()
    page.locator("#switch a", has_text="江南战队").click()
    expect(page.locator("#squad-name")).to_have_text("江南战队")
    mate = person(town, "chen-xi", locale="zh")
    seen = mate.go(f"/squads/{south}")
    expect(seen.locator("html[data-live=on]")).to_be_attached()
    leaving = lead.go(f"/squads/{south}/leave")
    leaving.locator("main form button.primary").click()
    expect(seen.locator("#feed > article").first).to_have_text(re.compile("Wang Fang 离开了战队"))
    assert lead.page.request.get(f"{town.url}/squads/{south}").status == 404


def test_a_profile_of_ones_own(town: Town, person: Callable[..., Person]) -> None:
    """Language, colour and password; the page answers in the language just chosen."""
    me = person(town, "zhao-lei")
    page = me.go("/me")
    page.locator("#f-locale").select_option("zh")
    page.locator("input[name=colour][value='8']").check(force=True)
    page.locator("form[action='/me'] .primary").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    expect(page.locator(".bar-top .disc.m8")).to_be_attached()
    page.locator("#f-current").fill(PASSWORD)
    page.locator("#f-password").fill("another good one")
    page.locator("form[action='/me/password'] button").click()
    expect(page.locator(".notice.ok")).to_be_visible()
    again = person(town, "zhao-lei", signed_in=False, locale="zh")
    again.sign_in("another good one")
    expect(again.page.locator("#feed")).to_be_visible()
