"""What templates are shown: plain values, the same for a fresh page and for a frame."""

from dataclasses import dataclass, field
from datetime import date, datetime

from markupsafe import Markup

from server.drive.views import Attached
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


@dataclass(frozen=True, slots=True)
class Document:
    """A PDF or a picture on an answer; `size` in bytes, `type` its media type."""

    id: str
    name: str
    size: int
    type: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the answer to a call carries, and how far it has come; with an amount a price authority."""

    amount: str | None
    currency: str | None
    minimum: str
    until: datetime | None
    used_at: datetime | None
    person: Person | None
    eta_at: datetime | None
    delivered_at: datetime | None
    opened_at: datetime | None
    files: tuple[Document, ...]


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
    answer: Answer | None = None  # to a call
    documents: list[Attached] = field(default_factory=list)
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


@dataclass(frozen=True, slots=True)
class Told:
    """A member's log of a day or, with its Monday, of a week, inside its post."""

    day: date
    visits: int
    wins: int
    kind: str = "day"


@dataclass(frozen=True, slots=True)
class Question:
    """What a customer asks about a document that was shared, inside its post: who, about what, for whom."""

    name: str
    about: str
    customer_id: str | None
    customer: str | None


@dataclass(frozen=True, slots=True)
class Call:
    """A request for help inside its post. `since`: when its asker went into the visit, while they are in it;
    `asked` names the territory it went up to, and with `level` and without that it is at the desk. `soon` and
    `late_at` are said of its deadline; `prompts`: its end is a reason to see the customer again; `looked_at`:
    when somebody who could help had seen it.
    """

    id: str
    kind: str
    state: str
    customer_id: str
    customer: str
    visit: str | None
    since: datetime | None
    owner: Person | None
    level: int
    asked: str | None
    due_at: datetime | None
    opened_at: datetime
    claimed_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    soon: bool = False
    late_at: datetime | None = None
    prompts: bool = False
    looked_at: datetime | None = None

    @property
    def n(self) -> int:
        """Its place in a queue that ascends: who waits longest first, what somebody is on after them.

        Of those that are over the last comes first.
        """
        if self.state not in ("open", "claimed"):
            return -round(self.opened_at.timestamp())
        waits = self.due_at or self.opened_at
        return round(waits.timestamp()) + (0 if self.state == "open" else 1 << 40)

    @property
    def hot(self) -> bool:
        """Somebody needs somebody."""
        return self.state == "open"

    @property
    def claimed_in(self) -> int | None:
        """Seconds until it was taken."""
        return _seconds(self.opened_at, self.claimed_at)

    @property
    def answered_in(self) -> int | None:
        """Seconds until it was answered."""
        return _seconds(self.opened_at, self.answered_at)


def _seconds(start: datetime, end: datetime | None) -> int | None:
    return round((end - start).total_seconds()) if end else None


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
    call: Call | None = None
    log: Told | None = None
    question: Question | None = None
    documents: list[Attached] = field(default_factory=list)

    @property
    def awaited(self) -> int:
        """How many of its photos are still on their way."""
        return sum(one.width is None for one in self.photos)

    def reaction(self, kind: str) -> Reaction | None:
        """The reaction of a kind, if anybody gave it."""
        return next((one for one in self.reactions if one.kind == kind), None)
