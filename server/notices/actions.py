"""Telling members, in the transaction of what they are told of; and what they have seen."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from channels.frame import Entry
from config.settings import Settings
from server import jobs, journal
from server.notices import deliveries
from server.notices.concerns import Told
from server.notices.kinds import KINDS
from server.notices.models import notice
from server.notices.wishes import wanted
from server.schema import new_id, now
from server.squads.models import membership

Changed = list[tuple[str | None, str]]
"""Members, each with a notice that is new, seen or gone."""
NAMED = 20
"""Notices an entry names; of more it says that all have to be looked at."""
AT_ONCE = 100
"""Members told of a batched kind in one transaction: the next ones in the next."""
MORE = "notices-more"
"""The kind of job that tells the next ones."""
SHOWN = {kind.on for kind in KINDS.values()}
LEAVING = {"checkin", "outcome"}
"""Kinds after which their maker is in another visit, or in none."""
ENDING = {"read", "receipts", "deleted", "member"}
"""Kinds of entries that say of something that it has been seen, or is not to be seen any more."""
HEARD = SHOWN | ENDING | LEAVING


def note(c: Connection, items: Sequence[Any], settings: Settings) -> None:
    """Looks at what an action has written, before it is committed, and tells whom it concerns."""
    entries = [one for one in items if isinstance(one, Entry) and one.kind in HEARD]
    if not entries:
        return
    reached = {one.stream: one.offset for one in items if isinstance(one, Entry)}
    changed = Changed()
    for kind, row in KINDS.items():
        for entry in (one for one in entries if one.kind == row.on):
            everybody = list(row.concerns(c, entry))
            now_told = everybody[:AT_ONCE] if row.batched else everybody
            for told in now_told:
                if id := _tell(c, kind, told, reached.get(told.squad or ""), settings):
                    changed.append((told.member, id))
            if len(now_told) < len(everybody):
                _more(c, kind, entry.stream, entry.offset, now_told[-1].member)
            if row.chat and everybody:
                squad = None if entry.stream == "company" else entry.stream
                _tell(c, kind, everybody[0]._replace(member=None, squad=squad), None, settings)
    for entry in entries:
        changed += _ended(c, entry)
        if entry.kind in LEAVING and entry.actor:
            deliveries.again(c, entry.actor, settings)
    _say(c, changed)


def _more(c: Connection, kind: str, stream: str, offset: int, after: str | None) -> None:
    data = {"kind": kind, "stream": stream, "offset": offset, "after": after}
    jobs.later(c, MORE, f"{MORE}:{stream}:{offset}", data, now())


def more(c: Connection, data: dict[str, Any], settings: Settings) -> None:
    """Tells the next of the many an entry concerns, and leaves those after them to the next job."""
    kind, stream, offset = data["kind"], data["stream"], data["offset"]
    for entry in journal.history(c, stream, offset - 1, 1):
        rest = [one for one in KINDS[kind].concerns(c, entry) if (one.member or "") > data["after"]]
        told = ((one, _tell(c, kind, one, offset if one.squad else None, settings)) for one in rest[:AT_ONCE])
        _say(c, [(one.member, id) for one, id in told if id])
        if rest[AT_ONCE:]:
            _more(c, kind, stream, offset, rest[AT_ONCE - 1].member)


def _tell(c: Connection, kind: str, told: Told, offset: int | None, settings: Settings) -> str | None:
    """One notice for one thing; its id where what the member has to see is another now."""
    same = (notice.c.member == told.member) & (notice.c.key == told.key)
    known = c.execute(select(notice).where(same)).one_or_none()
    if not told.by:
        return c.scalar(delete(notice).where(same).returning(notice.c.id))
    fresh = {"by": told.by, "actor": told.by[-1], "offset": offset, "at": now(), "seen_at": None}
    if known is None:
        if told.member and not wanted(c, told.member, kind, "app"):
            return None
        about = {"id": new_id(), "squad": told.squad, "subject": told.subject, "key": told.key, "kind": kind}
        row = c.execute(insert(notice).returning(notice), {"member": told.member, **about, **fresh}).one()
        deliveries.plan(c, row, settings)
        return about["id"]
    if set(told.by) <= set(known.by):  # taken back, or said once more: nothing new to see
        c.execute(update(notice).where(same).values(by=told.by, actor=told.by[-1]))
        return None if set(told.by) == set(known.by) else str(known.id)
    if told.member is None:
        return None
    row = c.execute(update(notice).where(same).values(**fresh).returning(notice)).one()
    deliveries.plan(c, row, settings)
    return str(known.id)


def _ended(c: Connection, entry: Entry) -> Changed:
    """Which notices an entry has made seen, or taken away."""
    if entry.kind == "read":
        squad, offset = entry.data["squad"], entry.data["offset"]
        mine = notice.c.member == entry.stream.removeprefix("me:")
        return _seen(c, mine & (notice.c.squad == squad) & (notice.c.offset <= offset))
    if entry.kind == "receipts" or (entry.kind == "log" and entry.data["did"] == "read"):
        readers = notice.c.member.in_(entry.data["read"])
        return _seen(c, readers & (notice.c.subject == entry.data["id"]))
    if entry.kind == "deleted":
        return _gone(c, notice.c.subject == entry.data["id"])
    if entry.kind == "member" and entry.data["state"] in ("left", "removed", "managed"):
        who = entry.data["id"]
        theirs = (membership.c.squad == entry.stream) & (membership.c.member == who)
        inside = select(membership.c.id).where(theirs, membership.c.left_at.is_(None)).exists()
        return _gone(c, (notice.c.member == who) & (notice.c.squad == entry.stream) & ~inside)
    return []


def _seen(c: Connection, which: ColumnElement[bool]) -> Changed:
    fresh = update(notice).where(which, notice.c.seen_at.is_(None)).values(seen_at=now())
    return [(row.member, row.id) for row in c.execute(fresh.returning(notice.c.member, notice.c.id))]


def _gone(c: Connection, which: ColumnElement[bool]) -> Changed:
    gone = delete(notice).where(which).returning(notice.c.member, notice.c.id)
    return [(row.member, row.id) for row in c.execute(gone)]


def _say(c: Connection, changed: Changed) -> None:
    """Their pages hear which of their notices are others now, and how many are unseen."""
    for member in sorted({whose for whose, _ in changed if whose}):
        ids = sorted({id for whose, id in changed if whose == member})
        data = {"unseen": unseen(c, member), "ids": ids if len(ids) <= NAMED else None}
        journal.append(c, f"me:{member}", "notices", data, actor=None)


def unseen(c: Connection, member: str) -> int:
    """How many notices a member has not seen."""
    mine = (notice.c.member == member) & notice.c.seen_at.is_(None)
    return c.scalar(select(func.count()).select_from(notice).where(mine)) or 0


def see(c: Connection, member: str, ids: Iterable[str] | None) -> None:
    """One's own notices have been seen: these, or all."""
    mine = notice.c.member == member
    _say(c, _seen(c, mine if ids is None else mine & notice.c.id.in_(list(ids))))


def forget(c: Connection, before: datetime) -> int:
    """Some of those that are older; how many, 0: there are none. Nobody's count says what is gone."""
    old = select(notice.c.id).where(notice.c.at < before).limit(500)
    gone = _gone(c, notice.c.id.in_(old))
    _say(c, gone)
    return len(gone)
