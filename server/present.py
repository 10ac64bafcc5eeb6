"""What a batch of entries is about, as it stands now: loaded in a handful of queries, for all of them."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from channels.frame import Entry
from config.settings import Settings
from server.announcements import queries as announcements
from server.announcements.queries import Announcement
from server.calls import duty
from server.feed import queries as feed
from server.feed.since import Since, since
from server.feed.views import Person, Post, Reply
from server.hall import queries as hall
from server.hall.queries import Win
from server.logs import listing
from server.logs import queries as logs
from server.logs.views import Log
from server.notices import queries as notices
from server.notices.actions import unseen
from server.notices.queries import Notice
from server.sight import queries as sight
from server.sight.queries import Look
from server.squads import queries as squads
from server.squads import unread
from server.squads.unread import Count
from server.sweeps.strip import Strip, strip
from server.territories import queries as territories
from server.territories.queries import Territory
from server.visits import queries as visits

SWEEPING = frozenset({"sweep", "lanes", "stop", "pact", "handover", "arrived", "met"})
MOVING = SWEEPING | {"checkin", "outcome", "visit", "deleted", "message", "reply", "member"}
"""What changes a sweep's strip; of these, some only while there is a sweep."""


class Present:
    """What a batch of entries is about, as it stands now."""

    def __init__(self) -> None:
        self.posts: dict[str, Post] = {}
        self.replies: dict[str, Reply] = {}
        self.field: dict[str, int] = {}
        self.names: dict[str, str] = {}
        self.news: dict[str, Announcement] = {}
        self.wins: dict[str, Win] = {}
        self.hall: list[Win] = []
        self.looks: dict[str, Look] = {}
        self.duty: list[Person] = []
        self.tree: list[Territory] = []
        self.bells: dict[str, tuple[int, list[Notice]]] = {}
        self.unread: dict[str, dict[str, Count]] = {}
        self.since: dict[tuple[str, str], Since | None] = {}
        self.strips: dict[int, Strip | None] = {}
        self.logs: dict[int, Log] = {}
        self.added: set[int] = set()
        self.later: dict[int, tuple[str, str, date, int]] = {}


def present(c: Connection, entries: Sequence[Entry], settings: Settings) -> Present:
    """Loads posts, replies and counts for the entries in a handful of queries."""
    about, posts, replies = Present(), set[str](), set[str]()
    wins, news, looks = set[str](), set[str](), set[str]()
    for entry in entries:
        if entry.kind == "call":
            posts.add(entry.subject or "")
            replies.add(entry.data.get("reply") or "")
        if entry.kind in ("read", "mute"):
            _reader(c, about, entry, settings)
        if entry.kind in ("announced", "announcement", "receipts"):
            news.add(entry.data["id"])
        if entry.kind == "notices" and entry.stream not in about.bells:
            reader = entry.stream.removeprefix("me:")
            about.bells[entry.stream] = unseen(c, reader), notices.mine(c, reader, settings.feed_page)
        if entry.kind == "look":
            looks.add(entry.subject or "")
        if entry.stream == "company":
            wins.add(entry.subject or "")
            if entry.kind == "hall":
                about.hall = hall.page(c, settings.feed_page)
            if entry.kind == "duty":
                about.duty = duty.people(c)
            if entry.kind == "territory":
                about.tree = territories.tree(c)
        if entry.stream.startswith("me:") or entry.stream in ("company", "desk"):
            continue
        if entry.subject:
            posts.add(entry.subject)
            replies.add(entry.subject)
        if entry.kind == "attached":
            posts.update(entry.data["posts"])
            replies.update(entry.data["posts"])
        if root := entry.data.get("post"):
            posts.add(root)
        if entry.kind in ("checkin", "deleted", "squad", "member") and entry.stream not in about.field:
            name, zone = c.execute(squads.name_and_zone(entry.stream)).one()
            about.names[entry.stream] = name
            about.field[entry.stream] = visits.in_field(c, entry.stream, zone)
    about.strips = _strips(c, entries)
    about.replies = feed.some_replies(c, replies - {""})
    posts |= {reply.root for reply in about.replies.values()}
    about.posts = feed.some(c, posts)
    about.logs, about.added = _logs(c, entries, about.posts)
    about.later = _later(c, entries)
    about.wins = hall.some(c, wins)
    about.news = announcements.some(c, news)
    about.looks = sight.some(c, looks)
    return about


def _strips(c: Connection, entries: Sequence[Entry]) -> dict[int, Strip | None]:
    """The strip of each squad, for the last of the entries that move it: those before it are overtaken."""
    last = {entry.stream: number for number, entry in enumerate(entries) if entry.kind in MOVING}
    found = {number: strip(c, stream) for stream, number in last.items()}
    begun = {number for number in last.values() if entries[number].kind in SWEEPING}
    return {number: one for number, one in found.items() if one or number in begun}


def _logs(c: Connection, entries: Sequence[Entry], posts: dict[str, Post]) -> tuple[dict[int, Log], set[int]]:
    """The logs that entries are about, each for the last of them: told, read, answered, a call of theirs; and
    which of these may have more lines than before.
    """
    last: dict[str, int] = {}
    anew = {entry.subject for entry in entries if entry.kind == "log" and entry.data["did"] == "updated"}
    asked = {entry.subject for entry in entries if entry.kind == "call" and entry.subject == entry.data["id"]}
    became = listing.of_calls(c, {id for id in asked if id in posts and posts[id].call})
    for number, entry in enumerate(entries):
        root = posts.get(entry.data.get("post") or entry.subject or "")
        about = root.id if root and root.log else became.get(entry.subject or "")
        if about and not entry.stream.startswith("me:"):
            last[about] = number
    found = logs.some(c, last)
    shown = {number: found[id] for id, number in last.items() if id in found}
    return shown, {number for number, one in shown.items() if one.id in anew}


def _later(c: Connection, entries: Sequence[Entry]) -> dict[int, tuple[str, str, date, int]]:
    """Logs that were sent before a check-in of their author's, for the last of theirs, with how many came."""
    last = {
        (entry.stream, entry.actor): number
        for number, entry in enumerate(entries)
        if entry.kind == "checkin" and entry.actor
    }
    found = listing.sent_before(c, last)
    return {last[key]: one for key, one in found.items()}


def _reader(c: Connection, about: Present, entry: Entry, settings: Settings) -> None:
    """What is left to read for the member whose own stream this is."""
    me, squad = entry.stream.removeprefix("me:"), entry.data["squad"]
    if me not in about.unread:
        about.unread[me] = unread.counts(c, me)
    if entry.kind == "read":
        about.since[me, squad] = since(c, me, squad, settings.feed_page, settings.absence)
