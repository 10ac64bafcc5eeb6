"""What a squad did while somebody was away: the line between what is new to them and what they have seen."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, func, or_, select

from server import journal
from server.feed.models import post, read_mark
from server.journal import journal as entries
from server.schema import now

LEAD_IN = 5
"""New posts above the line on the page that a link leads to."""


@dataclass(frozen=True, slots=True)
class Since:
    """What came after offset `n` in a squad, which somebody left at `left_at`.

    `far`: the line is not on the feed's first page; `before` leads to the page it is on.
    """

    squad: str
    n: int
    left_at: datetime | None
    checkins: int
    wins: int
    messages: int
    far: bool
    before: int


def since(c: Connection, member: str, squad: str, page_size: int, absence: int) -> Since | None:
    """The line for one member; None when they missed nothing. Others' deeds alone are counted."""
    mine = (read_mark.c.member == member) & (read_mark.c.stream == squad)
    row = c.execute(select(read_mark).where(mine)).one_or_none()
    if row is None:
        return None
    n, until, left_at, back_at = row.since, row.until, row.left_at, row.back_at
    if now() - row.at > timedelta(seconds=absence):  # not noted yet: the page is just being opened
        n, until, left_at, back_at = row.offset, journal.head(c, squad).offset, row.at, now()
    if n >= until:
        return None
    counts = _counts(c, member, squad, n, until, back_at)
    if not counts:
        return None
    above = post.c.feed_offset > n
    rows = select(post.c.feed_offset).where(
        post.c.squad == squad, post.c.root.is_(None), post.c.deleted_at.is_(None), above
    )
    new = c.scalar(select(func.count()).select_from(rows.limit(page_size).subquery())) or 0
    lowest = list(c.scalars(rows.order_by(post.c.feed_offset).limit(LEAD_IN)))
    return Since(
        squad,
        n,
        left_at,
        checkins=counts.get("checkin", 0),
        wins=counts.get("outcome", 0),
        messages=counts.get("message", 0) + counts.get("reply", 0),
        far=new >= page_size,
        before=lowest[-1] + 1 if lowest else n + 1,
    )


def _counts(
    c: Connection, member: str, squad: str, after: int, until: int, back_at: datetime
) -> dict[str, int]:
    """Entries by kind, each subject once: as it stood when they came back, whatever was taken back since."""
    kind, won = entries.c.kind, entries.c.data[("outcome", "result")].as_string() == "won"
    query = select(kind, func.count(func.distinct(entries.c.subject))).where(
        entries.c.stream == squad,
        entries.c.offset > after,
        entries.c.offset <= until,
        entries.c.actor != member,
        or_(entries.c.redacted_at.is_(None), entries.c.redacted_at > back_at),
        or_(kind.in_(("checkin", "message", "reply")), and_(kind == "outcome", won)),
    )
    return {row[0]: row[1] for row in c.execute(query.group_by(kind))}
