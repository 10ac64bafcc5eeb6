"""Links with which somebody who forgot their password sets a new one."""

import secrets
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from server import audit
from server.access import digest
from server.errors import NotFound
from server.members.actions import change_password, void_resets
from server.members.models import member, reset_link
from server.schema import now

LASTS = timedelta(hours=24)


class Reset(NamedTuple):
    """Whose password a link is for."""

    member: str
    name: str


def new_reset(c: Connection, by: str, member_id: str, squad: str) -> str:
    """A link's token, told only now; good once, for a day. Earlier ones are void. The squad sees that."""
    token = secrets.token_urlsafe(32)
    void_resets(c, member_id)
    row = {"hash": digest(token), "member": member_id, "made_by": by, "expires_at": now() + LASTS}
    c.execute(insert(reset_link), row)
    audit.note(c, by, "reset_made", squad=squad, subject=member_id)
    return token


def look_up_reset(c: Connection, token: str) -> Reset | None:
    """Whose link this is, while it stands. Looking does not use it up."""
    row = c.execute(
        select(member.c.id, member.c.name)
        .join(reset_link, reset_link.c.member == member.c.id)
        .where(reset_link.c.hash == digest(token), reset_link.c.used_at.is_(None))
        .where(reset_link.c.expires_at > now(), member.c.deactivated_at.is_(None))
    ).one_or_none()
    return Reset(*row) if row else None


def use_reset(c: Connection, token: str, password: str) -> str:
    """Sets the password, which is hashed already, and signs out everywhere. Answers whose it was."""
    found = look_up_reset(c, token)
    mine = (reset_link.c.hash == digest(token)) & reset_link.c.used_at.is_(None)
    if found is None or not c.execute(update(reset_link).where(mine).values(used_at=now())).rowcount:
        raise NotFound
    change_password(c, found.member, password, None)
    return found.member
