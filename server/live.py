"""Between the journal and the hub: what it asks for, and how an entry becomes fragments."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from channels.frame import Entry
from channels.position import Position
from channels.source import Dismissal
from server import journal
from server.db import Database
from server.members.models import access_change
from server.present import Present, present
from server.squads import unread
from web.render import block

PARTS = "feed/frames.html"


class Source:
    """The application as the hub sees it (`channels.hub.Source`)."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.last_change: int | None = None

    async def heads(self, seen: Mapping[str, Position | None]) -> Mapping[str, Position]:
        """Streams that stand elsewhere than seen."""
        return await self.db.read(journal.heads, seen)

    async def history(self, stream: str, after: int, limit: int) -> Sequence[Entry]:
        """Entries above an offset."""
        return await self.db.read(journal.history, stream, after, limit)

    async def contents(self, entries: Sequence[Entry], lang: str) -> Sequence[str | None]:
        """Each entry's fragments, made from the present state; None: nothing on the page changes."""
        whole = [entry for entry in entries if not entry.data.get("redacted")]
        about = await self.db.read(present, whole, self.db.settings)
        made = iter([fragments(entry, about, lang, number) for number, entry in enumerate(whole)])
        return [None if entry.data.get("redacted") else next(made) for entry in entries]

    async def dismissals(self) -> Sequence[Dismissal]:
        """Losses of access since the last call, whichever process wrote them."""
        if self.last_change is None:
            self.last_change = await self.db.read(_last_change)
        found = await self.db.read(_changes, self.last_change)
        if found:
            self.last_change = found[-1][0]
        return [dismissal for _, dismissal in found]


def _last_change(c: Connection) -> int:
    return c.scalar(select(func.coalesce(func.max(access_change.c.id), 0))) or 0


def _changes(c: Connection, after: int) -> list[tuple[int, Dismissal]]:
    query = select(access_change).where(access_change.c.id > after).order_by(access_change.c.id)
    return [(row.id, Dismissal(row.member, row.stream, row.ticket)) for row in c.execute(query)]


def fragments(entry: Entry, about: Present, lang: str, number: int = 0) -> str | None:
    """The entry's swaps, by the table of kinds below; `number` is its place among those of `about`."""
    make = KINDS.get(entry.kind)
    swaps = make(entry, about, lang) if make else []
    if number in about.strips:
        swaps = [*swaps, _call("strip", lang, about.strips[number])]
    if number in about.logs:
        swaps = [*swaps, _call("letter", lang, about.logs[number], number in about.added)]
    if number in about.later:
        swaps = [*swaps, _call("later", lang, *about.later[number])]
    return "".join(swaps) or None


Swaps = list[str]


def _call(name: str, lang: str, *args: Any) -> str:
    return block(PARTS, name, lang)(*args)


def _arrived(entry: Entry, about: Present, lang: str) -> Swaps:
    post = about.posts.get(entry.subject or "")
    swaps = [_call("arrived", lang, post)] if post else []
    return swaps + _field(entry, about, lang)


def _outcome(entry: Entry, about: Present, lang: str) -> Swaps:
    post = about.posts.get(entry.subject or "")
    return [_call("arrived", lang, post), _call("head", lang, post)] if post else []


def _changed(entry: Entry, about: Present, lang: str) -> Swaps:
    """A root post or a reply was edited, tuned or reacted to."""
    if post := about.posts.get(entry.subject or ""):
        return [_call("changed", lang, post)]
    return _reply(entry, about, lang)


def _reply(entry: Entry, about: Present, lang: str) -> Swaps:
    reply = about.replies.get(entry.subject or "")
    if reply is None:
        return []
    swaps = [_call("said", lang, reply, entry.kind == "reply")]
    if root := about.posts.get(reply.root):
        swaps.append(_call("changed", lang, root))
    return swaps


def _attached(entry: Entry, about: Present, lang: str) -> Swaps:
    """What hangs on these is called otherwise, or not for all to see any more."""
    swaps: Swaps = []
    for id in entry.data["posts"]:
        if post := about.posts.get(id):
            swaps.append(_call("changed", lang, post))
        if reply := about.replies.get(id):
            swaps.append(_call("said", lang, reply, False))
            swaps.append(_call("changed", lang, about.posts[reply.root]))
    return swaps


