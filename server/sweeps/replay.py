"""A sweep played back: a pure function of what its tables say now.

Everything stands at the moment it happened, by the phone's clock, however late it arrived. Between two
check-ins nobody knows where somebody was: a distance holds until the next one, and then it jumps.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from server.sweeps.convergence import Course, Done, Spot, Sums, summed
from server.visits.place import metres

MOMENTS = frozenset({"started", "paused", "resumed", "handed", "won", "lost", "arrived", "met", "ended"})
"""Where a day turns: what the replay jumps to."""
ORDER = (
    *("started", "resumed", "done", "checkin", "said", "skipped", "handed"),
    *("won", "advanced", "no_decision", "lost", "nobody", "arrived", "met", "paused", "ended"),
)
"""What comes first of what happened at the same moment."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened at `at`; `since` is when it was told, if that was after the sweep.

    `spot` is where, as far as it is known; `stop` the planned stop it is about; `to` who took what `member`
    handed on; `text`, `amount` and `currency` are what was said; `late`: sent some time after it happened.
    """

    id: str
    kind: str
    at: datetime
    member: str | None = None
    customer: str | None = None
    spot: Spot | None = None
    stop: str | None = None
    to: str | None = None
    text: str = ""
    amount: str | None = None
    currency: str | None = None
    post: str | None = None
    late: bool = False
    since: datetime | None = None

    @property
    def moment(self) -> bool:
        """Whether the replay jumps to it."""
        return self.kind in MOMENTS


@dataclass(frozen=True, slots=True)
class Planned:
    """A stop as it was when the sweep began: whose it was (None: nobody's), whether it was left out."""

    id: str
    owner: str | None
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """A sweep's course from `begin` to `end`, its people with where their lanes start, its stops, its events.

    `owners` says whose a handed stop is from each handover (its event's id) on.
    """

    course: Course
    begin: datetime
    end: datetime
    people: Mapping[str, Spot | None]
    stops: Sequence[Planned]
    events: Sequence[Event]
    owners: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stand:
    """How far somebody had come; `metres` None where nobody knew, `at` the customer they were at last."""

    member: str
    metres: float | None = None
    visits: int = 0
    done: int = 0
    planned: int = 0
    at: str | None = None
    arrived: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """The sweep at a moment: how many events there had been, how everybody stood, what it came to."""

    at: datetime
    count: int
    people: Mapping[str, Stand]
    sums: Sums


def in_order(events: Sequence[Event]) -> list[Event]:
    """By the moment they happened; of the same moment in the order that makes sense."""
    return sorted(events, key=lambda one: (one.at, ORDER.index(one.kind), one.id))


def played(day: Day) -> Iterator[tuple[Event, list[Stand]]]:
    """Every event in order, and how those whom it changed stand after it."""
    tape = _Tape(day)
    for event in day.events:
        yield event, [tape.people[member] for member in tape.take(event)]


def begun(day: Day) -> Mapping[str, Stand]:
    """How everybody stands before the first event."""
    return _Tape(day).people


def at(day: Day, moment: datetime) -> Moment:
    """The sweep as it was at a moment; what happened in that very instant has happened."""
    tape = _Tape(day)
    count = bisect_right(day.events, moment, key=lambda one: one.at)
    for event in day.events[:count]:
        tape.take(event)
    return Moment(moment, count, tape.people, summed(tape.made.values()))


class _Tape:
    """What has happened so far."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self.stops: dict[str, tuple[str | None, str]] = {}
        self.made: dict[str, Done] = {}
        self.people = {who: Stand(who, self._away(start)) for who, start in day.people.items()}
        for one in day.stops:
            self._put(one.id, one.owner, "skipped" if one.skipped else "planned")

    def take(self, event: Event) -> list[str]:
        """Plays one event; who stands otherwise after it."""
        changed: list[str | None] = []
        if event.kind in ("checkin", "arrived"):
            self._move(event)
            changed.append(event.member)
        if event.kind == "won":
            amount = Decimal(event.amount) if event.amount else None
            self.made[event.post or event.id] = Done(True, amount, event.currency)
        if event.stop in self.stops:
            owner, state = self.stops[event.stop]
            if event.kind == "handed":
                changed += self._put(event.stop, self.day.owners[event.id], state)
            else:
                changed += self._put(event.stop, owner, "skipped" if event.kind == "skipped" else "done")
        return [who for who in dict.fromkeys(changed) if who in self.people]

    def _move(self, event: Event) -> None:
        stand = self.people.get(event.member or "")
        if event.kind == "checkin":
            self.made[event.post or event.id] = Done(False)
        if stand is None:
            return
        if event.kind == "arrived":
            stand = replace(stand, metres=0.0, arrived=True)
        else:
            away = stand.metres if stand.arrived or event.spot is None else self._away(event.spot)
            stand = replace(stand, metres=away, visits=stand.visits + 1, at=event.customer)
        self.people[stand.member] = stand

    def _put(self, stop: str, owner: str | None, state: str) -> list[str | None]:
        """A stop is in somebody's lane now, in that state; whose figures it changes."""
        before = self.stops.get(stop)
        self.stops[stop] = (owner, state)
        if before is not None:
            self._count(*before, -1)
        self._count(owner, state, 1)
        return [before[0] if before else None, owner]

    def _count(self, owner: str | None, state: str, more: int) -> None:
        if (stand := self.people.get(owner or "")) is not None and state != "skipped":
            done = stand.done + (more if state == "done" else 0)
            self.people[stand.member] = replace(stand, done=done, planned=stand.planned + more)

    def _away(self, spot: Spot | None) -> float | None:
        return None if spot is None else round(metres(*spot, *self.day.course.rally), 1)
