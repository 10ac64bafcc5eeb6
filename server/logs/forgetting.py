"""Forgetting what logs said, once it is old enough."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from server.logs.models import (
    log,
    log_filed,
    log_line,
    log_photo,
    log_problem,
    log_read,
    log_recipient,
    log_revision,
)

AT_ONCE = 200


def forget(c: Connection, posts: Collection[str]) -> None:
    """Empties the logs of these posts, and the lines about these visits. What was kept as a play stays."""
    lines = select(log_line.c.id).where(log_line.c.log.in_(posts) | log_line.c.visit.in_(posts))
    c.execute(delete(log_revision).where(log_revision.c.line.in_(lines)))
    c.execute(update(log_filed).where(log_filed.c.line.in_(lines)).values(text=""))
    c.execute(delete(log_photo).where(log_photo.c.line.in_(lines)))
    c.execute(delete(log_read).where(log_read.c.log.in_(posts)))
    c.execute(update(log_line).where(log_line.c.id.in_(lines)).values(text="", told=""))


def forget_drafts(c: Connection, before: datetime) -> int:
    """Takes away some drafts that were never sent and are that old; how many."""
    old = select(log.c.id).where(log.c.published_at.is_(None), log.c.saved_at < before).limit(AT_ONCE)
    gone = list(c.scalars(old))
    lines = select(log_line.c.id).where(log_line.c.log.in_(gone))
    for table in (log_photo, log_problem):
        c.execute(delete(table).where(table.c.line.in_(lines)))
    c.execute(delete(log_line).where(log_line.c.log.in_(gone)))
    c.execute(delete(log_recipient).where(log_recipient.c.log.in_(gone)))
    c.execute(delete(log).where(log.c.id.in_(gone)))
    return len(gone)
