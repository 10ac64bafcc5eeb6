"""Looks at what was shared: one visit of a customer's page, and what many of them come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, String, cast, column, func, select, true

from server.drive.models import drive_view

FEW = 3
"""Views of each link that a customer's story tells of."""
MOST = 3
"""Pages of each that are named: those looked at longest."""


@dataclass(frozen=True, slots=True)
class View:
    """One visit of the page: `seconds` in all, `pages` in their order, `longest` the one looked at most.

    `each` are the seconds of each page, in the same order.
    """

    id: str
    at: datetime
    seconds: int
    pages: tuple[int, ...]
    longest: int
    each: tuple[int, ...]


def lately(c: Connection, ids: Sequence[str]) -> dict[str, list[View]]:
    """The last visits of each of some links, by link."""
    newest = func.row_number().over(partition_by=drive_view.c.link, order_by=drive_view.c.at.desc())
    known = select(drive_view, newest.label("place")).where(drive_view.c.link.in_(ids)).subquery()
    found: dict[str, list[View]] = {}
    for row in c.execute(select(known).where(known.c.place <= FEW).order_by(known.c.at.desc())):
        found.setdefault(row.link, []).append(view(row))
    return found


def view(row: Any) -> View:
    """A row of the table as it is shown."""
    pages = {int(page): seconds for page, seconds in row.pages.items()}
    longest = max(pages, key=lambda page: (pages[page], -page), default=1)
    order = tuple(sorted(pages))
    return View(row.id, row.at, sum(pages.values()), order, longest, tuple(pages[one] for one in order))


def longest(c: Connection, ids: Sequence[str]) -> dict[str, list[int]]:
    """The pages looked at longest by link, the first of them most, summed over all its views."""
    told = func.json_each(drive_view.c.pages).table_valued(column("key", String), column("value", Integer))
    page = cast(told.c.key, Integer)
    total = func.sum(cast(cast(told.c.value, String), Integer))  # what PostgreSQL has there is JSON
    by_length = func.row_number().over(partition_by=drive_view.c.link, order_by=(total.desc(), page))
    sums = select(drive_view.c.link, page.label("page"), by_length.label("place"))
    sums = sums.select_from(drive_view.join(told, true())).where(drive_view.c.link.in_(ids))
    known = sums.group_by(drive_view.c.link, page).subquery()
    found: dict[str, list[int]] = {}
    query = select(known).where(known.c.place <= MOST).order_by(known.c.link, known.c.place)
    for row in c.execute(query):
        found.setdefault(row.link, []).append(row.page)
    return found
