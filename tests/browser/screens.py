"""The fixed list of screens: looked at by `make shots`, gone through by axe."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from tests.browser import along, drives, guests, helping, in_hand, schooling
from tests.browser.files import (
    asked,
    at_known,
    brought,
    held,
    held_by,
    judged,
    named_alike,
    of_another,
    put_in,
    told_of,
    twins,
    under_way,
    unknown,
)
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
    LEAD,
    WHO,
    announcement,
    answered_letter,
    check_in_ready,
    closing,
    customer,
    customer_head,
    letter,
    live,
    log_fields,
    telling,
    territory,
    trail,
    unanswered,
    wrong_password,
)
from tests.browser.visiting import (
    answered,
    by_hand,
    called,
    case,
    checked_in,
    denied,
    over,
    refused,
    sheet,
    shown_photos,
    thread,
    with_photos,
    won,
)

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
    Screen("visit-over", "/squads/{squad}/checkin", WHO, over),
    Screen("desk", "/desk", LEAD, live),
    Screen("desk-call", "/desk", LEAD, case),
    Screen("desk-refused", "/desk", LEAD, refused),
    Screen("desk-own", "/squads/{squad}/calls/new", WHO, helping.asked),
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
    Screen("notices-push-asked", "/me/notices", WHO, helping.push("off")),
    Screen("notices-push-on", "/me/notices", WHO, helping.push("on")),
    Screen("notices-push-denied", "/me/notices", WHO, helping.push("denied")),
    Screen("notices-push-unsupported", "/me/notices", WHO, helping.push("no")),
    Screen("notices-push-failed", "/me/notices", WHO, helping.push("failed")),
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
    Screen("logs-unanswered", "/squads/{squad}/logs", LEAD, unanswered),
    Screen("log-draft", "/squads/{squad}/logs/today", WHO),
    Screen("log-week", "/squads/{squad}/weeks/this", WHO),
    Screen("log-fields", "/squads/{squad}/log-fields", LEAD, log_fields),
    Screen("log-answered", "/squads/{squad}/logs", WHO, answered_letter),
    Screen("log-letter", "/squads/{squad}/logs/today", WHO, letter),
    Screen("drive-demo", "/drive", WHO, live),
    Screen("drive-brochure", "/drive", WHO, in_hand.brochure),
    Screen("drive", "/drive", LEAD, drives.home),
    Screen("drive-folder", "/drive", LEAD, drives.folder),
    Screen("drive-pinned", "/drive", LEAD, in_hand.pinned),
    Screen("drive-on-phone", "/drive", LEAD, in_hand.on_phone),
    Screen("drive-refused", "/drive", LEAD, in_hand.refused),
    Screen("drive-covered", "/drive", LEAD, in_hand.covered),
    Screen("drive-covered-document", "/drive", LEAD, in_hand.covered_document),
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
    Screen("share-words", "/drive", LEAD, guests.words),
    Screen("share-locked", "/drive", LEAD, drives.locked),
    Screen("share-over", "/drive", LEAD, drives.ended),
    Screen("share-choose", "/drive", LEAD, drives.giving),
    Screen("along-pick", "/drive", LEAD, along.picking),
    Screen("along-feed", "/drive", LEAD, along.attached),
    Screen("along-visit", "/drive", LEAD, along.at_hand),
    Screen("along-give", "/drive", LEAD, along.giving),
    Screen("share-question", "/drive", LEAD, guests.question),
    Screen("share-story", "/drive", LEAD, guests.story),
    Screen("share-binned", "/drive", LEAD, guests.binned),
    Screen("share-links", "/drive", LEAD, guests.given),
    Screen("drive-new", "/drive/new", LEAD, live),
    Screen("training", "/drive", LEAD, schooling.listed),
    Screen("training-track", "/drive", LEAD, schooling.track),
    Screen("training-edit", "/drive", LEAD, schooling.changing),
    Screen("training-begin", "/training/gaps", LEAD, schooling.nothing),
    Screen("training-gaps", "/training/gaps", LEAD, schooling.checked),
    Screen("training-first", "/training", LEAD, schooling.first_look),
    Screen("training-write", "/training/gaps", LEAD, schooling.writing),
    Screen("training-plan", "/drive", LEAD, schooling.planned),
    Screen("training-new", "/squads/{squad}/training/new", LEAD, live),
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
    Screen("customers-looking", "/squads/{squad}/customers/imports", LEAD, under_way),
    Screen("customers-rows", "/squads/{squad}/customers/imports", LEAD, judged),
    Screen("customers-in", "/squads/{squad}/customers/imports", LEAD, put_in),
    Screen("customers-handover", "/squads/{squad}/members/{me}/handover", LEAD, of_another),
    Screen("customers-taken", "/squads/{squad}/taken", WHO),
    Screen("customer-merge", "/squads/{squad}/customers?tag={tag}", WHO, twins),
    Screen("customer-held", "/squads/{squad}/customers?tag={tag}", WHO, held),
    Screen("customers-held", "/squads/{squad}/customers?tag={tag}", WHO, held_by),
    Screen("customer-told", "/squads/{squad}/customers?tag={tag}", WHO, told_of),
    Screen("customer-unknown", "/squads/{squad}/customers", WHO, unknown),
    Screen("customer-help", "/squads/{squad}/customers?tag={tag}", WHO, asked),
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
