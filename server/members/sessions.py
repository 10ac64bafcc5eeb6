"""How long a sign-in lasts."""

from datetime import timedelta

from sqlalchemy import Connection, update

from server.members.models import session
from server.schema import now


def freshen(c: Connection, id: str, days: int) -> None:
    """A session was used: it lasts `days` from now."""
    moment = now()
    values = {"seen_at": moment, "expires_at": moment + timedelta(days=days)}
    c.execute(update(session).where(session.c.id == id).values(**values))
