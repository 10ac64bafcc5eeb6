"""A sweep's replay as its page shows it at a moment, and as the API tells it whole."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from server.feed.views import Person
from server.journal import stamp
from server.sweeps import queries, standing
from server.sweeps.chart import Chart, chart
from server.sweeps.recorded import Recording, recording
from server.sweeps.replay import Day, Event, Moment, Stand, at, begun, played

WINDOW = 60
"""Events the feed shows at once, the newest first."""
CLOCK = re.compile(r"(\d{2}):(\d{2})(?::(\d{2}))?", re.ASCII)
APART = 85.0
"""Thousandths of the chart's height within which two heads would cover each other."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a member's head stands on the chart, `place` of those that are as far."""

    who: Person
    down: float
    place: int


@dataclass(frozen=True, slots=True)
class Shown:
    """The replay's page: `feed` are the last events until `moment`; `tail` (index, event) all of them."""

    record: Recording
    day: Day
    moment: Moment
    chart: Chart
    heads: list[Head]
    tail: list[tuple[int, Event]]
    done: int
    planned: int
    whole: Moment

    @property
    def feed(self) -> list[tuple[int, Event]]:
        """What had happened last, the newest first."""
        return [one for one in self.tail if one[0] < self.moment.count][: -WINDOW - 1 : -1]

    @property
    def now(self) -> Event | None:
        """The last thing that had happened."""
        return next((event for _, event in self.feed), None)

    @property
    def before(self) -> Event | None:
        """The moment before this one."""
        return next((one for _, one in reversed(self.tail) if one.moment and one.at < self.moment.at), None)

    @property
    def after(self) -> Event | None:
        """The moment after this one."""
        return next((one for _, one in self.tail if one.moment and one.at > self.moment.at), None)

    def wanted(self, event: Event, only: str) -> bool:
        """Whether an event is one of those a sum is made of."""
        kind, _, currency = only.partition("-")
        if kind == "won":
            return event.kind == "won" and currency in ("", event.currency)
        if kind == "stops":
            return event.kind == "checkin" and event.stop is not None
        return kind != "visits" or event.kind == "checkin"


def shown(record: Recording, zone: ZoneInfo, asked: str) -> Shown | None:
    """A replay at the moment that is asked for, at its end where none is; None: it has not started.

    Raises `ValueError` for what is no time.
    """
    if (day := record.day) is None:
        return None
    moment, drawn = at(day, when(asked, day, zone)), chart(day, zone)
    tail = [(n, one) for n, one in enumerate(day.events) if one.kind != "done"]
    live = [one for one in record.stops if one.state != "skipped"]
    done = sum(one.state == "done" for one in live)
    heads = _heads(record, drawn, moment)
    return Shown(record, day, moment, drawn, heads, tail, done, len(live), at(day, day.end))


def when(asked: str, day: Day, zone: ZoneInfo) -> datetime:
    """A moment of the day: `14:20`, `14:20:05` on the squad's clock, or a whole time with its zone.

    What is before or after the sweep is its begin or its end.
    """
    if not asked:
        return day.end
    if (clock := CLOCK.fullmatch(asked)) is not None:
        hour, minute, second = (int(part or 0) for part in clock.groups())
        begin = day.begin.astimezone(zone)
        moment = datetime.combine(begin.date(), time(hour, minute, second), zone)
        if moment < begin.replace(microsecond=0) and moment + timedelta(days=1) <= day.end:
            moment += timedelta(days=1)  # after midnight
    else:
        moment = datetime.fromisoformat(asked)
        if moment.tzinfo is None:
            raise ValueError(asked)
    # A link has no parts of a second: what happened within it has happened.
    if moment.microsecond == 0:
        moment += timedelta(milliseconds=999)
    return min(max(moment, day.begin), day.end)


def _heads(record: Recording, drawn: Chart, moment: Moment) -> list[Head]:
    heads: list[Head] = []
    for who, stand in moment.people.items():
        if stand.metres is not None:
            down = drawn.down(stand.metres)
            place = sum(abs(other.down - down) < APART for other in heads)
            heads.append(Head(record.people[who], down, place))
    return heads


def told(c: Connection, id: str) -> dict[str, Any]:
    """The whole replay as the API answers it: the course, its people and lanes, and every event in order.

    `after` of an event says how those stand whom it changed.
    """
    record = recording(c, id)
    day = record.day
    row = queries.head_data(record.row)
    people = {
        one.id: {"name": one.name, "initials": one.initials, "colour": one.colour}
        for one in record.people.values()
    }
    return {
        "sweep": row,
        "from": stamp(day.begin) if day else None,
        "to": stamp(day.end) if day else None,
        "members": people,
        "lanes": _lanes(record),
        "stops": _stops(record),
        "before": [_stand(one) for one in begun(day).values()] if day else [],
        "events": [_event(record, event, after) for event, after in played(day)] if day else [],
        "sums": standing.sums_data(at(day, day.end).sums) if day else None,
    }


def _lanes(record: Recording) -> list[dict[str, Any]]:
    found = []
    for one in record.lanes:
        start = standing.spot(one.start_lat, one.start_lon)
        place = start._asdict() if start else None
        found.append({"member": one.member, "name": one.name, "area": one.area, "start": place})
    return found


def _stops(record: Recording) -> list[dict[str, Any]]:
    return [
        {"id": one.id, "name": record.place(one.customer), "position": _home(record, one)}
        for one in record.stops
    ]


def _home(record: Recording, stop: Any) -> dict[str, float] | None:
    known = record.customers[stop.customer]
    spot = standing.spot(known.lat, known.lon)
    return spot._asdict() if spot else None


def _stand(one: Stand) -> dict[str, Any]:
    return {
        "member": one.member,
        "metres": one.metres,
        "visits": one.visits,
        "done": one.done,
        "planned": one.planned,
        "at": one.at,
        "arrived": one.arrived,
    }


def _event(record: Recording, one: Event, after: Sequence[Stand]) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "at": stamp(one.at),
        "told_at": stamp(one.since) if one.since else None,
        "late": one.late,
        "moment": one.moment,
        "member": one.member,
        "to": one.to,
        "customer": one.customer,
        "name": record.place(one.customer),
        "position": one.spot._asdict() if one.spot else None,
        "stop": one.stop,
        "post": one.post,
        "text": one.text,
        "amount": one.amount,
        "currency": one.currency,
        "after": [_stand(stand) for stand in after],
    }
