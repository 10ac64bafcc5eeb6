"""What a call's deadline does: whoever has it is reminded in time; once it is over, its asker hears too."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from server import jobs
from server.calls import duty, telling
from server.calls.models import call
from server.schema import now

JOB = "call-due"
LAST = timedelta(days=1)
"""The reminder comes when a quarter of the time is left, or this much, whichever is less."""


def plan(c: Connection, row: Any) -> None:
    """A call waits from now on: what its deadline does next is a job. One without a deadline has none."""
    if row["due_at"] is None or row["late_at"] is not None:
        return
    remind = row["due_at"] - min((row["due_at"] - row["opened_at"]) / 4, LAST)
    _later(c, row["id"], row["due_at"] if row["soon_at"] else min(remind, row["due_at"]))


def _later(c: Connection, id: str, moment: datetime) -> None:
    jobs.later(c, JOB, f"{JOB}:{id}", {"call": id}, moment)


def tomorrow(zone: str) -> str:
    """The end of the next day's work in a zone, as the form has it."""
    day = now().astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    return datetime.combine(day, time(17)).strftime("%Y-%m-%dT%H:%M")


def drop(c: Connection, id: str) -> None:
    """Nobody waits any more."""
    jobs.drop(c, f"{JOB}:{id}")


def due(c: Connection, data: dict[str, Any]) -> None:
    """The reminder, and then that it is late; to whoever has it, or where nobody has to those at the desk."""
    id = data["call"]
    if c.scalar(select(call.c.id).where(call.c.id == id)) is None:
        return
    before = telling.read(c, id)
    people = [before["owner"]] if before["owner"] else duty.on_the_desk(c, before["asker"])
    row = telling.held(c, id, *people)
    if row["state"] not in ("open", "claimed") or row["owner"] != before["owner"]:
        if row["state"] in ("open", "claimed"):
            _later(c, id, now())
        return
    if row["soon_at"] is None and row["due_at"] > now():
        telling.change(c, row, "soon", None, *people, soon_at=now())
        _later(c, id, row["due_at"])
    elif row["late_at"] is None:
        telling.change(c, row, "late", None, *people, late_at=now())
