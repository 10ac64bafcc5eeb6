"""What the API answers about a sweep's replay, for its document alone."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from server.shapes import Id, Spot, Time
from server.sweeps.shapes import SweepHead


class ReplayStand(BaseModel):
    """How far a member had come: `metres` to the rally (null: nobody knew), `at` the last customer."""

    member: Id
    metres: float | None
    visits: int
    done: int
    planned: int
    at: Id | None
    arrived: bool


class ReplayEvent(BaseModel):
    """What happened `at` a moment by the phone's clock; `told_at` after the sweep's end, if it was.

    `after`: how those stand whom it changed. `done` only says so of a stop whose visit is not shown any more.
    """

    id: str
    kind: (
        Literal["started", "paused", "resumed", "ended", "met", "arrived", "handed", "skipped", "done"]
        | (Literal["checkin", "won", "advanced", "no_decision", "lost", "nobody", "said"])
    )
    at: Time
    told_at: Time | None
    late: bool
    moment: bool
    member: Id | None
    to: Id | None
    customer: Id | None
    name: str
    position: Spot | None
    stop: Id | None
    post: Id | None
    text: str
    amount: str | None
    currency: str | None
    after: list[ReplayStand]


class ReplayMember(BaseModel):
    """A member's name, initials and colour (1 to 10)."""

    name: str
    initials: str
    colour: int


class ReplayLane(BaseModel):
    """A member's side of the sweep; `area` is a GeoJSON polygon."""

    member: Id
    name: str
    area: dict[str, Any] | None
    start: Spot | None


class ReplayStop(BaseModel):
    """A planned stop and where it is."""

    id: Id
    name: str
    position: Spot | None


class ReplaySums(BaseModel):
    """What the day came to; value by currency."""

    visits: int
    wins: int
    value: dict[str, str]


class Replay(BaseModel):
    """A sweep's course from its start to its end, or to now; nulls where it has not started.

    `before` is how everybody stood before the first event.
    """

    sweep: SweepHead
    begin: Time | None = Field(alias="from")
    to: Time | None
    members: dict[str, ReplayMember]
    lanes: list[ReplayLane]
    stops: list[ReplayStop]
    before: list[ReplayStand]
    events: list[ReplayEvent]
    sums: ReplaySums | None
