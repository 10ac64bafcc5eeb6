"""How quickly help comes: the same figures for whoever helps and whoever asks. Nobody is named in them."""

from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from sqlalchemy import ColumnElement, Connection, select

from server.calls.models import call
from server.schema import now

DAYS = 30
MOST = 2000


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the calls of the last days: how many, median seconds until taken and answered, the share answered in
    percent of those that are over or answered. None where there is nothing to count.
    """

    calls: int
    taken: int | None
    answered: int | None
    share: int | None


def figures(c: Connection, which: ColumnElement[bool]) -> Figures:
    """Those of the calls somebody may see."""
    lately = call.c.opened_at > now() - timedelta(days=DAYS)
    columns = (call.c.state, call.c.opened_at, call.c.claimed_at, call.c.answered_at)
    rows = c.execute(
        select(*columns).where(which, lately).order_by(call.c.opened_at.desc()).limit(MOST)
    ).all()
    taken = [(row.claimed_at - row.opened_at).total_seconds() for row in rows if row.claimed_at]
    answered = [(row.answered_at - row.opened_at).total_seconds() for row in rows if row.answered_at]
    over = [row for row in rows if row.answered_at or row.state == "closed"]
    return Figures(
        len(rows),
        round(median(taken)) if taken else None,
        round(median(answered)) if answered else None,
        round(100 * len(answered) / len(over)) if over else None,
    )
