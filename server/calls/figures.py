"""How quickly help comes: the same figures for whoever helps and whoever asks. Nobody is named in them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Float, func, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from server.calls.models import call
from server.schema import now

DAYS = 30


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the calls of the last days: how many, median seconds until taken and answered, the share answered in
    percent of those that are over or answered. None where there is nothing to count.
    """

    calls: int
    taken: int | None
    answered: int | None
    share: int | None


class seconds(FunctionElement[float]):  # noqa: N801 - reads like any other function of the database
    """From one column's moment to another's."""

    type = Float()
    inherit_cache = True


@compiles(seconds, "sqlite")
def _sqlite(element: Any, compiler: Any, **named: Any) -> str:
    start, end = (compiler.process(one, **named) for one in element.clauses)
    return f"(julianday({end}) - julianday({start})) * 86400.0"


@compiles(seconds, "postgresql")
def _postgresql(element: Any, compiler: Any, **named: Any) -> str:
    start, end = (compiler.process(one, **named) for one in element.clauses)
    return f"CAST(EXTRACT(EPOCH FROM ({end} - {start})) AS DOUBLE PRECISION)"


def figures(c: Connection, which: ColumnElement[bool]) -> Figures:
    """Those of the calls somebody may see: counted by the database, however many they are."""
    here = which & (call.c.opened_at > now() - timedelta(days=DAYS))
    over = or_(call.c.answered_at.is_not(None), call.c.state == "closed")
    taken_at, answered_at = func.count(call.c.claimed_at), func.count(call.c.answered_at)
    every, taken, answered = c.execute(select(func.count(), taken_at, answered_at).where(here)).one()
    ended = c.scalar(select(func.count()).select_from(call).where(here, over)) or 0
    return Figures(
        every,
        _median(c, here, call.c.claimed_at, taken),
        _median(c, here, call.c.answered_at, answered),
        round(100 * answered / ended) if ended else None,
    )


def _median(c: Connection, which: ColumnElement[bool], moment: Any, n: int) -> int | None:
    """Of the seconds until this moment of `n` calls: the one in the middle, or between the two there."""
    if not n:
        return None
    lasted = seconds(call.c.opened_at, moment)
    middle = select(lasted.label("lasted")).where(which, moment.is_not(None)).order_by(lasted)
    found = middle.limit(2 - n % 2).offset((n - 1) // 2).subquery()
    return round(c.scalar(select(func.avg(found.c.lasted))) or 0)
