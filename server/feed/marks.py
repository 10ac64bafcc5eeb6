"""How far each member has read a squad's stream."""

from sqlalchemy import Connection, insert, select, update

from server import journal
from server.access import Who
from server.feed.models import read_mark
from server.schema import now


def read_to(c: Connection, who: Who, squad: str, offset: int) -> None:
    """Moves the caller's mark forward, never beyond the stream's head and never back."""
    offset = max(0, min(offset, journal.head(c, squad).offset))
    mine = (read_mark.c.member == who.id) & (read_mark.c.stream == squad)
    before = c.scalar(select(read_mark.c.offset).where(mine))
    if before is None:
        c.execute(insert(read_mark), {"member": who.id, "stream": squad, "offset": offset, "at": now()})
    elif offset > before:
        c.execute(update(read_mark).where(mine).values(offset=offset, at=now()))
