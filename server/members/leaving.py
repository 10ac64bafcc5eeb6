"""Losing access: the sockets must close at once, and in every process."""

from sqlalchemy import Connection, insert

from channels.source import Dismissal
from server.members.models import access_change
from server.schema import now
from server.writer import told


def dismiss(c: Connection, member: str, stream: str | None = None, ticket: str | None = None) -> None:
    """Closes a member's sockets after the commit: all, those of one stream, or those of one session."""
    c.execute(insert(access_change), {"member": member, "stream": stream, "ticket": ticket, "at": now()})
    told(c, Dismissal(member, stream, ticket))
