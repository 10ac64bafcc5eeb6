"""What a sweep's replay is made of, read from the tables: visits, words, stops, handovers, arrivals."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from server.customers.models import customer
from server.feed.models import post
from server.feed.queries import persons
from server.feed.views import Person
from server.feed.visited import LATE
from server.journal import journal
from server.schema import now
from server.sweeps import queries, standing
from server.sweeps.convergence import Course, Spot
from server.sweeps.models import handover, lane, stop, sweep
from server.sweeps.replay import Day, Event, Planned, in_order

TURNS = {("running", "paused"): "paused", ("paused", "running"): "resumed"}


@dataclass(frozen=True, slots=True)
class Recording:
    """A sweep's row, its course (None: it has not started), and the names of whom and what it is about.

    `lanes` are rows of the lane table in their order; `stops` of the stop table with their places.
    """

    row: Any
    day: Day | None
    people: Mapping[str, Person]
    customers: Mapping[str, Any]
    lanes: Sequence[Any]
    stops: Sequence[Any]

    @property
    def events(self) -> Sequence[Event]:
        """What is told of it: all that happened but for what only moves a figure."""
        return [one for one in self.day.events if one.kind != "done"] if self.day else []

    def name(self, member: str | None) -> str:
        """A member's name; nobody's is empty."""
        return self.people[member].name if member else ""

    def place(self, customer: str | None) -> str:
        """A customer's name; no customer's is empty."""
        return self.customers[customer].name if customer else ""


def recording(c: Connection, id: str) -> Recording:
    """A sweep as it can be played back now."""
    row = c.execute(select(sweep).where(sweep.c.id == id)).one()
    lanes = c.execute(select(lane).where(lane.c.sweep == id).order_by(lane.c.place, lane.c.id)).all()
    stops = c.execute(select(stop).where(stop.c.sweep == id).order_by(stop.c.place, stop.c.id)).all()
    day = _day(c, row, lanes, stops) if row.started_at is not None else None
    events = day.events if day else []
    who = {one.member for one in lanes} | set(day.people if day else ())
    who |= {id for one in events for id in (one.member, one.to) if id}
    seen = {one.customer for one in stops} | {one.customer for one in events if one.customer}
    return Recording(row, day, persons(c, who), _customers(c, seen), lanes, stops)


def _customers(c: Connection, ids: Iterable[str]) -> dict[str, Any]:
    wanted, found = sorted(ids), dict[str, Any]()
    query = select(customer.c.id, customer.c.name, customer.c.lat, customer.c.lon)
    for start in range(0, len(wanted), 500):
        some = c.execute(query.where(customer.c.id.in_(wanted[start : start + 500])))
        found |= {row.id: row for row in some}
    return found


def _day(c: Connection, row: Any, lanes: Sequence[Any], stops: Sequence[Any]) -> Day:
    begin, made = row.started_at, standing.visits(c, row)
    there = queries.arrivals(c, row.id)
    last = max([begin, *(datetime.fromisoformat(one["at"]) for one in there)])
    end = max(row.ended_at or min(now(), row.ends_at), last)
    hands = list(c.execute(_handovers(row.id)))
    events = [
        *_course(c, row),
        *_visits(made, {one.visit: one.id for one in stops if one.visit}, end),
        *_said(c, row),
        *_stops(stops, {one.id for one in made}, begin, end),
        *(
            Event(
                one.id,
                "handed",
                one.answered_at,
                one.giver,
                one.customer,
                stop=one.stop,
                to=one.answered_by,
            )
            for one in hands
        ),
        *(
            Event(f"{one['member']}-there", "arrived", datetime.fromisoformat(one["at"]), one["member"])
            for one in there
        ),
    ]
    owner = {one.id: one.member for one in lanes}
    first, owners = {one.id: owner.get(one.lane or "") for one in stops}, dict[str, str | None]()
    for one in reversed(hands):  # whose it was before, back from whose it is
        owners[one.id], first[one.stop] = first[one.stop], one.giver
    people: dict[str, Spot | None] = {
        one.member: standing.spot(one.start_lat, one.start_lon) for one in lanes
    }
    people |= dict.fromkeys((who for who in queries.participants(c, row.id) if who not in people), None)
    people |= dict.fromkeys((one.member for one in made if one.member not in people), None)
    planned = [
        Planned(one.id, first[one.id], one.state == "skipped" and (one.at is None or one.at < begin))
        for one in stops
    ]
    return Day(_heading(row), begin, end, people, planned, in_order(_clamped(events, begin, end)), owners)


def _heading(row: Any) -> Course:
    rally = Spot(row.rally_lat, row.rally_lon)
    return Course(rally, row.rally_at, row.speed_kmh, row.detour, row.visit_minutes)


def _clamped(events: Iterable[Event], begin: datetime, end: datetime) -> list[Event]:
    """The journal keeps more of a second than the table: what started the sweep is no earlier than it."""
    return [
        one if begin <= one.at <= end else replace(one, at=min(max(one.at, begin), end)) for one in events
    ]


def _course(c: Connection, row: Any) -> Iterator[Event]:
    """Started, paused, taken up again, met, over; the pauses as the journal has them still."""
    query = select(journal).where(journal.c.subject == row.id, journal.c.stream == row.squad)
    before = "planned"
    for entry in c.execute(query.where(journal.c.kind == "sweep").order_by(journal.c.offset)):
        state = entry.data.get("state", before)
        if state != before and (before, state) in TURNS:
            kind = TURNS[before, state]
            yield Event(f"{kind}-{entry.offset}", kind, entry.captured_at, entry.actor)
        before = state
    yield Event("started", "started", row.started_at)
    if row.met_at is not None:
        yield Event("met", "met", row.met_at)
    if row.ended_at is not None:
        yield Event("ended", "ended", row.ended_at, row.ended_by)


def _visits(made: Sequence[Any], stops: Mapping[str, str], end: datetime) -> Iterator[Event]:
    """A check-in, and how the visit went; what was told after the end stands at the end."""
    for one in made:
        at = min(one.captured_at, one.recorded_at)
        spot = standing.spot(one.lat, one.lon) or standing.spot(one.home_lat, one.home_lon)
        late = (one.recorded_at - one.captured_at).total_seconds() > LATE
        yield Event(
            one.id,
            "checkin",
            at,
            one.member,
            one.customer,
            spot,
            stops.get(one.id),
            text=one.note,
            post=one.id,
            late=late,
        )
        if one.result is not None:
            told = max(one.closed_at or at, at)
            yield Event(
                f"{one.id}-end",
                one.result,
                min(told, end),
                one.member,
                one.customer,
                spot,
                text=one.outcome_note or one.next_step,
                amount=one.amount,
                currency=one.currency,
                post=one.id,
                since=told if told > end else None,
            )


def _said(c: Connection, row: Any) -> Iterator[Event]:
    """What was said to all meanwhile; what hangs under a post is read there."""
    query = select(post).where(
        post.c.squad == row.squad,
        post.c.kind == "message",
        post.c.deleted_at.is_(None),
        post.c.feed_offset > (row.started_offset or 0),
    )
    for one in c.execute(standing.within(query, post, row)):
        at = min(one.captured_at, one.recorded_at)
        late = (one.recorded_at - one.captured_at) > timedelta(seconds=LATE)
        yield Event(one.id, "said", at, one.author, text=one.text, post=one.id, late=late)


def _stops(stops: Sequence[Any], visits: set[str], begin: datetime, end: datetime) -> Iterator[Event]:
    """What was left out, and what is done though its visit is not shown any more."""
    for one in stops:
        at = one.at or end
        if one.state == "skipped" and one.at is not None and one.at >= begin:
            yield Event(
                f"{one.id}-skipped", "skipped", at, one.by, one.customer, stop=one.id, text=one.reason
            )
        elif one.state == "done" and one.visit not in visits:
            yield Event(f"{one.id}-done", "done", at, one.by, one.customer, stop=one.id)


def _handovers(id: str) -> Any:
    """Stops that were taken over, first first."""
    return (
        select(handover, stop.c.customer)
        .join(stop, stop.c.id == handover.c.stop)
        .where(handover.c.sweep == id, handover.c.state == "accepted")
        .order_by(handover.c.answered_at, handover.c.id)
    )
