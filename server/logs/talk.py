"""What a log leads to: words at one of its lines, and lines that become a call with a deadline."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select

from server import journal
from server.access import Who
from server.calls import actions as calls
from server.calls import telling
from server.calls.escalation import Waits
from server.calls.forms import Deadline
from server.errors import Conflict, NotFound
from server.feed import actions as feed
from server.feed.models import post
from server.logs import answering
from server.logs.forms import Said, Task
from server.logs.models import log, log_call, log_line, log_reply
from server.schema import as_id
from server.visits.models import visit
from web.render import N_

WAITS = "log"
"""The job that looks whether a log is answered."""
PATIENCE = timedelta(hours=18)
"""After which whoever owes an answer is told once more."""


def reply(c: Connection, who: Who, id: str, form: Said, text_max: int) -> tuple[dict[str, Any], bool]:
    """Says something to a log, to one of its lines, or to somebody who has. Again: the first result."""
    about = line_of(c, id, str(form.line)).id if form.line else None
    if form.to:
        above = c.execute(select(post.c.root).where(post.c.id == str(form.to), post.c.deleted_at.is_(None)))
        if above.scalar_one_or_none() != id:
            raise NotFound
    _told(c, id)
    said = feed.reply(c, who, str(form.to or id), str(form.id), form.text, text_max)
    if said.created and about and not form.to:
        c.execute(insert(log_reply), {"id": said.post["id"], "line": about})
    return said.post, said.created


def make_call(
    c: Connection, who: Who, id: str, form: Task, waits: Waits, text_max: int, silence: int
) -> tuple[str, bool]:
    """A line of a visit becomes a call, of an owner or of whoever takes it. Again: the first result."""
    line = line_of(c, id, str(form.line))
    if line.visit is None:
        raise Conflict(N_("Only what was said of a customer can become a call."))
    assert who.squad
    also = [str(form.owner)] if form.owner else []
    journal.hold(c, telling.streams(who.squad, who.id, *also))  # all at once: no ring of waiting
    customer = c.scalar(select(visit.c.customer).where(visit.c.id == line.visit))
    due = datetime.combine(form.due, time(23, 59), ZoneInfo(who.zone))  # the end of the caller's day
    customer_id = UUID(str(customer))
    asked = Deadline(id=form.id, kind=form.kind, text=form.text, customer_id=customer_id, due_at=due)
    made = calls.ask(c, who, asked, None, waits, text_max)
    if made.created:
        c.execute(insert(log_call), {"id": made.id, "line": line.id})
        if form.owner:
            calls.give(c, who, made.id, str(form.owner), silence)
    return made.id, made.created


def line_of(c: Connection, id: str, line: str) -> Any:
    """A line of a log that is told; raises `NotFound` for any other."""
    here = (log_line.c.id == as_id(line)) & (log_line.c.log == id) & log_line.c.told.is_not(None)
    if (row := c.execute(select(log_line).where(here)).one_or_none()) is None:
        raise NotFound
    return row


def _told(c: Connection, id: str) -> None:
    if c.scalar(select(log.c.id).where(log.c.id == id, log.c.published_at.is_not(None))) is None:
        raise NotFound


def unanswered(c: Connection, data: dict[str, Any]) -> None:
    """Nobody who owes it an answer has given one: they hear of it again, gently, each in their own time."""
    row = c.execute(select(log).where(log.c.id == data["id"])).one_or_none()
    there = select(post.c.id).where(post.c.id == data["id"], post.c.deleted_at.is_(None))
    if row is None or c.scalar(there) is None or not answering.open_of(c, row.squad, [row.id]):
        return
    said = {"id": row.id, "day": row.day.isoformat(), "did": "waits"}
    journal.append(c, row.squad, "log", said, actor=row.member, subject=row.id)
