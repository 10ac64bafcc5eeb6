"""The fixed list of screens: looked at by `make shots`, gone through by axe."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from playwright.sync_api import FilePayload, Page, expect

from tests.browser import drives, in_hand
from tests.browser.files import at_known, brought, held, judged, named_alike, of_another, put_in, twins
from tests.browser.people import Person
from tests.browser.rallying import (
    connected,
    gathered,
    offered,
    plan,
    replayed,
    sharing,
    so_far,
    sweep,
)
from tests.browser.showing import (
    announcement,
    answered_letter,
    check_in_ready,
    closing,
    customer,
    customer_head,
    helped,
    letter,
    live,
    log_fields,
    needed,
    shop_front,
    telling,
    territory,
    trail,
    wrong_password,
)

WHO = {"en": "li-na", "zh": "lin-xiao"}
LEAD = {"en": "wang-fang", "zh": "chen-xi"}
WORDS = {"en": "water", "zh": "水"}
"""What is looked for."""
TAG = {"en": "key account", "zh": "重点客户"}
"""What a customer is tagged with whose file is full."""
AT = {"en": (31.2184, 121.4363), "zh": (31.19563, 121.4482)}
"""Where they stand: latitude and longitude, a few steps from a customer."""


@dataclass(frozen=True)
class Screen:
    """One picture to take. `who`: handle by language, none for a visitor; `path` may name `{squad}`,
    who looks (`{me}`) and the squad's `{lead}`."""

    name: str
    path: str
    who: dict[str, str] | None = None
    does: Callable[[Page], None] = lambda page: None
    empty: bool = False
    at_place: bool = True

    def show(self, person: Person, members: dict[str, dict[str, Any]], lang: str) -> Page:
        """Signs in who looks at it with the demo's one click, and brings them there."""
        handle = self.who[lang] if self.who else ""
        person.context.clear_cookies()
        if handle:
            person.context.request.post(f"{person.home}/demo/signin", form={"handle": handle})
        squad = members[handle]["squads"][0] if handle else ""
        me, lead = members[handle]["id"] if handle else "", members[LEAD[lang]]["id"] if members else ""
        page = person.go(self.path.format(squad=squad, me=me, lead=lead, tag=TAG[lang], words=WORDS[lang]))
        self.does(page)
        return page


def thread(page: Page) -> None:
    """The thread of the newest win."""
    connected(page)
    page.locator("#feed > article.win a.more-link").first.click()
    expect(page.locator("#thread.open")).to_be_visible()


def with_photos(page: Page) -> None:
    """Two photos chosen, which can be left out again."""
    check_in_ready(page)
    shot: FilePayload = {"name": "door.jpg", "mimeType": "image/jpeg", "buffer": shop_front()}
    page.locator("#f-checkin [name=photo]").set_input_files([shot, {**shot, "name": "shelf.jpg"}])
    expect(page.locator("[data-picked] .chip")).to_have_count(2)


def shown_photos(page: Page) -> None:
    """A message with three photos and one that is on its way, in feed and thread."""
    connected(page)
    ask, home = page.context.request, f"{page.url.partition('/squads/')[0]}/api/v1"
    ids = [str(uuid4()) for _ in range(5)]
    for id in ids[:3]:
        shot: FilePayload = {"name": "door.jpg", "mimeType": "image/jpeg", "buffer": shop_front()}
        assert ask.post(f"{home}/photos", multipart={"id": id, "file": shot}).status in (200, 201)
    said = {"id": ids[4], "text": "", "photos": ids[:4]}
    squad = page.locator("#map").get_attribute("data-squad")
    assert ask.post(f"{home}/squads/{squad}/messages", data=said).status == 201
    page.locator(f"#p-{ids[4]} .more-link").click()
    expect(page.locator("#thread .photo")).to_have_count(3)
    for photo in page.locator(".photo").all():
        photo.evaluate("async (image) => { image.loading = 'eager'; await image.decode(); }")


def denied(page: Page) -> None:
    """The sheet where the phone may not tell its position."""
    expect(page.locator("#denied")).to_be_visible()
    expect(page.locator("#map canvas")).to_be_visible(timeout=30_000)


def checked_in(page: Page) -> None:
    """The visit that has just begun."""
    check_in_ready(page)
    page.locator("#f-checkin button[type=submit]").click()
    expect(page.locator("#visit #map[data-ready]")).to_be_attached(timeout=30_000)


def won(page: Page) -> None:
    """The words that belong to a win."""
    checked_in(page)
    page.locator("label.choice", has=page.locator("input[value=won]")).click()
    page.locator("#amount").fill("86400")


def by_hand(page: Page) -> None:
    """The pin, to be put right."""
    checked_in(page)
    page.locator("[data-pin=move]").click()


