"""What templates are shown: plain values, the same for a fresh page and for a frame."""

from dataclasses import dataclass, field
from datetime import date, datetime

from markupsafe import Markup

from server.photos.queries import Photo


@dataclass(frozen=True, slots=True)
class Person:
    """A member as drawn everywhere: name, two signs, one of ten colours."""

    id: str
    name: str
    initials: str
    colour: int


@dataclass(frozen=True, slots=True)
class Reaction:
    """One kind of reaction and who gave it, first first."""

    kind: str
    emoji: str
    who: list[Person]

    @property
    def by(self) -> str:
        """The members' ids, for the browser to find the reader among them."""
        return " ".join(person.id for person in self.who)


@dataclass(slots=True)
class Reply:
    """A reply; `replies` holds the replies to it, one level deep. `n` is its place in the thread."""

    id: str
    n: int
    root: str
    parent: str | None
    author: Person
    at: datetime
    text: str
    html: Markup
    edited: bool
    late: bool
    reactions: list[Reaction]
    mentions: str
    replies: list["Reply"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit inside its post. Distances and accuracy in metres, ages in seconds."""

    id: str
    customer_id: str
    customer: str
    distance: float | None
    accuracy: float | None
    source: str | None
    fix_age: int | None
    late: bool
    ahead: bool
    reason: str | None
    note: str
    result: str | None
    amount: str | None
    currency: str | None
    outcome_note: str
    next_step: str
    captured_at: datetime
    closed_at: datetime | None
    ended_at: datetime | None
    number: int
    local_date: date


@dataclass(frozen=True, slots=True)
class Met:
    """All of a sweep at its rally point, and the day's work by then; `value` decimal strings by currency."""

    sweep: str
    name: str
    rally: str
    visits: int
    wins: int
    value: dict[str, str]


@dataclass(slots=True)
class Post:
    """An item of the feed; `n` is its place there. `replies` are the last two of `reply_count`."""

    id: str
    n: int
    squad: str
    kind: str
    author: Person
    at: datetime
    recorded_at: datetime
    text: str
    html: Markup
    edited: bool
    late: bool
    visit: Visit | None
    reactions: list[Reaction]
    mentions: str
    photos: list[Photo]
    replies: list[Reply] = field(default_factory=list)
    reply_count: int = 0
    met: Met | None = None

    @property
    def awaited(self) -> int:
        """How many of its photos are still on their way."""
        return sum(one.width is None for one in self.photos)

    def reaction(self, kind: str) -> Reaction | None:
        """The reaction of a kind, if anybody gave it."""
        return next((one for one in self.reactions if one.kind == kind), None)
