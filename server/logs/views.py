"""A log as templates and the API show it: plain values, the same for its author's draft and for the squad."""

from dataclasses import dataclass
from dataclasses import field as made
from datetime import date, datetime

from markupsafe import Markup

from server.feed.views import Person, Post, Reaction, Reply, Visit
from server.photos.queries import Photo

SECTIONS = ("lesson", "stuck", "tomorrow")
"""What only a person knows, asked after the visits: what the squad should learn, where they are stuck, what
is planned for tomorrow."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One of the company's list; `lines` of logs that have it, where that is asked."""

    id: str
    name: str
    closed: bool = False
    lines: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """What is asked of each `form` (day, week, visit) besides: text, a number, or one of `choices`."""

    id: str
    form: str
    name: str
    kind: str
    choices: tuple[str, ...] = ()
    squad: str | None = None


@dataclass(frozen=True, slots=True)
class Play:
    """What somebody kept from a line, in their words, with its source: the line, whose log, of which day."""

    id: str
    text: str
    by: Person
    at: datetime
    log: str
    line: str
    source: str
    author: Person
    day: date


@dataclass(frozen=True, slots=True)
class Offer:
    """What a line could put into its customer's file: a fact, a contact by name, a touch on a `day`."""

    kind: str
    text: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Filing:
    """What of a line somebody has put into the customer's file."""

    kind: str
    text: str
    customer: str
    by: Person


@dataclass(slots=True)
class Line:
    """One line: of a visit (`post`, with its photos), of a week's `day`, of an own `field`, or a section.

    Its `key` is the visit's id, the ISO date, the field's, or the section's name; `fields` are a visit's.

    `text` is as its author has it, `told` as the squad has it; `html` of what is told. `calls` are those made
    from the visit, each with its answers. `before`: what it said, and until when, the last first.
    `replies` are words at this line, `tasks` the calls it became,
    `problems` and `plays` what is marked on it, `photos` those put there by hand,
    `filed` what went from it into the customer's file.
    """

    key: str
    id: str | None
    text: str
    revision: int
    told: str | None
    html: Markup
    post: Post | None = None
    calls: list[Post] = made(default_factory=list)
    before: list[tuple[str, datetime]] = made(default_factory=list)
    replies: list[Reply] = made(default_factory=list)
    tasks: list[Post] = made(default_factory=list)
    problems: list[Problem] = made(default_factory=list)
    photos: list[Photo] = made(default_factory=list)
    fields: list["Line"] = made(default_factory=list)
    field: Field | None = None
    day: date | None = None
    plays: list[Play] = made(default_factory=list)
    filed: list[Filing] = made(default_factory=list)

    @property
    def visit(self) -> Visit | None:
        """What it is about; None for a section."""
        return self.post.visit if self.post else None

    @property
    def n(self) -> int:
        """Its place in a log, which ascends."""
        if self.visit:
            return round(self.visit.captured_at.timestamp() * 1000)
        if self.day:
            return self.day.toordinal()
        return 10**14 + (0 if self.field else 1 + SECTIONS.index(self.key))

    @property
    def changed(self) -> bool:
        """Whether its author has it otherwise than the squad."""
        return self.text != self.told if self.visit or self.day else self.text != (self.told or "")


@dataclass(slots=True)
class Log:
    """A member's day or week (`kind`) in a squad; `id` None: nothing of it is kept yet. Times are shown in
    its `zone`. `days` are a week's, `own` the fields that are asked of it.
    """

    id: str | None
    squad: str
    author: Person
    day: date
    zone: str
    saved_at: datetime | None
    published_at: datetime | None
    updated_at: datetime | None
    visits: list[Line]
    sections: list[Line]
    read: list[Person] = made(default_factory=list)
    missing: list[Person] = made(default_factory=list)
    reactions: list[Reaction] = made(default_factory=list)
    replies: list[Reply] = made(default_factory=list)  # to the whole of it
    to: list[Person] = made(default_factory=list)  # who are asked to answer; none: those who lead
    kind: str = "day"
    days: list[Line] = made(default_factory=list)
    own: list[Line] = made(default_factory=list)
    waits: bool = False  # for an answer that somebody owes
    counted: tuple[int, int] = 0, 0  # visits and wins of a week that is told

    @property
    def sums(self) -> tuple[int, int]:
        """How many visits, and how many of them were won."""
        if self.kind == "week":
            return self.counted
        return len(self.visits), sum(
            one.visit is not None and one.visit.result == "won" for one in self.visits
        )

    @property
    def lines(self) -> list[Line]:
        """All of them, in the order they are read."""
        return [one for line in self.entries for one in (line, *line.fields)]

    @property
    def entries(self) -> list[Line]:
        """The same without the fields of visits, which stand in theirs."""
        return [*self.visits, *self.days, *self.own, *self.sections]

    @property
    def untold(self) -> int:
        """How many of its visits the squad does not have in it yet."""
        return sum(line.told is None for line in self.visits)

    @property
    def n(self) -> int:
        """Its place in a list that ascends: the last told comes first."""
        return -round(self.published_at.timestamp() * 1000) if self.published_at else 0

    @property
    def by(self) -> str:
        """Whom it is not new to, by id."""
        return " ".join(person.id for person in (self.author, *self.read))


@dataclass(frozen=True, slots=True)
class Head:
    """A published log in a list: whose, of which day, how many visits."""

    id: str
    author: Person
    day: date
    published_at: datetime
    visits: int
    wins: int
    read: tuple[str, ...]
    waits: bool = False
    kind: str = "day"

    @property
    def n(self) -> int:
        """Its place in a list that ascends: the last told comes first."""
        return -round(self.published_at.timestamp() * 1000)

    @property
    def by(self) -> str:
        """Whom it is not new to, by id."""
        return " ".join((self.author.id, *self.read))
