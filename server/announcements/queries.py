"""What can be asked about announcements: those that stand, those that are over, who has read them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select

from server.announcements.models import announcement, announcement_revision, receipt
from server.feed.queries import persons
from server.feed.views import Person
from server.members.models import member
from server.squads.models import membership

NAMED = 30
"""People named on a card; of more there is the number."""
STANDING = 20
"""Announcements on top of a page, at most."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """An announcement and who has read it, its author aside. `squad` None: the whole company."""

    id: str
    squad: str | None
    author: Person
    at: datetime
    title: str
    text: str
    edited: bool
    ended_at: datetime | None
    read: list[Person]
    missing: list[Person]
    missing_count: int

    @property
    def n(self) -> int:
        """Its place in a list that ascends."""
        return -round(self.at.timestamp() * 1000)

    @property
    def by(self) -> str:
        """Whom it need not be shown any more, by id."""
        return " ".join(person.id for person in (self.author, *self.read))


def standing(c: Connection, squad: str | None, but_read_by: str | None = None) -> list[Announcement]:
    """What a squad is told now, with what the company is (`squad` None: that alone), newest first.

    `but_read_by`: without what that member has read, except their own.
    """
    query = _of(squad).where(announcement.c.ended_at.is_(None))
    if but_read_by is not None:
        theirs = select(receipt.c.announcement).where(receipt.c.member == but_read_by)
        query = query.where(announcement.c.id.not_in(theirs))
    return _filled(c, query.order_by(announcement.c.at.desc()).limit(STANDING))


def over(c: Connection, squad: str | None, limit: int) -> list[Announcement]:
    """Those that have ended, the last first."""
    query = _of(squad).where(announcement.c.ended_at.is_not(None))
    return _filled(c, query.order_by(announcement.c.ended_at.desc()).limit(limit))


def some(c: Connection, ids: Iterable[str]) -> dict[str, Announcement]:
    """Announcements by id."""
    wanted = list(set(ids))
    if not wanted:
        return {}
    return {one.id: one for one in _filled(c, select(announcement).where(announcement.c.id.in_(wanted)))}


def revisions(c: Connection, id: str) -> Sequence[Any]:
    """What it said before: (title, text, replaced_at), the last first."""
    query = select(announcement_revision).where(announcement_revision.c.announcement == id)
    return c.execute(query.order_by(announcement_revision.c.replaced_at.desc())).all()


def _of(squad: str | None) -> Select[Any]:
    here = announcement.c.squad.is_(None)
    return select(announcement).where(or_(here, announcement.c.squad == squad) if squad else here)


def _filled(c: Connection, query: Select[Any]) -> list[Announcement]:
    rows = c.execute(query).all()
    ids = [row.id for row in rows]
    if not ids:
        return []
    given = select(receipt).where(receipt.c.announcement.in_(ids)).order_by(receipt.c.at, receipt.c.member)
    read: dict[str, list[str]] = {}
    for one in c.execute(given):
        read.setdefault(one.announcement, []).append(one.member)
    missing = {row.id: _missing(c, row) for row in rows}
    named = {by for found in (*read.values(), *(some for some, _ in missing.values())) for by in found}
    people = persons(c, named | {row.author for row in rows})
    return [_one(row, people, read.get(row.id, []), *missing[row.id]) for row in rows]


def _missing(c: Connection, row: Any) -> tuple[list[str], int]:
    """Some of those who have not read it, and how many there are."""
    done = select(receipt.c.member).where(receipt.c.announcement == row.id)
    who = select(member.c.id).where(
        member.c.deactivated_at.is_(None), member.c.id != row.author, member.c.id.not_in(done)
    )
    if row.squad is not None:
        here = select(membership.c.member).where(
            membership.c.squad == row.squad, membership.c.left_at.is_(None)
        )
        who = who.where(member.c.id.in_(here))
    count = c.scalar(select(func.count()).select_from(who.subquery())) or 0
    return list(c.scalars(who.order_by(member.c.name, member.c.id).limit(NAMED))), count


def _one(
    row: Any, people: dict[str, Person], read: list[str], missing: list[str], count: int
) -> Announcement:
    return Announcement(
        row.id,
        row.squad,
        people[row.author],
        row.at,
        row.title,
        row.text,
        row.edited_at is not None,
        row.ended_at,
        [people[by] for by in read],
        [people[by] for by in missing],
        count,
    )
