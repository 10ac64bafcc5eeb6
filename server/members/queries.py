"""What can be asked about the company and its members."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, case, func, select

from server.members.models import company as company_table
from server.members.models import login, member, session
from server.names import initials
from server.schema import now
from server.squads.models import membership, squad

COLOURS = 10


class Entrance(NamedTuple):
    """Who signs in with a login, and the hash their password must fit."""

    member: str
    password: str | None


@dataclass(frozen=True, slots=True)
class Profile:
    """A member as their own page shows them."""

    id: str
    name: str
    own_initials: str
    initials: str
    colour: int
    locale: str
    zone: str
    logins: list[str]


@dataclass(frozen=True, slots=True)
class SignIn:
    """One place where a member is signed in."""

    id: str
    device: str
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody of the demo, as its door shows them; `lead` of the squad they stand in, or its manager."""

    handle: str
    name: str
    initials: str
    colour: int
    lead: bool
    manages: bool


def company(c: Connection) -> Any:
    """The one company: name, zone, currency, demo; None before the first run."""
    return c.execute(select(company_table)).one_or_none()


def currency(c: Connection) -> str:
    """What the company counts in."""
    return str(c.execute(select(company_table.c.currency)).scalar_one())


def entrance(c: Connection, folded: str) -> Entrance | None:
    """Whose login this is; `folded` as `actions.folded` makes it. None also for a closed account."""
    row = c.execute(
        select(member.c.id, member.c.password)
        .join(login, login.c.member == member.c.id)
        .where(login.c.folded == folded, member.c.deactivated_at.is_(None))
    ).one_or_none()
    return Entrance(row.id, row.password) if row else None


def password(c: Connection, id: str) -> str | None:
    """The hash of a member's password."""
    return c.scalar(select(member.c.password).where(member.c.id == id))


def next_colour(c: Connection) -> int:
    """The colour whoever joins next is given."""
    return (c.scalar(select(func.count()).select_from(member)) or 0) % COLOURS + 1


def person(c: Connection, id: str) -> Profile:
    """One member, with what they sign in with."""
    row = c.execute(select(member).where(member.c.id == id)).one()
    logins = select(login.c.shown).where(login.c.member == id).order_by(login.c.kind, login.c.folded)
    return Profile(
        id=row.id,
        name=row.name,
        own_initials=row.initials or "",
        initials=row.initials or initials(row.name),
        colour=row.colour,
        locale=row.locale,
        zone=row.zone,
        logins=list(c.scalars(logins)),
    )


def sign_ins(c: Connection, id: str) -> list[SignIn]:
    """Where a member is signed in now, last used first."""
    query = select(session).where(session.c.member == id, session.c.expires_at > now())
    found = c.execute(query.order_by(session.c.seen_at.desc(), session.c.id))
    return [SignIn(row.id, row.device, row.created_at, row.seen_at) for row in found]


def last_squad(c: Connection, id: str) -> str | None:
    """The squad a member was in last, if they are still in it; else any of theirs."""
    query = (
        select(membership.c.squad)
        .join(member, member.c.id == membership.c.member)
        .where(member.c.id == id, membership.c.left_at.is_(None))
        .order_by(case((membership.c.squad == member.c.last_squad, 0), else_=1), membership.c.joined_at)
    )
    return c.scalar(query.limit(1))


def cast(c: Connection) -> dict[str, list[Part]]:
    """Everybody by squad, oldest first; one who is in several stands in the first."""
    query = (
        select(squad.c.name.label("squad"), membership.c.lead, membership.c.manages, member)
        .join(membership, (membership.c.squad == squad.c.id) & membership.c.left_at.is_(None))
        .join(member, member.c.id == membership.c.member)
        .order_by(squad.c.created_at, squad.c.id, membership.c.joined_at, member.c.id)
    )
    found: dict[str, list[Part]] = {}
    seen: set[str] = set()
    for row in c.execute(query):
        if row.id not in seen:
            seen.add(row.id)
            signs = row.initials or initials(row.name)
            part = Part(row.handle, row.name, signs, row.colour, row.lead, row.manages)
            found.setdefault(row.squad, []).append(part)
    return found
