"""The convergence chart of a replay: everybody's distance to the rally point over time, as drawing and table.

A pure function of the day. Places on it are thousandths: from the start to the end across, from the rally
point at the bottom (1000) to the farthest anybody was at the top.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from server.sweeps.replay import Day, Stand, begun, played

HEIGHTS = (100, 200, 500, 1000, 2000, 3000, 4000, 6000, 8000, 10_000, 15_000, 20_000, 30_000, 40_000, 60_000)
"""Metres at the top of the chart; a chart that is higher goes up in steps of 50 km."""
MINUTES = (1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440)
"""Between two marks of the clock."""


@dataclass(slots=True)
class Series:
    """One member's line: (moment, metres) where it changes, and drawn; `met` are check-ins, `won` wins."""

    member: str
    known: list[tuple[datetime, float]] = field(default_factory=list)
    line: str = ""
    met: str = ""
    won: str = ""

    def at(self, moment: datetime) -> float | None:
        """Metres to the rally at a moment, None where nobody knew."""
        n = bisect_right(self.known, moment, key=lambda one: one[0])
        return self.known[n - 1][1] if n else None


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of the grid and what stands at it: metres, or a moment."""

    at: float
    metres: float = 0.0
    moment: datetime | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """All of it: `top` metres, the grid both ways, where the rally's time is (None: not in this day)."""

    begin: datetime
    end: datetime
    top: float
    series: Sequence[Series]
    heights: Sequence[Mark]
    hours: Sequence[Mark]
    rally: float | None

    def across(self, moment: datetime) -> float:
        """Where a moment is, in thousandths."""
        whole = (self.end - self.begin).total_seconds() or 1.0
        return round(1000 * (moment - self.begin).total_seconds() / whole, 1)

    def down(self, away: float) -> float:
        """Where a distance is, in thousandths."""
        return round(1000 * (1 - min(away / self.top, 1.0)), 1)

    def rows(self) -> list[tuple[datetime, list[float | None]]]:
        """The chart as a table: everybody's metres at the marks of the clock, at the start and at the end."""
        marks = [self.begin, *(mark.moment for mark in self.hours if mark.moment), self.end]
        return [(one, [line.at(one) for line in self.series]) for one in dict.fromkeys(marks)]


def chart(day: Day, zone: ZoneInfo, marks: int = 8) -> Chart:
    """The chart of a day, with so many marks of the squad's clock at most."""
    series = {who: Series(who) for who in day.people}
    for who, stand in begun(day).items():
        _know(series[who], day.begin, stand)
    spots: dict[str, list[tuple[datetime, float, str]]] = {who: [] for who in series}
    for event, stands in played(day):
        for stand in stands:
            _know(series[stand.member], event.at, stand)
        line = series.get(event.member or "")
        if line and line.known and event.kind in ("checkin", "won"):
            spots[line.member].append((event.at, line.known[-1][1], event.kind))
    far = max((away for one in series.values() for _, away in one.known), default=0.0)
    top = next((step for step in HEIGHTS if step >= far), -(-far // 50_000) * 50_000)
    made = Chart(day.begin, day.end, top, list(series.values()), *_grid(day, top, zone, marks))
    for who, line in series.items():
        _draw(made, line, spots[who])
    return made


def _know(line: Series, moment: datetime, stand: Stand) -> None:
    if stand.metres is not None and (not line.known or line.known[-1][1] != stand.metres):
        line.known.append((moment, stand.metres))


def _draw(made: Chart, line: Series, spots: Sequence[tuple[datetime, float, str]]) -> None:
    """Steps: what is known holds until the next check-in."""
    path: list[str] = []
    for moment, away in line.known:
        x, y = made.across(moment), made.down(away)
        path.append(f"H{x:g}V{y:g}" if path else f"M{x:g} {y:g}")
    line.line = "".join([*path, "H1000"]) if path else ""
    for moment, away, kind in spots:
        dot = f"M{made.across(moment):g} {made.down(away):g}h0"
        if kind == "won":
            line.won += dot
        else:
            line.met += dot


def _grid(day: Day, top: float, zone: ZoneInfo, marks: int) -> tuple[list[Mark], list[Mark], float | None]:
    steps = 3 if top % 3 == 0 and top // 3 % 100 == 0 else 4 if top % 4 == 0 else 2
    heights = [Mark(1000 - round(1000 * n / steps, 1), top * n / steps) for n in range(1, steps + 1)]
    length = day.end - day.begin
    step = next((n for n in MINUTES if length <= marks * timedelta(minutes=n)), MINUTES[-1])
    midnight = day.begin.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    whole = length.total_seconds() or 1.0
    hours: list[Mark] = []
    n = (day.begin - midnight) // timedelta(minutes=step) + 1
    while len(hours) < 400 and (moment := midnight + n * timedelta(minutes=step)) < day.end:
        share = (moment - day.begin).total_seconds() / whole
        hours.append(Mark(round(1000 * share, 1), moment=moment))
        n += 1
    share = (day.course.rally_at - day.begin).total_seconds() / whole
    return heights, hours, round(1000 * share, 1) if 0 <= share <= 1 else None
