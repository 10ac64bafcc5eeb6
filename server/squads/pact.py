"""What a squad has agreed on, as far as it depends on how things are now."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, or_, select

from server.members.models import api_token, member, session
from server.schema import now
from server.squads.models import membership, squad
from server.sweeps.models import sharing, sweep


@dataclass(frozen=True, slots=True)
class Pact:
    """What the pact's words hang on: what the company sees of wins, and until when a position is shared."""

    hall: bool
    hall_customer: bool
    hall_amount: bool
    shared_until: datetime | None


def pact(c: Connection, squad_id: str, member_id: str | None = None) -> Pact:
    """A squad's pact for one of its members, or for somebody who is invited."""
    shown = (squad.c.hall, squad.c.hall_customer, squad.c.hall_amount)
    row = c.execute(select(*shown).where(squad.c.id == squad_id)).one()
    return Pact(row.hall, row.hall_customer, row.hall_amount, shared_until(c, squad_id, member_id))


def shared_until(c: Connection, squad_id: str, member_id: str | None) -> datetime | None:
    """Until when a member's position is seen between their check-ins; None: it is not.

    All that is said about it, on the check-in sheet and in the pact, is said by way of this: a position that
    is shared in another way has to be told here.
    """
    return next((one.until for one in sharers(c, squad_id) if one.member == member_id), None)


@dataclass(frozen=True, slots=True)
class Sharer:
    """Somebody who shares their position while a sweep runs, by one session or token, and until when."""

    member: str
    sweep: str
    ticket: str
    until: datetime


def sharers(c: Connection, squad_id: str) -> list[Sharer]:
    """Who shares theirs now: the sweep runs, they are in the squad since before, and still signed in."""
    moment = now()
    query = (
        select(sharing.c.member, sharing.c.sweep, sharing.c.ticket, sweep.c.ends_at, session.c.expires_at)
        .join(sweep, sweep.c.id == sharing.c.sweep)
        .join(membership, membership.c.id == sharing.c.membership)
        .join(member, member.c.id == sharing.c.member)
        .outerjoin(session, (session.c.id == sharing.c.ticket) & (session.c.expires_at > moment))
        .outerjoin(api_token, (api_token.c.id == sharing.c.ticket) & api_token.c.revoked_at.is_(None))
        .where(sweep.c.squad == squad_id, sweep.c.state == "running", sweep.c.ends_at > moment)
        .where(membership.c.left_at.is_(None))
        .where(member.c.deactivated_at.is_(None), or_(session.c.id.is_not(None), api_token.c.id.is_not(None)))
    )
    return [
        Sharer(row.member, row.sweep, row.ticket, min(row.ends_at, row.expires_at or row.ends_at))
        for row in c.execute(query)
    ]
