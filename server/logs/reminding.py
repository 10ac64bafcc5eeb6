"""When a squad's logs of the day are due, and one gentle word to who has visits and has not sent theirs."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, insert, select

from server import audit, journal
from server.access import Who
from server.errors import Invalid
from server.logs.models import log, log_due, log_reminder
from server.schema import now
from server.squads.models import membership, squad
from server.visits.models import visit
from web.render import N_

PATIENCE = timedelta(hours=3)
"""After the hour; later nobody is told any more, for the evening is theirs."""
EVERY = timedelta(minutes=10)


def hour(c: Connection, squad_id: str) -> str:
    """When they are due, `HH:MM` in the squad's zone; empty: at no time."""
    return c.scalar(select(log_due.c.hour).where(log_due.c.squad == squad_id)) or ""


def set_hour(c: Connection, who: Who, typed: str) -> None:
    """From now on they are due then, or at no time."""
    typed = typed.strip()
    if typed and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", typed):
        raise Invalid({"hour": N_("Choose a time.")})
    assert who.squad
    if typed == hour(c, who.squad):
        return
    audit.note(c, who.id, "log_due" if typed else "log_not_due", squad=who.squad, hour=typed)
    c.execute(delete(log_due).where(log_due.c.squad == who.squad))
    if typed:
        c.execute(insert(log_due), {"squad": who.squad, "hour": typed, "set_by": who.id})


def remind(c: Connection, moment: datetime | None = None) -> None:
    """Tells them, each once a day."""
    moment = moment or now()
    rows = c.execute(select(log_due.c.squad, log_due.c.hour, squad.c.zone).join(squad)).all()
    for row in rows:
        here = moment.astimezone(ZoneInfo(row.zone))
        due = datetime.combine(here.date(), time.fromisoformat(row.hour), here.tzinfo)
        if not due <= here < due + PATIENCE:
            continue
        day = here.date()
        sent = select(log.c.member).where(
            log.c.squad == row.squad, log.c.kind == "day", log.c.day == day, log.c.published_at.is_not(None)
        )
        told = select(log_reminder.c.member).where(
            log_reminder.c.squad == row.squad, log_reminder.c.day == day
        )
        inside = (membership.c.member == visit.c.member) & membership.c.left_at.is_(None)
        out = (
            select(visit.c.member)
            .join(membership, inside & (membership.c.squad == visit.c.squad))
            .where(visit.c.squad == row.squad, visit.c.local_date == day, visit.c.retracted_at.is_(None))
            .where(visit.c.member.not_in(sent), visit.c.member.not_in(told))
            .distinct()
        )
        for one in sorted(c.scalars(out)):
            c.execute(insert(log_reminder), {"squad": row.squad, "member": one, "day": day, "at": moment})
            data = {"did": "due", "squad": row.squad, "day": day.isoformat()}
            journal.append(c, f"me:{one}", "log", data, actor=None)
