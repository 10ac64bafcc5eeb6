"""What can be asked about squads and who is in them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, or_, select

from server.members.models import member
from server.names import initials
from server.squads.models import membership, squad
from server.territories.models import territory, territory_manager

NOW = membership.c.left_at.is_(None)
COUNTS = (
    select(membership.c.squad, func.count().label("members"))
    .where(NOW)
    .group_by(membership.c.squad)
    .subquery()
)
_THEIRS = and_(membership.c.squad == squad.c.id, membership.c.member == bindparam("who"), NOW)
MINE = (  # made once: each page asks it
    select(squad.c.id, squad.c.name, squad.c.zone, COUNTS.c.members, membership.c.lead, membership.c.manages)
    .join(membership, _THEIRS)
    .join(COUNTS, COUNTS.c.squad == squad.c.id)
    .order_by(squad.c.name)
)


@dataclass(frozen=True, slots=True)
class SquadRow:
    """A squad in a list of one's own."""

    id: str
    name: str
    zone: str
    members: int
    lead: bool
    manages: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A member in a squad: of their `own`, or because they manage a territory it is in, or both."""

    id: str
    name: str
    handle: str
    initials: str
    colour: int
    role: str
    lead: bool
    own: bool
    manages: bool
    joined_at: datetime


def name_and_zone(id: str) -> Select[Any]:
    """The query for a squad's name and zone."""
    return select(squad.c.name, squad.c.zone).where(squad.c.id == id)


def mine(c: Connection, who: str) -> list[SquadRow]:
    """The squads a member is in now, by name."""
    return [SquadRow(*row) for row in c.execute(MINE, {"who": who})]


def people(c: Connection, id: str) -> list[Placed]:
    """Who is in a squad now, in order of joining."""
    query = (
        select(member, membership.c.lead, membership.c.own, membership.c.manages, membership.c.joined_at)
        .join(membership, membership.c.member == member.c.id)
        .where(membership.c.squad == id, NOW)
        .order_by(membership.c.joined_at, member.c.id)
    )
    return [
        Placed(
            row.id,
            row.name,
            row.handle,
            row.initials or initials(row.name),
            row.colour,
            row.role,
            row.lead,
            row.own,
            row.manages,
            row.joined_at,
        )
        for row in c.execute(query)
    ]


def others(c: Connection, who: str) -> list[SquadRow]:
    """The squads a member is not in, for an admin who looks after their people."""
    inside = select(membership.c.squad).where(membership.c.member == who, NOW)
    query = (
        select(squad, func.count(membership.c.id).label("members"))
        .outerjoin(membership, and_(membership.c.squad == squad.c.id, NOW))
        .where(squad.c.id.not_in(inside))
        .group_by(squad.c.id)
        .order_by(squad.c.name)
    )
    return [SquadRow(row.id, row.name, row.zone, row.members, False, False) for row in c.execute(query)]


def joined(c: Connection, id: str, who: str) -> bool:
    """Whether somebody is in a squad, and not only because they manage its territory."""
    here = (membership.c.squad == id) & (membership.c.member == who) & membership.c.own
    return c.scalar(select(membership.c.id).where(here, NOW)) is not None


def territory_of(c: Connection, id: str) -> Any:
    """The territory a squad lies in: its id and name; None when it lies in none."""
    query = select(territory.c.id, territory.c.name).join(squad, squad.c.territory == territory.c.id)
    return c.execute(query.where(squad.c.id == id)).one_or_none()


def placed(c: Connection, id: str, member_id: str) -> Placed | None:
    """One member in a squad now."""
    return next((one for one in people(c, id) if one.id == member_id), None)


def may_found(c: Connection, who: str, role: str) -> bool:
    """Whether somebody may found squads: the company's admins, and who leads or manages one already."""
    leads = or_(membership.c.lead, membership.c.manages)
    one = select(membership.c.id).where(membership.c.member == who, leads, NOW).limit(1)
    return role == "admin" or c.scalar(one) is not None


def may_reset(c: Connection, by: str, role: str, member_id: str) -> bool:
    """Whether somebody may give a member a link to a new password.

    An admin may for everybody. A lead or manager may for those of the squad who are no more than its members:
    never for an admin, for a lead or manager of anything, or for somebody of a squad they are not in
    themselves, whose rights and sight the link would hand over.
    """
    if role == "admin":
        return True
    rank = c.scalar(select(member.c.role).where(member.c.id == member_id))
    mine = select(membership.c.squad).where(membership.c.member == by, NOW)
    more = select(membership.c.id).where(
        membership.c.member == member_id, NOW, or_(membership.c.lead, membership.c.squad.not_in(mine))
    )
    posts = select(territory_manager.c.id).where(
        territory_manager.c.member == member_id, territory_manager.c.to_at.is_(None)
    )
    no_more = all(c.scalar(query.limit(1)) is None for query in (more, posts))
    return by != member_id and rank != "admin" and no_more
