"""Who looked at whose day this morning in the demo company: the lead and a colleague at everybody's."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, update

from channels.frame import Entry
from server.access import Who
from server.demo.cast import Team
from server.demo.history import date_back, working_days
from server.sight import actions
from server.sight.models import look

AGO = timedelta(minutes=50)


def tell(c: Connection, team: Team, who: Mapping[tuple[str, str], Who], now: datetime) -> None:
    """Written as any look is, then dated back."""
    handles = [person.handle for person in team.people]
    before = len(c.info["told"])
    for n, handle in enumerate(handles):
        here = who[team.key, handle]
        for viewer, day in ((0, now.date()), (n - 1, working_days(now.date(), 1)[0])):
            actions.note(c, who[team.key, handles[viewer]], here.id, "day", here.squad, day)
    entries = [one for one in c.info["told"][before:] if isinstance(one, Entry)]
    date_back(c, [(now - AGO, one) for one in entries])
    mine = look.c.squad == who[team.key, handles[0]].squad
    c.execute(update(look).where(mine).values(first_at=now - AGO, last_at=now - AGO))
