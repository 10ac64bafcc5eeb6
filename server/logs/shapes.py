"""What the API answers about logs, for its document."""

from typing import Annotated

from pydantic import BaseModel, Field

from server.shapes import Id, Time

Day = Annotated[str, Field(json_schema_extra={"format": "date"})]


class LogLine(BaseModel):
    """A line: `key` is its visit's id or one of lesson, stuck, tomorrow; `told` what the squad has of it."""

    id: Id | None
    key: str
    visit: Id | None
    text: str
    revision: int
    told: str | None
    calls: list[Id]


class Log(BaseModel):
    """A member's day; `id` null while nothing of it is kept. Of another's only what is told."""

    id: Id | None
    squad: Id
    author: Id
    day: Day
    zone: str
    published_at: Time | None
    updated_at: Time | None
    lines: list[LogLine]
    read: list[Id]
    missing: list[Id]


class LogHead(BaseModel):
    """A published log in the squad's list."""

    id: Id
    author: Id
    day: Day
    published_at: Time
    visits: int
    wins: int
    read: list[Id]
