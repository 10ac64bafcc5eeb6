"""Invitations: a link and a short code, made from the installation's secret so that they can be shown again.

Only their hashes are stored. Looking at one never uses it up.
"""

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, insert, select, update

from server import audit
from server.access import digest
from server.errors import NotFound
from server.members.actions import add_member
from server.members.models import company, member
from server.schema import new_id, now
from server.squads.actions import end_invites, join, lock
from server.squads.models import invite, squad
from server.squads.queries import joined

LINK_LASTS = timedelta(days=7)
CODE_LASTS = timedelta(hours=24)
MOST = 20
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Of a code: nothing that looks like something else."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What somebody invited is told: which squad, by whom."""

    id: str
    squad: str
    squad_name: str
    zone: str
    company: str
    by: str


@dataclass(frozen=True, slots=True)
class Card:
    """A squad's invitation as its leads see it; `code` is None once it is over."""

    token: str
    code: str | None
    expires_at: datetime
    left: int


class Newcomer(NamedTuple):
    """Somebody new; `password` is hashed already."""

    name: str
    login: str
    password: str
    locale: str


def short_code(secret: str, purpose: str) -> str:
    """Eight signs in two groups, made from the secret; 39 bits."""
    made, signs = int.from_bytes(_made(secret, purpose)), ""
    for _ in range(8):
        made, place = divmod(made, len(SIGNS))
        signs += SIGNS[place]
    return f"{signs[:4]}-{signs[4:]}"


def _made(secret: str, purpose: str) -> bytes:
    return hmac.digest(secret.encode(), purpose.encode(), "sha256")


def _token(secret: str, id: str) -> str:
    return base64.urlsafe_b64encode(_made(secret, f"invite link {id}")).decode().rstrip("=")


def _code_hash(secret: str, code: str) -> str:
    """Keyed: without the secret nobody can try all codes against a stolen table."""
    return _made(secret, f"invite code hash {code}").hex()


def plain(code: str) -> str:
    """A code as typed, brought into its form; empty when it cannot be one."""
    signs = "".join(sign for sign in code.upper() if sign not in " -–—_")
    return f"{signs[:4]}-{signs[4:]}" if len(signs) == 8 and set(signs) <= set(SIGNS) else ""


def new_invite(c: Connection, secret: str, squad_id: str, by: str) -> str:
    """A new invitation to a squad, in place of the one before. Answers its id."""
    lock(c, squad_id)
    end_invites(c, invite.c.squad == squad_id)
    id, moment = new_id(), now()
    row = {
        "id": id,
        "squad": squad_id,
        "hash": digest(_token(secret, id)),
        "code_hash": _code_hash(secret, short_code(secret, f"invite code {id}")),
        "role": "rep",
        "made_by": by,
        "created_at": moment,
        "expires_at": moment + LINK_LASTS,
        "most": MOST,
        "used": 0,
    }
    c.execute(insert(invite), row)
    audit.note(c, by, "invite_made", squad=squad_id)
    return id


def revoke(c: Connection, squad_id: str, by: str) -> None:
    """Ends a squad's invitations."""
    if end_invites(c, invite.c.squad == squad_id):
        audit.note(c, by, "invite_ended", squad=squad_id)


def _stands() -> Any:
    return invite.c.revoked_at.is_(None) & (invite.c.expires_at > now()) & (invite.c.used < invite.c.most)


def card(c: Connection, secret: str, squad_id: str) -> Card | None:
    """The invitation that stands; None when there is none, or none this secret could have made."""
    query = select(invite).where(invite.c.squad == squad_id, _stands()).order_by(invite.c.created_at.desc())
    row = c.execute(query.limit(1)).one_or_none()
    if row is None or digest(_token(secret, row.id)) != row.hash:
        return None
    fresh = row.created_at > now() - CODE_LASTS
    code = short_code(secret, f"invite code {row.id}") if fresh else None
    return Card(_token(secret, row.id), code, row.expires_at, row.most - row.used)


def card_or_new(c: Connection, secret: str, squad_id: str, by: str) -> Card:
    """The invitation that stands, or a new one; two who ask at once are shown the same."""
    lock(c, squad_id)
    if (found := card(c, secret, squad_id)) is None:
        new_invite(c, secret, squad_id, by)
        found = card(c, secret, squad_id)
    assert found is not None
    return found


def look_up_invite(c: Connection, secret: str, given: str) -> Invitation | None:
    """What a link's token or a code invites to; None for whatever does not stand, and why is not told."""
    fits: ColumnElement[bool]
    if code := plain(given):
        fits = (invite.c.code_hash == _code_hash(secret, code)) & (invite.c.created_at > now() - CODE_LASTS)
    else:
        fits = invite.c.hash == digest(given)
    query = (
        select(
            invite.c.id,
            invite.c.squad,
            squad.c.name.label("squad_name"),
            squad.c.zone,
            company.c.name.label("company"),
            member.c.name.label("by"),
        )
        .join(squad, squad.c.id == invite.c.squad)
        .join(member, member.c.id == invite.c.made_by)
        .join(company, company.c.id == 1)
        .where(fits, _stands())
    )
    row = c.execute(query).one_or_none()
    return Invitation(*row) if row else None


def accept(c: Connection, secret: str, given: str, member_id: str, most: int) -> str:
    """Brings a member into the squad; who is there already uses nothing up. Answers the squad's id."""
    found = look_up_invite(c, secret, given)
    if found is None:
        raise NotFound
    if joined(c, found.squad, member_id):
        return found.squad
    used = update(invite).where(invite.c.id == found.id, _stands()).values(used=invite.c.used + 1)
    if not c.execute(used).rowcount:
        raise NotFound
    join(c, found.squad, member_id, False, most)
    return found.squad


def accept_as_new(c: Connection, secret: str, given: str, form: Newcomer, most: int) -> str:
    """Makes an account for somebody invited and brings them in. Answers the member's id."""
    found = look_up_invite(c, secret, given)
    if found is None:
        raise NotFound
    id = add_member(
        c, name=form.name, login=form.login, password=form.password, locale=form.locale, zone=found.zone
    )
    accept(c, secret, given, id, most)
    return id
