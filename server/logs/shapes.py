"""What the API answers about logs, for its document."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from server.shapes import Id, Photo, Time

Day = Annotated[str, Field(json_schema_extra={"format": "date"})]


class LogField(BaseModel):
    """What an own field asks."""

    name: str
    kind: Literal["text", "number", "choice"]


class LogLine(BaseModel):
    """A line: `key` is its visit's id, a week's day, a field's, or one of lesson, stuck, tomorrow;
    `told` what the squad has of it.
    `calls` were made in the visit, `replies` are words at the line, `tasks` the calls it became,
    `photos` those put there by hand."""

    id: Id | None
    key: str
    visit: Id | None
    field: LogField | None
    text: str
    revision: int
    told: str | None
    calls: list[Id]
    replies: list[Id]
    tasks: list[Id]
    problems: list[Id]
    plays: list[Id]
    photos: list[Photo]


class Log(BaseModel):
    """A member's day, or a week with its Monday; `id` null while nothing of it is kept. Of another's
    only what is told."""

    id: Id | None
    squad: Id
    author: Id
    kind: Literal["day", "week"]
    day: Day
    zone: str
    published_at: Time | None
    updated_at: Time | None
    lines: list[LogLine]
    read: list[Id]
    missing: list[Id]
    recipients: list[Id]
    waits: bool


class LogHead(BaseModel):
    """A published log in the squad's list; it `waits` for an answer that is owed."""

    id: Id
    author: Id
    kind: Literal["day", "week"]
    day: Day
    published_at: Time
    visits: int
    wins: int
    waits: bool
    read: list[Id]


class AnswerShare(BaseModel):
    """Of how many logs of others in four weeks somebody who owes answers has answered how many."""

    member: Id
    answered: int
    logs: int


class Answers(BaseModel):
    """Logs that wait for an answer, and who has answered how many."""

    waiting: list[Id]
    shares: list[AnswerShare]


class LineProblem(BaseModel):
    """One of the company's list."""

    id: Id
    name: str


class Play(BaseModel):
    """A line kept `by` somebody; `source` is what the line says now, `author` whose log it is."""

    id: Id
    text: str
    by: Id
    at: Time
    log: Id
    line: Id
    source: str
    author: Id
    day: Day


class Filing(BaseModel):
    """What of a line went into its customer's file."""

    id: Id
    line: Id
    kind: Literal["fact", "contact", "touch"]
    text: str
