"""What a list and the feed say of published logs: of which day, how many visits, how many won."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from server.feed.views import Told
from server.logs.models import log, log_line
from server.visits.models import visit

_wanted: BindParameter[str] = bindparam("wanted", expanding=True)
_cards = (
    select(
        log.c.id,
        log.c.day,
        log.c.kind,
        func.count(log_line.c.visit).label("visits"),
        func.count().filter(visit.c.result == "won").label("wins"),
    )
    .outerjoin(log_line, (log_line.c.log == log.c.id) & log_line.c.told.is_not(None))
    .outerjoin(visit, visit.c.id == log_line.c.visit)
    .where(log.c.id.in_(_wanted))
    .group_by(log.c.id, log.c.day, log.c.kind)
)


_told = func.coalesce(log.c.updated_at, log.c.published_at)
_weeks = (
    select(log.c.id, log.c.day, log.c.zone, visit.c.captured_at, visit.c.result)
    .join(visit, (visit.c.member == log.c.member) & (visit.c.squad == log.c.squad))
    .where(log.c.id.in_(_wanted), log.c.kind == "week", visit.c.retracted_at.is_(None))
    .where(visit.c.recorded_at <= _told)
    .where(visit.c.captured_at >= bindparam("since"), visit.c.captured_at < bindparam("until"))
)


def cards(c: Connection, ids: Collection[str]) -> dict[str, Told]:
    """By id; nothing is asked where there are none."""
    if not ids:
        return {}
    rows = c.execute(_cards, {"wanted": list(ids)})
    found = {row.id: Told(row.day, row.visits, row.wins, row.kind) for row in rows}
    days = {id: one.day for id, one in found.items() if one.kind == "week"}
    for id, (visits, wins) in weeks(c, days).items():
        found[id] = Told(days[id], visits, wins, "week")
    return found


def weeks(c: Connection, days: dict[str, date]) -> dict[str, tuple[int, int]]:
    """Weeks by id, with the Monday of each: how many visits they had when told last, how many won."""
    found = dict.fromkeys(days, (0, 0))
    if not days:
        return found
    since, until = (datetime.combine(day, time(), UTC) for day in (min(days.values()), max(days.values())))
    near = {"since": since - timedelta(days=1), "until": until + timedelta(days=8)}  # whatever the zone
    for row in c.execute(_weeks, {"wanted": list(days), **near}):
        if 0 <= (row.captured_at.astimezone(ZoneInfo(row.zone)).date() - row.day).days < 7:
            visits, wins = found[row.id]
            found[row.id] = visits + 1, wins + (row.result == "won")
    return found
