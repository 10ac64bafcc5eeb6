"""What somebody has not read yet, squad by squad, and the squads they have muted."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, or_, select, update

from server import journal
from server.feed.models import post, read_mark
from server.schema import now
from server.squads.models import membership

COUNTED = ("checkin", "message", "reply", "call", "answer", "question")
"""Posts of others, by kind. One that rises again, as with an outcome, counts again."""


@dataclass(frozen=True, slots=True)
class Count:
    """The unread of one squad; `muted` ones are shown quietly, until `until` or for good."""

    squad: str
    n: int
    muted: bool
    until: datetime | None


def counts(c: Connection, who: str) -> dict[str, Count]:
    """By squad, for all the squads a member is in."""
    mark = and_(read_mark.c.member == membership.c.member, read_mark.c.stream == membership.c.squad)
    new = and_(
        post.c.squad == membership.c.squad,
        post.c.feed_offset > func.coalesce(read_mark.c.offset, 0),
        post.c.author != membership.c.member,
        post.c.deleted_at.is_(None),
        post.c.kind.in_(COUNTED),
    )
    about = (membership.c.squad, membership.c.muted_at, membership.c.muted_until)
    query = (
        select(*about, func.count(post.c.id))
        .select_from(membership.outerjoin(read_mark, mark).outerjoin(post, new))
        .where(membership.c.member == who, membership.c.left_at.is_(None))
        .group_by(*about)
    )
    moment, found = now(), {}
    for squad, muted_at, until, n in c.execute(query):
        muted = muted_at is not None and (until is None or until > moment)
        found[squad] = Count(squad, n, muted, until if muted else None)
    return found


def loud(found: dict[str, Count]) -> int:
    """The unread of all squads that are not muted."""
    return sum(one.n for one in found.values() if not one.muted)


def mute(c: Connection, who: str, squad: str, on: bool, until: datetime | None) -> None:
    """Mutes a squad for one member, until a time or until taken back; nobody else is told."""
    moment = now()
    on = on and (until is None or until > moment)
    values = {"muted_at": moment if on else None, "muted_until": until if on else None}
    here = (membership.c.squad == squad) & (membership.c.member == who) & membership.c.left_at.is_(None)
    state = or_(membership.c.muted_at.is_not(None), membership.c.muted_until.is_not(None))
    if c.execute(update(membership).where(here, state if not on else here).values(**values)).rowcount:
        data = {"squad": squad, "muted": on, "until": journal.stamp(until) if on and until else None}
        journal.append(c, f"me:{who}", "mute", data, actor=who)
