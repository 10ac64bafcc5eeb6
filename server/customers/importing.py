"""Bringing in many customers: the rows of a table lie in the database until each has a verdict, and is made.

Each step is a short transaction of its own which says of its rows that they are done: whoever is killed when,
the next one goes on with the first row that is not.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from server import audit, jobs, journal
from server.access import Who
from server.customers.columns import FIELDS, guess
from server.customers.models import customer_import, customer_import_row
from server.errors import Conflict, Invalid, NotFound
from server.schema import now
from web.render import N_

JOB = "customers-import"
STATES = ("reading", "asked", "clearing", "checking", "checked", "running", "stopped", "done")
VERDICTS = ("", "new", "double", "repeated", "wrong", "none")
"""none: there is nothing to make of it, as it was left out."""
KEPT = timedelta(days=30)
CLEARED = 100
"""Rows whose verdicts are taken back in one step."""
row_of = customer_import_row.c["import"]


def begin(c: Connection, who: Who, filename: str, head: Sequence[str], id: str) -> str:
    """Notes a table whose rows are about to come."""
    assert who.squad
    row = {"id": id, "squad": who.squad, "by": who.id, "at": now(), "filename": filename[:200]}
    c.execute(
        insert(customer_import),
        row | {"head": list(head), "mapping": guess(head), "state": "reading", "rows": 0},
    )
    return id


def take(c: Connection, id: str, rows: Sequence[tuple[int, list[str]]]) -> None:
    """Some of its rows."""
    same: dict[str, Any] = {"import": id, "verdict": "", "why": {}, "likes": [], "key": "", "choice": ""}
    c.execute(insert(customer_import_row), [{**same, "n": n, "cells": cells} for n, cells in rows])


def whole(c: Connection, id: str, count: int) -> None:
    """All of its rows are here: now it is asked what the columns mean."""
    c.execute(update(customer_import).where(customer_import.c.id == id).values(state="asked", rows=count))


def forget(c: Connection, id: str) -> None:
    """It will not come, or is not wanted. What was made of it stays."""
    c.execute(delete(customer_import_row).where(row_of == id))
    c.execute(delete(customer_import).where(customer_import.c.id == id))
    jobs.drop(c, f"{JOB}:{id}")


def old(c: Connection) -> list[str]:
    """Those that nobody needs any more."""
    return list(c.scalars(select(customer_import.c.id).where(customer_import.c.at < now() - KEPT).limit(20)))


def held(c: Connection, squad: str | None, id: str) -> Any:
    """An import of a squad as it stands, and stays until the commit."""
    query = select(customer_import).where(customer_import.c.id == id, customer_import.c.squad == squad)
    if (row := c.execute(query.with_for_update()).one_or_none()) is None:
        raise NotFound
    return row


def check(c: Connection, who: Who, id: str, mapping: Sequence[str]) -> None:
    """The columns mean this: each row is looked at anew."""
    it = held(c, who.squad, id)
    if it.state not in ("asked", "checked", "checking", "clearing"):
        raise Conflict(N_("This is under way already, or done."))
    named = [name for name in mapping if name]
    if "name" not in named:
        raise Invalid({"mapping": N_("Say which column is the name of the customer.")})
    if len(set(named)) < len(named) or not set(named) <= FIELDS.keys():
        raise Invalid({"mapping": N_("Two columns cannot be the same.")})
    _go(c, id, "checking" if it.state == "asked" else "clearing", mapping=list(mapping))


def clear(c: Connection, id: str) -> None:
    """Takes back some verdicts, as the columns mean something else by now; then they are looked at anew."""
    it = c.execute(select(customer_import).where(customer_import.c.id == id).with_for_update()).one_or_none()
    if it is None or it.state != "clearing":
        return
    row = customer_import_row.c
    judged = list(c.scalars(select(row.n).where(row_of == id, row.verdict != "").limit(CLEARED)))
    fresh: dict[str, Any] = {"verdict": "", "why": {}, "likes": [], "first": None, "key": "", "choice": ""}
    if judged:
        c.execute(update(customer_import_row).where(row_of == id, row.n.in_(judged)).values(**fresh))
    else:
        c.execute(update(customer_import).where(customer_import.c.id == id).values(state="checking"))


def choose(c: Connection, who: Who, id: str, n: int | None, choice: str) -> None:
    """A row that may be known is made all the same, or left; without a number all of those."""
    it = held(c, who.squad, id)
    if it.state != "checked" or choice not in ("make", ""):
        raise Conflict(N_("This is under way already, or done."))
    here = (row_of == id) & customer_import_row.c.verdict.in_(("double", "repeated"))
    if n is not None:
        here &= customer_import_row.c.n == n
    if (
        not c.execute(update(customer_import_row).where(here).values(choice=choice)).rowcount
        and n is not None
    ):
        raise NotFound


def run(c: Connection, who: Who, id: str) -> None:
    """Puts them in the files, or goes on with it. Twice is once."""
    it = held(c, who.squad, id)
    if it.state not in ("checked", "stopped", "running", "done"):
        raise Conflict(N_("The rows are still being looked at."))
    if it.state in ("checked", "stopped"):
        _go(c, id, "running")


def stop(c: Connection, who: Who, id: str) -> None:
    """No more are made for now; those that are made stay."""
    if held(c, who.squad, id).state == "running":
        c.execute(update(customer_import).where(customer_import.c.id == id).values(state="stopped"))
        jobs.drop(c, f"{JOB}:{id}")


def _go(c: Connection, id: str, state: str, **values: Any) -> None:
    c.execute(update(customer_import).where(customer_import.c.id == id).values(state=state, **values))
    again(c, id)


def again(c: Connection, id: str) -> None:
    """There is more of it to do."""
    jobs.later(c, JOB, f"{JOB}:{id}", {"import": id}, now())


def done(c: Connection, it: Any) -> None:
    """All of them are made: it is written down, and the squad's pages hear of it."""
    c.execute(update(customer_import).where(customer_import.c.id == it.id).values(state="done"))
    made = row_of == it.id
    count = c.scalar(
        select(func.count())
        .select_from(customer_import_row)
        .where(made, customer_import_row.c.customer.is_not(None))
    )
    audit.note(c, it.by, "customers_imported", squad=it.squad, count=count)
    data = {"id": it.id, "did": "imported", "count": count}
    journal.append(c, it.squad, "file", data, actor=it.by, subject=it.id)
