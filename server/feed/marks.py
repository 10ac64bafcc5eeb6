"""How far each member has read a squad's stream, and where they stood when they came back to it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from server import journal
from server.access import Who
from server.feed.models import read_mark
from server.schema import now


def read_to(c: Connection, who: Who, squad: str, offset: int, back: bool, absence: int) -> None:
    """Moves the caller's mark forward, never beyond the stream's head and never back.

    `back`: they have just come to the page; after `absence` seconds away it is noted what they find new.
    Their own stream is told, for their other devices.
    """
    head, moment = journal.head(c, squad).offset, now()
    mine = (read_mark.c.member == who.id) & (read_mark.c.stream == squad)
    row = c.execute(select(read_mark).where(mine).with_for_update()).one_or_none()
    if row is None:
        c.execute(insert(read_mark), {"member": who.id, "stream": squad, "offset": 0, "at": moment})
        row = c.execute(select(read_mark).where(mine)).one()
    values: dict[str, Any] = {}
    if (to := max(0, min(offset, head))) > row.offset:
        values["offset"] = to
    if back and moment - row.at > timedelta(seconds=absence):
        values |= {"since": row.offset, "until": head, "left_at": row.at, "back_at": moment}
    if not values and not back:
        return
    c.execute(update(read_mark).where(mine).values(at=moment, **values))
    if values:
        data = {"squad": squad, "offset": values.get("offset", row.offset)}
        journal.append(c, f"me:{who.id}", "read", data, actor=who.id)
