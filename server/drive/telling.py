"""What the drive's streams hear: that something changed, by ids. What it is, each reader's own page asks."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection

from channels.position import Position
from server import journal
from server.access import Who

COMPANY = "company"


def take(c: Connection, *squads: str | None, also: Collection[str] = ()) -> dict[str | None, Position]:
    """Next places on the streams of parts of the drive. Taken before anything is decided: what is written in
    one part is written one after the other, and neither names nor bytes are taken twice. `also`: streams in
    which something will be said of it.
    """
    keys = {squad or COMPANY for squad in squads}
    if also:
        journal.hold(c, {*keys, *also})
    at = journal.take_all(c, keys)
    return {squad: at[squad or COMPANY] for squad in squads}


def hold(c: Connection, squad: str | None) -> None:
    """Nobody else writes in that part meanwhile; before one entry that may turn out not to be made."""
    journal.hold(c, [squad or COMPANY])


def tell(
    c: Connection,
    who: Who | None,
    squad: str | None,
    did: str,
    at: Position | None,
    *,
    folder: str | None,
    document: str | None = None,
) -> None:
    """One entry; nobody did what `who` None did. It names nothing: not everybody on the stream may see every
    folder.
    """
    data: dict[str, Any] = {"did": did, "folder": folder, "document": document}
    by = who.id if who else None
    journal.append(c, squad or COMPANY, "drive", data, actor=by, subject=document or folder, at=at)
