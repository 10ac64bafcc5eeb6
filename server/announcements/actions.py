"""Announcing: said to a squad or to the company, put right, ended; and read, for all to see."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, update

from server import journal
from server.access import Who
from server.announcements.models import announcement, announcement_revision, receipt
from server.errors import Conflict, together
from server.schema import new_id, now
from server.text import checked
from server.text import name as checked_name
from web.render import N_

COMPANY = "company"
TITLE_MAX = 120


class Said(NamedTuple):
    """The id of an announcement, and whether this request made it."""

    id: str
    created: bool


def announce(c: Connection, who: Who, id: str, title: str, text: str, text_max: int) -> Said:
    """To the caller's squad; where the route is about none, to the company. The same id again is the same."""
    mine = (announcement.c.author == who.id) & (announcement.c.client_id == id)
    if (known := c.scalar(select(announcement.c.id).where(mine))) is not None:
        return Said(known, False)
    words = _checked(title, text, text_max)
    wanted = id
    if c.scalar(select(announcement.c.id).where(announcement.c.id == id)) is not None:
        id = new_id()  # somebody else's id: nothing is told of it
    row = {"id": id, "squad": who.squad, "author": who.id, "client_id": wanted, "at": now(), **words}
    c.execute(insert(announcement), row)
    stream = who.squad or COMPANY
    journal.append(c, stream, "announced", {"id": id, **words}, actor=who.id, subject=id)
    return Said(id, True)


def edit(c: Connection, who: Who, id: str, title: str, text: str, text_max: int) -> None:
    """New words; what they were is kept, and shown to all who may read it."""
    words = _checked(title, text, text_max)
    row = _standing(c, id)
    if {"title": row.title, "text": row.text} == words:
        return
    before = {"title": row.title, "text": row.text, "replaced_at": now()}
    c.execute(insert(announcement_revision), {"id": new_id(), "announcement": id, **before})
    c.execute(update(announcement).where(announcement.c.id == id).values(edited_at=now(), **words))
    _tell(c, who, id, {**words, "ended": False})


def end(c: Connection, who: Who, id: str) -> None:
    """Takes it from the top; it stays among those that are over."""
    row = _standing(c, id)
    c.execute(update(announcement).where(announcement.c.id == id).values(ended_at=now()))
    _tell(c, who, id, {"title": row.title, "text": row.text, "ended": True})


def read(c: Connection, who: Who, id: str) -> list[str]:
    """The caller has read it: an entry, once. Answers who has, in the order they did."""
    theirs = (receipt.c.announcement == id) & (receipt.c.member == who.id)
    author = c.scalar(select(announcement.c.author).where(announcement.c.id == id))
    if author == who.id or c.scalar(select(receipt.c.member).where(theirs)) is not None:
        return readers(c, id)
    stream = who.squad or COMPANY
    # The stream's row is locked before the receipts are read, so that the last entry tells the last state.
    at = journal.take(c, stream)
    c.execute(insert(receipt), {"announcement": id, "member": who.id, "at": now()})
    all_of_them = readers(c, id)
    data = {"id": id, "read": all_of_them}
    journal.append(c, stream, "receipts", data, actor=who.id, subject=id, at=at)
    return all_of_them


def readers(c: Connection, id: str) -> list[str]:
    """Who has read it, first first."""
    query = select(receipt.c.member).where(receipt.c.announcement == id)
    return list(c.scalars(query.order_by(receipt.c.at, receipt.c.member)))


def _checked(title: str, text: str, text_max: int) -> dict[str, str]:
    together(
        lambda: checked_name("title", title, TITLE_MAX),
        lambda: checked("text", text, text_max, required=True),
    )
    return {"title": checked_name("title", title, TITLE_MAX), "text": text}


def _standing(c: Connection, id: str) -> Any:
    row = c.execute(select(announcement).where(announcement.c.id == id).with_for_update()).one()
    if row.ended_at is not None:
        raise Conflict(N_("This announcement is over."))
    return row


def _tell(c: Connection, who: Who, id: str, said: dict[str, Any]) -> None:
    stream = who.squad or COMPANY
    journal.append(c, stream, "announcement", {"id": id, **said}, actor=who.id, subject=id)
