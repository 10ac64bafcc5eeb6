"""What the journals keep of somebody's words: emptied in place, so that offsets stay dense."""

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, String, bindparam, cast, or_, select, update

from server.feed.models import mention, post, post_revision
from server.journal import journal
from server.members.models import member
from server.schema import now
from server.search import keeping as search
from web.render import FORMER, named

PLACE = {"position": None, "distance": None, "reason": None}
WORDS: dict[str, dict[str, Any]] = {
    "checkin": {**PLACE, "note": "", "photos": [], "next_step": ""},
    "outcome": {**PLACE, "note": "", "photos": [], "next_step": ""},
    "visit": {**PLACE, "note": "", "photos": [], "next_step": ""},
    "message": {"text": "", "photos": []},
    "reply": {"text": ""},
    "edited": {"text": ""},
    "photo": {"photos": []},
    "announced": {"title": "–", "text": ""},
    "announcement": {"title": "–", "text": ""},
    "stop": {"reason": ""},
    "call": {"text": ""},
}
"""By kind of an entry that somebody made: the fields with their words, and what is left in their place."""
WORDLESS = {
    *(
        "deleted",
        "log",
        "reactions",
        "member",
        "receipts",
        "win",
        "cheers",
        "hall",
        "mention",
        "read",
        "mute",
        "look",
        "notices",
    ),
    *("duty", "inside"),
    *("pact", "handover", "arrived", "met", "erased", "retention"),  # ids and figures
    *(
        "squad",
        "customer",
        "file",
        "sweep",
        "lanes",
        "territory",
        "drive",
        "attached",
        "training",
        "link",
        "shown",
        "question",  # a customer's words
    ),  # the squad's and the company's; but see `_startless`
}
BATCH = 500


def empty_entries(c: Connection, who: str) -> bool:
    """Empties a member's words in every journal, and the whole of their own; whether there were any."""
    own = journal.c.stream == f"me:{who}"
    theirs = (journal.c.actor == who) & journal.c.kind.in_(WORDS)
    lanes = (journal.c.kind == "lanes") & cast(journal.c.data, String).contains(who)

    def emptied(row: Any) -> Any:
        if row.stream == f"me:{who}":
            return {"redacted": True}
        data = _startless(row.data, who)
        return _wordless(data, WORDS[row.kind]) if row.actor == who and row.kind in WORDS else data

    return _rewrite(c, or_(own, theirs, lanes), emptied)


def _wordless(value: Any, fields: dict[str, Any]) -> Any:
    """The same with these fields emptied, wherever they stand."""
    if isinstance(value, list):
        return [_wordless(one, fields) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: fields[name] if name in fields else _wordless(one, fields) for name, one in value.items()}


def _startless(value: Any, who: str) -> Any:
    """The same without where that member's lane begins."""
    if isinstance(value, list):
        return [_startless(one, who) for one in value]
    if not isinstance(value, dict):
        return value
    hidden = {"start": None} if value.get("member") == who and value.get("start") else {}
    return {name: _startless(one, who) for name, one in value.items()} | hidden


def _rewrite(c: Connection, which: Any, change: Callable[[Any], Any]) -> bool:
    """Writes what is left of these entries; whether that differs from what there was."""
    query = select(journal.c.stream, journal.c.offset, journal.c.kind, journal.c.actor, journal.c.data)
    left = [(row, change(row)) for row in c.execute(query.where(which)).all()]
    rows = [{"s": row.stream, "o": row.offset, "left": data} for row, data in left if data != row.data]
    here = (journal.c.stream == bindparam("s")) & (journal.c.offset == bindparam("o"))
    values = {"data": bindparam("left", type_=journal.c.data.type), "redacted_at": now()}
    for start in range(0, len(rows), BATCH):
        c.execute(update(journal).where(here).values(**values), rows[start : start + BATCH])
    return bool(rows)


def unname(c: Connection, who: str, called: list[str]) -> None:
    """Takes a member out of where others named them with an @, in what they say and said before.

    The words around stay as they were. `called`: name and handle.
    """
    query = select(post.c.id, post.c.text, member.c.locale).join(mention, mention.c.post == post.c.id)
    rows = c.execute(query.join(member, member.c.id == post.c.author).where(mention.c.member == who)).all()
    names = sorted(called, key=len, reverse=True)
    pattern = re.compile("|".join(f"@{re.escape(name)}" for name in names), re.IGNORECASE)
    for row in rows:
        _in_post(c, row.id, row.text, pattern, f"@{named(FORMER, row.locale)}")


def _in_post(c: Connection, id: str, text: str, pattern: re.Pattern[str], instead: str) -> None:
    """One post as it stands, as it stood before, and as journals tell of it."""

    def without(text: str) -> str:
        return pattern.sub(lambda _: instead, text)

    def said(entry: Any) -> Any:
        return entry.data | {"text": without(entry.data["text"])} if "text" in entry.data else entry.data

    c.execute(update(post).where(post.c.id == id).values(text=without(text)))
    search.keep_posts(c, [id])
    before = select(post_revision.c.id, post_revision.c.text).where(post_revision.c.post == id)
    for old in c.execute(before).all():
        there = update(post_revision).where(post_revision.c.id == old.id)
        c.execute(there.values(text=without(old.text)))
    _rewrite(c, (journal.c.subject == id) & journal.c.kind.in_(("message", "reply", "edited")), said)
