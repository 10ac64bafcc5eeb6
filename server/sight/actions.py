"""Looking at somebody's work: noted for them in the transaction that shows it. No sight without it."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, delete, insert, select, update

from server import journal
from server.access import Who
from server.errors import NotFound
from server.members.models import member
from server.schema import new_id, now
from server.sight import queries
from server.sight.models import look
from server.sight.queries import Day
from server.visits.queries import today
from server.writer import told

AGAIN = timedelta(minutes=15)
"""Whoever comes back to the same within this is still looking."""


def see_day(c: Connection, who: Who, member_id: str, day: date | None) -> Day:
    """One member's day in the caller's squad, theirs today unless said; a look, unless it is one's own."""
    assert who.squad
    assert who.squad_zone
    person = queries.placed(c, who.squad, member_id)
    if person is None:
        raise NotFound
    latest = today(who.squad_zone)
    day = min(day or latest, latest)
    note(c, who, person.id, "day", who.squad, day)
    return queries.day_of(c, who.squad, person, day, latest)


def note(
    c: Connection, who: Who, subject: str, kind: str, squad: str | None = None, day: date | None = None
) -> None:
    """The caller is about to see somebody else's work: that member is told, on their own stream.

    `kind` says what of it, `day` which day of theirs. Once for each thing and each day of looking; whoever
    comes back to it later moves that look's end.
    """
    if subject == who.id:
        return
    them = c.execute(select(member.c.zone, member.c.erased_at).where(member.c.id == subject)).one()
    if them.erased_at is not None:
        return
    moment = now()
    about: dict[str, Any] = {"viewer": who.id, "subject": subject, "kind": kind, "squad": squad, "day": day}
    about["looked_on"] = moment.astimezone(ZoneInfo(them.zone)).date()
    same = select(look).where(and_(*(look.c[name] == value for name, value in about.items())))
    known = c.execute(same).one_or_none()
    if known and moment - known.last_at < AGAIN:
        return
    at = journal.take(c, f"me:{subject}")  # of two tabs at once the second waits here, and finds the first's
    known = c.execute(same).one_or_none()
    id, first = (known.id, known.first_at) if known else (new_id(), moment)
    if known:
        c.execute(update(look).where(look.c.id == id).values(last_at=moment))
    else:
        c.execute(insert(look), {"id": id, **about, "first_at": first, "last_at": moment})
    data = {"id": id, "viewer": who.id, "kind": kind, "squad": squad, "day": day and day.isoformat()}
    data |= {"first_at": journal.stamp(first), "last_at": journal.stamp(moment)}
    journal.append(c, f"me:{subject}", "look", data, actor=who.id, subject=id, at=at)


def forget_old(c: Connection, days: int) -> int:
    """Forgets looks whose last was more than `days` ago, the journal's memory of them too. How many."""
    return forget(c, look.c.last_at < now() - timedelta(days=days))


def forget(c: Connection, which: Any) -> int:
    """Forgets these looks; what the journal keeps says neither who nor at what. How many there were."""
    gone = list(c.scalars(select(look.c.id).where(which)))
    for start in range(0, len(gone), 500):
        some = gone[start : start + 500]
        noted = journal.journal.c.subject.in_(some) & (journal.journal.c.kind == "look")
        emptied = {"data": {"redacted": True}, "actor": None, "redacted_at": now()}
        c.execute(update(journal.journal).where(noted).values(**emptied))
        for subject in c.scalars(select(look.c.subject).where(look.c.id.in_(some)).distinct()).all():
            told(c, journal.Forgotten(f"me:{subject}"))
        c.execute(delete(look).where(look.c.id.in_(some)))
    return len(gone)
