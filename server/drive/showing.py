"""Documents that are shown across the table: noted in the visit that was open then, once for each."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, or_, select

from server import journal
from server.access import Who
from server.drive.models import drive_document, drive_shown
from server.schema import new_id, now
from server.visits.models import visit


class Shown(NamedTuple):
    """The visit it was noted in; None: none was open. `created`: this request noted it."""

    visit: str | None
    created: bool


def show(c: Connection, who: Who, document: str, id: str, at: datetime, timeout: int) -> Shown:
    """The caller shows a document, or did at that moment, by the phone's clock.

    The same id again, or the same document in the same visit, is the first time. A visit counts as open for
    `timeout` seconds, by captured time; without one nothing is noted.
    """
    same = (drive_shown.c.member == who.id) & (drive_shown.c.client_id == id)
    if known := c.execute(select(drive_shown.c.visit).where(same)).one_or_none():
        return Shown(known.visit, False)
    there = _open(c, who.id, at, timeout)
    if there is None:
        return Shown(None, False)
    journal.hold(c, [there.squad])  # of two tabs at once the second finds the first's
    once = (drive_shown.c.visit == there.id) & (drive_shown.c.document == document)
    if c.scalar(select(drive_shown.c.id).where(once)) is not None:
        return Shown(there.id, False)
    n = c.execute(select(drive_document.c.n).where(drive_document.c.id == document)).scalar_one()
    moment, made = min(at, now()), new_id()
    row: dict[str, Any] = {"id": made, "visit": there.id, "document": document, "member": who.id}
    c.execute(insert(drive_shown), {**row, "client_id": id, "n": n, "at": moment, "recorded_at": now()})
    data = {"id": made, "visit": there.id, "customer": there.customer, "document": document, "n": n}
    journal.append(c, there.squad, "shown", data, actor=who.id, subject=made, captured_at=moment)
    return Shown(there.id, True)


def _open(c: Connection, member: str, at: datetime, timeout: int) -> Any:
    """The visit somebody was in at a moment: (id, squad, customer), or None."""
    query = select(visit.c.id, visit.c.squad, visit.c.customer, visit.c.captured_at, visit.c.closed_at)
    mine = query.where(visit.c.member == member, visit.c.retracted_at.is_(None), visit.c.captured_at <= at)
    still = or_(visit.c.result.is_(None), visit.c.closed_at >= at)
    row = c.execute(
        mine.order_by(visit.c.captured_at.desc()).limit(1).add_columns(still.label("open"))
    ).first()
    if row is None or not row.open or row.captured_at < at - timedelta(seconds=timeout):
        return None
    return row
