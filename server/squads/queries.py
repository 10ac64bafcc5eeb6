"""What can be asked about squads and who is in them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, or_, select

from server.members.models import member
from server.names import initials
from server.squads.models import membership, squad

NOW = membership.c.left_at.is_(None)


@dataclass(frozen=True, slots=True)
class SquadRow:
    """A squad in a list of one's own."""

    id: str
    name: str
    zone: str
    members: int
    lead: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A member in a squad."""

    id: str
    name: str
    handle: str
    initials: str
    colour: int
    role: str
    lead: bool
    joined_at: datetime


def name_and_zone(id: str) -> Select[Any]:
    """The query for a squad's name and zone."""
    return select(squad.c.name, squad.c.zone).where(squad.c.id == id)


def mine(c: Connection, who: str) -> list[SquadRow]:
    """The squads a member is in now, by name."""
    counts = (
        select(membership.c.squad, func.count().label("members"))
        .where(NOW)
        .group_by(membership.c.squad)
        .subquery()
    )
    query = (
        select(squad.c.id, squad.c.name, squad.c.zone, counts.c.members, membership.c.lead)
        .join(membership, and_(membership.c.squad == squad.c.id, membership.c.member == who, NOW))
        .join(counts, counts.c.squad == squad.c.id)
        .order_by(squad.c.name)
    )
    return [SquadRow(row.id, row.name, row.zone, row.members, row.lead) for row in c.execute(query)]


def people(c: Connection, id: str) -> list[Placed]:
    """Who is in a squad now, in order of joining."""
    query = (
        select(member, membership.c.lead, membership.c.joined_at)
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
    return [SquadRow(row.id, row.name, row.zone, row.members, False) for row in c.execute(query)]


def one(c: Connection, id: str) -> Any:
    """A squad's row: id, name, zone; None when there is none."""
    return c.execute(select(squad).where(squad.c.id == id)).one_or_none()


def placed(c: Connection, id: str, member_id: str) -> Placed | None:
    """One member in a squad now."""
    return next((one for one in people(c, id) if one.id == member_id), None)


def may_found(c: Connection, who: str, role: str) -> bool:
    """Whether somebody may found squads: the company's admins, and who leads one already."""
    leads = select(membership.c.id).where(membership.c.member == who, membership.c.lead, NOW).limit(1)
    return role == "admin" or c.scalar(leads) is not None


def may_reset(c: Connection, by: str, role: str, member_id: str) -> bool:
    """Whether somebody may give a member a link to a new password.

    An admin may for everybody. A lead may for those of the squad who are no more than its members: never for
    an admin, for a lead of any squad, or for somebody of a squad the lead is not in, whose rights and sight
    the link would hand over.
    """
    if role == "admin":
        return True
    rank = c.scalar(select(member.c.role).where(member.c.id == member_id))
    mine = select(membership.c.squad).where(membership.c.member == by, NOW)
    more = select(membership.c.id).where(
        membership.c.member == member_id, NOW, or_(membership.c.lead, membership.c.squad.not_in(mine))
    )
    return by != member_id and rank != "admin" and c.scalar(more.limit(1)) is None
