"""What the drive's streams hear: that something changed, by ids. What it is, each reader's own page asks."""

from typing import Any

from sqlalchemy import Connection

from channels.position import Position
from server import journal
from server.access import Who

COMPANY = "company"


def take(c: Connection, *squads: str | None) -> dict[str | None, Position]:
    """Next places on the streams of parts of the drive. Taken before anything is decided: what is written in
    one part is written one after the other, and neither names nor bytes are taken twice.
    """
    at = journal.take_all(c, {squad or COMPANY for squad in squads})
    return {squad: at[squad or COMPANY] for squad in squads}


def tell(
    c: Connection,
    who: Who,
    squad: str | None,
    did: str,
    at: Position,
    *,
    folder: str | None,
    document: str | None = None,
) -> None:
    """One entry. It names nothing: not everybody on the stream may see every folder."""
    data: dict[str, Any] = {"did": did, "folder": folder, "document": document}
    journal.append(c, squad or COMPANY, "drive", data, actor=who.id, subject=document or folder, at=at)
