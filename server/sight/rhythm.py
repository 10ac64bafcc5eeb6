"""One member's rhythm: visits per day of the last weeks, and of how many the squad was told how they went.

The same to that member and to their squad; nobody is set beside anybody else.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, func, select

from server.visits.models import visit

WEEKS = 4


@dataclass(frozen=True, slots=True)
class Beat:
    """A day: its visits, and those of them with an outcome. `ahead`: it is still to come."""

    day: date
    visits: int
    told: int
    ahead: bool


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Whole weeks from Monday to Sunday, the oldest first."""

    weeks: list[list[Beat]]

    @property
    def visits(self) -> int:
        """Of all these weeks."""
        return sum(beat.visits for week in self.weeks for beat in week)

    @property
    def told(self) -> int:
        """Of these, with an outcome: the pact was kept."""
        return sum(beat.told for week in self.weeks for beat in week)


def rhythm(c: Connection, squad_id: str, member_id: str, today: date) -> Rhythm:
    """The last weeks of a member in a squad, this one among them."""
    monday = today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
    query = (
        select(visit.c.local_date, func.count(), func.count(visit.c.result))
        .where(visit.c.squad == squad_id, visit.c.member == member_id, visit.c.retracted_at.is_(None))
        .where(visit.c.local_date >= monday)
        .group_by(visit.c.local_date)
    )
    known = {day: (visits, told) for day, visits, told in c.execute(query)}
    days = [monday + timedelta(days=n) for n in range(7 * WEEKS)]
    beats = [Beat(day, *known.get(day, (0, 0)), day > today) for day in days]
    return Rhythm([beats[n : n + 7] for n in range(0, len(beats), 7)])