def _deleted(entry: Entry, about: Present, lang: str) -> Swaps:
    swaps = [_call("gone", lang, entry.data["id"])]
    if root := about.posts.get(entry.data["post"]):
        swaps.append(_call("changed", lang, root))
    return swaps + (_field(entry, about, lang) if entry.data.get("visit") else [])


def _field(entry: Entry, about: Present, lang: str) -> Swaps:
    if entry.stream not in about.field:
        return []
    return [_call("field", lang, about.names[entry.stream], about.field[entry.stream])]


def _news(entry: Entry, about: Present, lang: str) -> Swaps:
    return [_call("news", lang, about.news[entry.data["id"]], entry.kind == "announced")]


def _look(entry: Entry, about: Present, lang: str) -> Swaps:
    one = about.looks.get(entry.subject or "")
    return [_call("look", lang, one)] if one else []


def _win(entry: Entry, about: Present, lang: str) -> Swaps:
    """Won, won after all, or no longer: the hall has it on top, or not at all."""
    id = entry.data["id"]
    return [_call("won", lang, id, about.wins.get(id), entry.kind == "win")]


def _hall(entry: Entry, about: Present, lang: str) -> Swaps:
    return [_call("hall", lang, about.hall)]


def _territory(entry: Entry, about: Present, lang: str) -> Swaps:
    return [_call("territories", lang, about.tree)]


def _mute(entry: Entry, about: Present, lang: str) -> Swaps:
    counts = about.unread[entry.stream.removeprefix("me:")]
    one = counts.get(entry.data["squad"])
    return [_call("unread", lang, one, unread.loud(counts))] if one else []


def _read(entry: Entry, about: Present, lang: str) -> Swaps:
    squad = entry.data["squad"]
    line = about.since[entry.stream.removeprefix("me:"), squad]
    return [*_mute(entry, about, lang), _call("since", lang, squad, line)]


def _notices(entry: Entry, about: Present, lang: str) -> Swaps:
    count, shown = about.bells[entry.stream]
    ids = entry.data["ids"]
    swaps = [_call("bell", lang, count)]
    if ids is None:
        return [*swaps, _call("notices", lang, shown)]
    there = {one.id: one for one in shown}
    return [*swaps, *(_call("notice", lang, id, there.get(id)) for id in ids)]


def _met(entry: Entry, about: Present, lang: str) -> Swaps:
    post = about.posts.get(entry.data.get("post", ""))
    return [_call("arrived", lang, post)] if post else []


def _call_for_help(entry: Entry, about: Present, lang: str) -> Swaps:
    """The squad's feed, the desk's queue, the asker's visit: each stream has its own page."""
    post = about.posts.get(entry.subject or "")
    if post is None or post.call is None:
        return []
    place = entry.stream.partition(":")[0] if entry.stream.startswith(("desk", "me:")) else "squad"
    reply = about.replies.get(entry.data.get("reply") or "")
    return [_call("called", lang, place, post, entry.data["did"], reply)]


def _log(entry: Entry, about: Present, lang: str) -> Swaps:
    """Told to the squad, or told anew; its readers stand in the letter alone."""
    post = about.posts.get(entry.subject or "")
    if post is None or entry.data["did"] not in ("published", "updated"):
        return []
    return [_call("arrived" if entry.data["did"] == "published" else "changed", lang, post)]


def _duty(entry: Entry, about: Present, lang: str) -> Swaps:
    return [_call("duty", lang, about.duty)]


def _member(entry: Entry, about: Present, lang: str) -> Swaps:
    return _arrived(entry, about, lang) if entry.subject else []


KINDS: dict[str, Callable[[Entry, Present, str], Swaps]] = {
    "checkin": _arrived,
    "message": _arrived,
    "question": _arrived,
    "outcome": _outcome,
    "visit": _changed,
    "edited": _changed,
    "photo": _changed,
    "reactions": _changed,
    "reply": _reply,
    "deleted": _deleted,
    "attached": _attached,
    "member": _member,
    "squad": _field,
    "announced": _news,
    "announcement": _news,
    "receipts": _news,
    "win": _win,
    "cheers": _win,
    "hall": _hall,
    "met": _met,
    "call": _call_for_help,
    "log": _log,
    "duty": _duty,
    "territory": _territory,
    "read": _read,
    "mute": _mute,
    "look": _look,
    "notices": _notices,
}
