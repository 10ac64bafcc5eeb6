"""What the API answers about proposals of lanes, for its document alone."""

from typing import Any, Literal

from pydantic import BaseModel

from server.shapes import Id, Spot, Time
from server.sweeps.planning.problem import Reason, Side


class Searched(BaseModel):
    """How far a search is (`share` 0 to 1), and its best: customers in lanes, minutes of the longest lane."""

    share: float
    fitted: int
    of: int
    longest: int


class ProposedStop(BaseModel):
    """A visit as proposed; `metres` is the way to it."""

    customer: Id
    arrives: Time
    leaves: Time
    metres: int


class ProposedLane(BaseModel):
    """One member's way to the rally; `number` is 0 where no other lane has this side.

    `chosen`: the start was chosen for them. `late`: they cannot be at the rally in time; no stops then.
    """

    member: Id
    side: Side
    number: int
    start: Spot
    chosen: bool
    stops: list[ProposedStop]
    arrives: Time
    late: bool
    metres: int
    minutes: int
    area: dict[str, Any] | None


class Unfit(BaseModel):
    """A customer in no lane: its place is not known, nobody goes out, too far for all, or not enough time."""

    customer: Id
    reason: Reason


class Found(BaseModel):
    """Lanes as proposed; `longest` and `shortest` in minutes; `cut`: the time ran out before the end."""

    lanes: list[ProposedLane]
    unfit: list[Unfit]
    metres: int
    longest: int
    shortest: int
    cut: bool


class Proposal(BaseModel):
    """A search for lanes; `changed` is the sweep's plan it started from, `found` there once it is ready."""

    id: Id
    sweep: Id
    by: Id
    state: Literal["searching", "ready", "failed", "taken"]
    asked_at: Time
    changed: int
    progress: Searched
    found: Found | None
