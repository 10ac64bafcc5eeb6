"""What can be asked about notices: a member's own, each with what it is about as that stands now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, exists, func, or_, select

from server.announcements.models import announcement
from server.calls.models import call
from server.customers.models import customer
from server.customers.queries import may_see
from server.drive.models import drive_link
from server.feed.models import post
from server.feed.queries import persons
from server.feed.views import Person
from server.members.models import member
from server.notices.kinds import KINDS
from server.notices.models import notice
from server.squads.models import membership, squad
from server.sweeps.models import handover, stop, sweep
from server.visits.models import visit
from web.render import translate

EXCERPT = 140
"""Signs of what it is about that are shown."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice as its reader sees it. `about` are the words or the name it is about, `path` leads there."""

    id: str
    kind: str
    key: str
    actor: Person
    others: int
    squad: str | None
    squad_name: str | None
    about: str
    path: str
    at: datetime
    seen: bool

    @property
    def n(self) -> int:
        """Its place in the list, which ascends."""
        return -round(self.at.timestamp() * 1000)

    @property
    def urgent(self) -> bool:
        """Whether somebody waits for them."""
        return KINDS[self.kind].urgent

    @property
    def short(self) -> str:
        """What a locked screen may show, to be translated."""
        return KINDS[self.kind].short

    @property
    def icon(self) -> str:
        """The sign of its kind."""
        return KINDS[self.kind].icon

    def words(self, lang: str) -> str:
        """What has happened, in a reader's language."""
        kind = KINDS[self.kind]
        if self.others and kind.many:
            return translate(lang, kind.many, by=self.actor.name, n=self.others)
        return translate(lang, kind.text, by=self.actor.name)


_seen_here = and_(
    membership.c.squad == notice.c.squad,
    membership.c.member == notice.c.member,
    membership.c.left_at.is_(None),
)
_at_desk = exists().where(member.c.id == notice.c.member, member.c.role == "desk")
_notices = (
    select(
        notice,
        squad.c.name.label("squad_name"),
        func.coalesce(post.c.root, post.c.id).label("root"),
        func.coalesce(handover.c.sweep, sweep.c.id).label("sweep"),
        drive_link.c.customer.label("linked"),
        func.coalesce(
            announcement.c.title, func.nullif(post.c.text, ""), customer.c.name, sweep.c.name
        ).label("about"),
    )
    .outerjoin(squad, squad.c.id == notice.c.squad)
    .outerjoin(membership, _seen_here)
    .outerjoin(post, post.c.id == notice.c.subject)
    .outerjoin(announcement, announcement.c.id == notice.c.subject)
    .outerjoin(handover, handover.c.id == notice.c.subject)
    .outerjoin(stop, stop.c.id == handover.c.stop)
    .outerjoin(visit, visit.c.id == notice.c.subject)
    .outerjoin(call, call.c.id == notice.c.subject)
    .outerjoin(drive_link, drive_link.c.id == notice.c.subject)
    .outerjoin(
        customer,
        customer.c.id
        == func.coalesce(
            stop.c.customer, visit.c.customer, call.c.customer, drive_link.c.customer, notice.c.subject
        ),
    )
    .outerjoin(sweep, sweep.c.id == notice.c.subject)
    .where(
        notice.c.kind.in_(KINDS),
        or_(notice.c.member.is_(None), notice.c.squad.is_(None), membership.c.id.is_not(None)),
        or_(call.c.id.is_(None), notice.c.member.is_(None), notice.c.squad.is_not(None), _at_desk),
        post.c.deleted_at.is_(None),
    )
)
"""Whatever its reader may still see: not of squads they have left, not about what was taken back."""


def mine(c: Connection, who: str, limit: int, before: str | None = None) -> list[Notice]:
    """A member's notices, newest first; `before` is the id of one of them."""
    query = _notices.where(notice.c.member == who)
    if before is not None:
        at = select(notice.c.at).where(notice.c.id == before, notice.c.member == who).scalar_subquery()
        query = query.where(or_(notice.c.at < at, and_(notice.c.at == at, notice.c.id < before)))
    return _filled(c, query.order_by(notice.c.at.desc(), notice.c.id.desc()).limit(limit))


def one(c: Connection, who: str, id: str) -> Notice | None:
    """One of a member's own notices; None where there is none, or no longer."""
    return next(iter(some(c, who, [id])), None)


def some(c: Connection, who: str | None, ids: Iterable[str]) -> list[Notice]:
    """Some of a member's notices, or of a channel's, oldest first, without what nobody may see now."""
    query = _notices.where(notice.c.member == who, notice.c.id.in_(list(ids)))
    return _filled(c, query.order_by(notice.c.at, notice.c.id))


def _filled(c: Connection, query: Any) -> list[Notice]:
    rows = c.execute(query).all()
    people = persons(c, {row.actor for row in rows if row.actor})
    linked = {row.linked for row in rows if row.linked}
    unseen = linked - _seen(c, rows[0].member, linked) if linked else linked
    return [_one(row, people, row.linked in unseen) for row in rows]


def _seen(c: Connection, who: str, customers: set[str]) -> set[str]:
    """Those of these customers whom a member may see; a link they sent outlives their squad."""
    here, one = membership.c, member.c
    squads = c.scalars(select(here.squad).where(here.member == who, here.left_at.is_(None))).all()
    desk = c.scalar(select(one.role).where(one.id == who)) == "desk"
    return set(c.scalars(select(customer.c.id).where(customer.c.id.in_(customers), may_see(desk, squads))))


def _one(row: Any, people: dict[str, Person], unnamed: bool) -> Notice:
    path = KINDS[row.kind].path.format(
        squad=row.squad, subject=row.subject, root=row.root or row.subject, sweep=row.sweep
    )
    about = "" if unnamed else row.about or ""
    return Notice(
        row.id,
        row.kind,
        row.key,
        people[row.actor],
        len(row.by) - 1,
        row.squad,
        row.squad_name,
        about if len(about) <= EXCERPT else f"{about[:EXCERPT].rstrip()}…",
        path,
        row.at,
        row.seen_at is not None,
    )
