"""What the API answers about one member's day, for its document."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from server.shapes import Id, Time, Visit

Date = Annotated[str, Field(json_schema_extra={"format": "date"}, description="A day in the squad's zone")]


class Beat(BaseModel):
    """A day of somebody's last weeks: its visits, and of how many of them it was told how they went."""

    day: Date
    visits: Annotated[int, Field(ge=0)]
    told: Annotated[int, Field(ge=0)]


class Day(BaseModel):
    """What one member did in a squad on a day, in the order it went. Asking for another's is a look."""

    member: Id
    squad: Id
    day: Date
    visits: list[Visit]
    earlier: Date | None
    later: Date | None
    rhythm: list[Beat]


class Look(BaseModel):
    """Somebody looked at the caller's `day`, customers or ledger, or searched their words, first then, and
    again until then.
    """

    id: Id
    viewer: Id
    kind: Literal["day", "customers", "ledger", "search"]
    squad: Id | None
    day: Date | None
    first_at: Time
    last_at: Time
