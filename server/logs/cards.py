"""What a list and the feed say of published logs: of which day, how many visits, how many won."""

from collections.abc import Collection

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


def cards(c: Connection, ids: Collection[str]) -> dict[str, Told]:
    """By id; nothing is asked where there are none."""
    if not ids:
        return {}
    rows = c.execute(_cards, {"wanted": list(ids)})
    return {row.id: Told(row.day, row.visits, row.wins, row.kind) for row in rows}
