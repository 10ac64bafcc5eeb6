"""Forgetting what squads said and did, once it is old enough: words, photos, positions, reactions.

It goes along each stream from its beginning, some entries at a time. The journal's rows stay, emptied, so
that offsets stay dense; that something happened, when and by whom, is left. An entry tells live pages and
programs, and a row of the audit the squad, what was removed.
"""

from collections.abc import Collection
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, bindparam, delete, or_, select, update

from server import audit, journal
from server.announcements.models import announcement, announcement_revision, receipt
from server.calls.models import call_answer, call_file
from server.drive.models import drive_attachment, drive_question
from server.feed.models import mention, post, post_revision, reaction
from server.hall.actions import COMPANY
from server.hall.models import hall_win
from server.journal import Forgotten, stream
from server.journal import journal as entries
from server.logs import forgetting as logs
from server.notices.models import notice
from server.photos.models import attachment
from server.schema import now
from server.search import keeping as search
from server.visits.models import visit, visit_revision
from server.writer import told

AT_ONCE = 200
"""Entries of one transaction: writers of the squad wait no longer than that takes."""
EMPTY = ("deleted", "retention")
"""Kinds that hold nothing to forget."""
BLANK: dict[str, Any] = dict.fromkeys(("lat", "lon", "accuracy", "fix_at", "source", "distance", "reason"))
BLANK |= dict.fromkeys(("result", "amount", "currency")) | {"note": "", "outcome_note": "", "next_step": ""}

_empty = (
    update(entries)
    .where(entries.c.stream == bindparam("key"), entries.c.offset == bindparam("n"))
    .values(data=bindparam("left"), redacted_at=bindparam("at"))
)


def forget_feed(c: Connection, before: datetime, days: int) -> int:
    """The next some entries of a stream whose oldest is that old; how many, 0: there is none."""
    first = (entries.c.stream == stream.c.id) & (entries.c.offset == stream.c.forgotten + 1)
    aged = select(stream).join(entries, first).where(entries.c.recorded_at < before)
    here = c.execute(aged.order_by(stream.c.id).limit(1)).one_or_none()
    if here is None:
        return 0
    following = select(entries).where(entries.c.stream == here.id, entries.c.offset > here.forgotten)
    rows = c.execute(following.order_by(entries.c.offset).limit(AT_ONCE)).all()
    old = list(takewhile(lambda row: row.recorded_at < before, rows))
    posts = _old_posts(c, {row.subject for row in old if row.subject}, before)
    wins = _forget_posts(c, posts)
    n = _forget_entries(c, here.id, old, posts)
    c.execute(update(stream).where(stream.c.id == here.id).values(forgotten=old[-1].offset))
    if here.kind == "squad" and n:
        data = {"before": journal.stamp(before), "days": days, "posts": len(posts), "entries": n}
        _tell(c, here.id, wins, data)
    else:
        told(c, Forgotten(here.id))
    return len(old)


def _old_posts(c: Connection, ids: Collection[str], before: datetime) -> list[str]:
    """Those of the posts that are that old, and all that hangs under them."""
    aged = (post.c.recorded_at < before) & post.c.deleted_at.is_(None) & post.c.root.is_(None)
    met = (post.c.kind == "met") & post.c.client_id.in_(ids)  # its entry is about the sweep
    roots = list(c.scalars(select(post.c.id).where(or_(post.c.id.in_(ids), met), aged)))
    return [*roots, *c.scalars(select(post.c.id).where(post.c.root.in_(roots)))]


def _forget_posts(c: Connection, posts: Collection[str]) -> list[Any]:
    """Takes posts off feed and map, with visits, photos and reactions. Answers the hall's wins among them."""
    moment = now()
    c.execute(update(post).where(post.c.id.in_(posts)).values(text="", deleted_at=moment))
    for table in (post_revision, mention, reaction, attachment, drive_attachment):
        c.execute(delete(table).where(table.c.post.in_(posts)))
    c.execute(delete(notice).where(notice.c.subject.in_(posts)))
    logs.forget(c, posts)
    search.forget(c, posts)
    c.execute(delete(call_file).where(call_file.c.answer.in_(posts)))
    c.execute(update(drive_question).where(drive_question.c.id.in_(posts)).values(name=""))
    c.execute(update(call_answer).where(call_answer.c.id.in_(posts)).values(minimum="", amount=None))
    c.execute(delete(visit_revision).where(visit_revision.c.visit.in_(posts)))
    c.execute(update(visit).where(visit.c.id.in_(posts)).values(**BLANK, retracted_at=moment))
    by = select(hall_win, visit.c.member).join(visit, visit.c.id == hall_win.c.visit)
    wins = c.execute(by.where(hall_win.c.visit.in_(posts)).order_by(hall_win.c.offset)).all()
    c.execute(delete(hall_win).where(hall_win.c.visit.in_(posts)))
    return list(wins)


def _forget_entries(c: Connection, key: str, old: Collection[Any], posts: Collection[str]) -> int:
    """Empties old entries, and younger ones about what is gone; how many."""
    about = c.execute(select(entries).where(entries.c.stream == key, entries.c.subject.in_(posts)))
    full = [row for row in (*old, *about) if row.redacted_at is None and row.kind not in EMPTY]
    left = {row.offset: {"id": row.subject, "redacted": True} for row in full}
    moment = now()
    if left:
        c.execute(_empty, [{"key": key, "n": n, "left": data, "at": moment} for n, data in left.items()])
    return len(left)


def _tell(c: Connection, squad: str, wins: Collection[Any], removed: dict[str, Any]) -> None:
    """The squad hears it, and the hall; streams in the order of their ids, as everybody locks them."""
    for key in sorted({squad, COMPANY} if wins else {squad}):
        for win in wins if key == COMPANY else ():
            data = {"id": win.visit, "squad": squad, "member": win.member, "won": False}
            journal.append(c, COMPANY, "win", data, actor=None, subject=win.visit)
        if key == squad:
            journal.append(c, squad, "retention", removed, actor=None)
    audit.note(c, None, "forgot_feed", squad=squad, **removed)


def forget_announcements(c: Connection, before: datetime, days: int) -> int:
    """Announcements that were over so long ago, with their earlier words and who has read them."""
    over = select(announcement.c.id).where(announcement.c.ended_at < before).limit(AT_ONCE)
    gone = list(c.scalars(over))
    for table in (announcement_revision, receipt):
        c.execute(delete(table).where(table.c.announcement.in_(gone)))
    c.execute(delete(announcement).where(announcement.c.id.in_(gone)))
    about = c.execute(
        select(entries).where(entries.c.subject.in_(gone), entries.c.redacted_at.is_(None))
    ).all()
    for key in {row.stream for row in about}:
        _forget_entries(c, key, [row for row in about if row.stream == key], ())
        told(c, Forgotten(key))
    if gone:
        audit.note(c, None, "forgot_announcements", n=len(gone), days=days)
    return len(gone)
