"""What can be asked about many logs: the squad's list, what waits for an answer, what is not in one yet."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from server.feed import queries as feed
from server.logs import answering
from server.logs.cards import cards
from server.logs.models import log, log_call, log_line
from server.logs.queries import STANDING, readers, visits_of
from server.logs.views import Head, Log
from server.schema import now


def waiting(c: Connection, squad: str, who: str) -> list[Head]:
    """Recent logs to which the caller owes an answer that nobody has given, the first first."""
    recent = answering.recent(c, squad)
    theirs = [id for id, people in answering.owing(c, squad, recent).items() if who in people]
    some = answering.open_of(c, squad, theirs)
    query = select(log).where(log.c.id.in_(list(some))).order_by(log.c.published_at)
    return heads(c, c.execute(query).all()) if some else []


def of_calls(c: Connection, calls: Collection[str]) -> dict[str, str]:
    """From which logs some calls came: call to log."""
    if not calls:
        return {}
    query = select(log_call.c.id, log_line.c.log).join(log_line, log_line.c.id == log_call.c.line)
    return {row.id: row.log for row in c.execute(query.where(log_call.c.id.in_(list(calls))))}


def untold(c: Connection, one: Log) -> int:
    """How many visits of that day are not in a log yet."""
    if one.kind == "week":
        return 0
    there = {line.key for line in one.visits}
    return len(set(visits_of(c, one.author.id, one.squad, one.day, one.zone)) - there)


def sent_before(
    c: Connection, whose: Collection[tuple[str, str]]
) -> dict[tuple[str, str], tuple[str, str, date, int]]:
    """Logs of the day that members (squad, member) have sent already and that have visits to add: id, squad,
    day and how many.
    """
    if not whose:
        return {}
    lately = (log.c.kind == "day") & (log.c.published_at >= now() - timedelta(days=2))
    here = log.c.squad.in_({squad for squad, _ in whose}) & log.c.member.in_({one for _, one in whose})
    rows = c.execute(select(log).join(*STANDING).where(lately, here).order_by(log.c.day)).all()
    found = {}
    for row in rows:
        there = set(c.scalars(select(log_line.c.visit).where(log_line.c.log == row.id)))
        n = len(set(visits_of(c, row.member, row.squad, row.day, row.zone)) - there)
        if n and (row.squad, row.member) in whose:
            found[row.squad, row.member] = row.id, row.squad, row.day, n
    return found


def page(
    c: Connection, squad: str, limit: int, member: str | None = None, before: datetime | None = None
) -> list[Head]:
    """The last published logs of a squad, or of one member in it, the last first."""
    query = select(log).join(*STANDING).where(log.c.squad == squad)
    if member:
        query = query.where(log.c.member == member)
    if before:
        query = query.where(log.c.published_at < before)
    return heads(c, c.execute(query.order_by(log.c.published_at.desc(), log.c.id).limit(limit)).all())


def heads(c: Connection, rows: Sequence[Any]) -> list[Head]:
    """Logs of one squad as a list has them."""
    if not rows:
        return []
    ids = [row.id for row in rows]
    told, read = cards(c, ids), readers(c, ids)
    waits = answering.open_of(c, rows[0].squad, ids)
    people = feed.persons(c, {row.member for row in rows})
    return [
        Head(
            row.id,
            people[row.member],
            row.day,
            row.published_at,
            told[row.id].visits,
            told[row.id].wins,
            tuple(read.get(row.id, ())),
            row.id in waits,
            row.kind,
        )
        for row in rows
    ]