def sheet(page: Page) -> None:
    """What one may call for."""
    checked_in(page)
    page.locator("#calling > summary").click()
    expect(page.locator(".needs")).to_be_visible()


def called(page: Page) -> None:
    """Waiting for an answer, inside the visit."""
    sheet(page)
    page.locator("#ask").fill("30 units, they hold 7,100 against us")
    with page.expect_navigation():  # the frame may be here before the answer that leads on
        page.locator(".needs [value=price]").click()
    expect(page.locator(".support .call")).to_be_visible()


def answered(page: Page) -> None:
    """Somebody else has answered."""
    called(page)
    helped(page, LEAD[page.locator("html").get_attribute("lang") or "en"])
    expect(page.locator(".support .answers")).to_be_visible()


def case(page: Page) -> None:
    """One of the calls that wait."""
    live(page)
    if not page.locator("#queue .call-row").count():
        needed(page, WHO[page.locator("html").get_attribute("lang") or "en"])
    page.locator("#queue .call-row").first.click()
    live(page)
    expect(page.locator("#kit")).to_be_visible()


SCREENS = [
    Screen("setup", "/setup", empty=True),
    Screen("signin", "/signin"),
    Screen("signin-wrong", "/signin", does=wrong_password),
    Screen("join", "/join"),
    Screen("live", "/squads/{squad}", WHO, connected),
    Screen("thread", "/squads/{squad}", WHO, thread),
    Screen("photos", "/squads/{squad}", WHO, shown_photos),
    Screen("checkin-1", "/squads/{squad}/checkin", WHO, check_in_ready),
    Screen("checkin-alike", "/squads/{squad}/checkin", WHO, at_known),
    Screen("checkin-2", "/squads/{squad}/checkin", WHO, checked_in),
    Screen("visit-won", "/squads/{squad}/checkin", WHO, won),
    Screen("visit-pin", "/squads/{squad}/checkin", WHO, by_hand),
    Screen("visit-calling", "/squads/{squad}/checkin", WHO, sheet),
    Screen("visit-called", "/squads/{squad}/checkin", WHO, called),
    Screen("visit-answered", "/squads/{squad}/checkin", WHO, answered),
    Screen("desk", "/desk", LEAD, live),
    Screen("desk-call", "/desk", LEAD, case),
    Screen("desk-ask", "/squads/{squad}/calls/new", WHO),
    Screen("checkin-photos", "/squads/{squad}/checkin", WHO, with_photos),
    Screen("checkin-denied", "/squads/{squad}/checkin", WHO, denied, at_place=False),
    Screen("me", "/me", WHO),
    Screen("tokens", "/me/tokens", WHO),
    Screen("day", "/squads/{squad}/members/{me}/day", WHO, trail),
    Screen("day-another", "/squads/{squad}/members/{lead}/day", WHO),
    Screen("day-empty", "/squads/{squad}/members/{me}/day?date=2026-01-01", WHO),
    Screen("notices", "/notices", WHO, live),
    Screen("notices-choose", "/me/notices", WHO, live),
    Screen("looks", "/me/looks", WHO, live),
    Screen("ledger", "/me/ledger", WHO, live),
    Screen("ledger-lead", "/me/ledger", LEAD, live),
    Screen("ledger-another", "/squads/{squad}/members/{lead}/ledger", WHO),
    Screen("ledger-statement", "/me/ledger/statement", WHO),
    Screen("search", "/search?q={words}", WHO),
    Screen("search-empty", "/search", WHO),
    Screen("data", "/me/data", WHO),
    Screen("squads", "/squads", LEAD),
    Screen("hall", "/hall", WHO, live),
    Screen("announcements", "/squads/{squad}/announcements", LEAD, live),
    Screen("announcement", "/squads/{squad}/announcements", LEAD, announcement),
    Screen("channels", "/squads/{squad}/channels", LEAD, live),
    Screen("channels-company", "/channels", LEAD, live),
    Screen("hall-open", "/squads/{squad}/hall", LEAD),
    Screen("logs", "/squads/{squad}/logs", WHO, live),
    Screen("log-draft", "/squads/{squad}/logs/today", WHO),
    Screen("log-week", "/squads/{squad}/weeks/this", WHO),
    Screen("log-fields", "/squads/{squad}/log-fields", LEAD, log_fields),
    Screen("log-answered", "/squads/{squad}/logs", WHO, answered_letter),
    Screen("log-letter", "/squads/{squad}/logs/today", WHO, letter),
    Screen("drive-empty", "/drive", WHO, live),
    Screen("drive", "/drive", LEAD, drives.home),
    Screen("drive-folder", "/drive", LEAD, drives.folder),
    Screen("drive-pinned", "/drive", LEAD, in_hand.pinned),
    Screen("drive-on-phone", "/drive", LEAD, in_hand.on_phone),
    Screen("drive-show", "/drive", LEAD, in_hand.shown),
    Screen("drive-keep", "/drive", LEAD, in_hand.keeping),
    Screen("drive-card", "/drive", LEAD, in_hand.card),
    Screen("drive-list", "/drive", LEAD, drives.listed),
    Screen("drive-upload", "/drive", LEAD, drives.uploading),
    Screen("drive-tray", "/drive", LEAD, drives.bringing),
    Screen("drive-folder-edit", "/drive", LEAD, drives.changing_folder),
    Screen("drive-document", "/drive", LEAD, drives.document),
    Screen("drive-search", "/drive", LEAD, drives.searching),
    Screen("drive-hit", "/drive", LEAD, drives.hit),
    Screen("drive-written", "/drive", LEAD, drives.written),
    Screen("drive-edit", "/drive", LEAD, drives.changing),
    Screen("drive-bin", "/drive/bin", LEAD, drives.binned),
    Screen("share-sheet", "/drive", LEAD, drives.sharing_sheet),
    Screen("share-document", "/drive", LEAD, drives.shared_document),
    Screen("share-opened", "/drive", LEAD, drives.opened_by_customer),
    Screen("share-locked", "/drive", LEAD, drives.locked),
    Screen("share-over", "/drive", LEAD, drives.ended),
    Screen("share-choose", "/drive", LEAD, drives.giving),
    Screen("drive-new", "/drive/new", LEAD, live),
    Screen("plays", "/squads/{squad}/plays", WHO),
    Screen("problems", "/problems", LEAD),
    Screen("sweeps", "/squads/{squad}/sweeps", WHO),
    Screen("sweep", "/squads/{squad}/sweeps", WHO, sweep),
    Screen("sweep-lead", "/squads/{squad}/sweeps", LEAD, sweep),
    Screen("sweep-plan", "/squads/{squad}/sweeps", LEAD, plan),
    Screen("replay", "/squads/{squad}/sweeps", WHO, replayed),
    Screen("replay-so-far", "/squads/{squad}/sweeps", WHO, so_far),
    Screen("sweep-new", "/squads/{squad}/sweeps/new", LEAD),
    Screen("squad-new", "/squads/new", LEAD),
    Screen("territories", "/territories", LEAD, live),
    Screen("territory", "/territories", LEAD, territory),
    Screen("territory-member", "/territories", WHO, territory),
    Screen("territory-new", "/territories/new", LEAD),
    Screen("territory-close", "/territories", LEAD, closing),
    Screen("customers", "/squads/{squad}/customers", WHO),
    Screen("customers-another", "/squads/{squad}/members/{lead}/customers", WHO),
    Screen("customer", "/squads/{squad}/customers?tag={tag}", WHO, customer),
    Screen("customer-add", "/squads/{squad}/customers?tag={tag}", WHO, telling),
    Screen("customer-edit", "/squads/{squad}/customers?tag={tag}", WHO, customer_head),
    Screen("customers-bring", "/squads/{squad}/customers/imports", LEAD),
    Screen("customers-columns", "/squads/{squad}/customers/imports", LEAD, brought),
    Screen("customers-rows", "/squads/{squad}/customers/imports", LEAD, judged),
    Screen("customers-in", "/squads/{squad}/customers/imports", LEAD, put_in),
    Screen("customers-handover", "/squads/{squad}/members/{me}/handover", LEAD, of_another),
    Screen("customers-taken", "/squads/{squad}/taken", WHO),
    Screen("customer-merge", "/squads/{squad}/customers?tag={tag}", WHO, twins),
    Screen("customer-held", "/squads/{squad}/customers?tag={tag}", WHO, held),
    Screen("customer-new", "/squads/{squad}/customers/new", WHO, named_alike),
    Screen("people", "/squads/{squad}/people", LEAD),
    Screen("people-member", "/squads/{squad}/people", WHO),
    Screen("squad-audit", "/squads/{squad}/audit", WHO),
    Screen("audit", "/audit", LEAD),
    Screen("pact", "/squads/{squad}/pact", WHO),
    Screen("leave", "/squads/{squad}/leave", WHO),
    Screen("poster", "/squads/{squad}/invite/poster", LEAD),
    Screen("sharing", "/squads/{squad}", WHO, sharing),
    Screen("offered", "/squads/{squad}", WHO, offered),
    Screen("met", "/squads/{squad}", WHO, gathered),
    Screen("missing", "/squads/00000000-0000-7000-8000-000000000000", WHO),
]
