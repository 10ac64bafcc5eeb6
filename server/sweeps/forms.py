"""What may be asked of sweeps; the same models for JSON and for forms."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from server.sweeps.planning.problem import Side
from server.visits.forms import NoneIfEmpty, sane
from server.visits.place import Position


def told(moment: AwareDatetime) -> AwareDatetime:
    """To the millisecond, as entries tell it: what is worked out from it comes out alike everywhere."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


Mode = Literal["walk", "bike", "car"]
Time = Annotated[AwareDatetime, AfterValidator(sane), AfterValidator(told)]
Speed = Annotated[float, Field(ge=0.5, le=200, allow_inf_nan=False)]
Detour = Annotated[float, Field(ge=1, le=5, allow_inf_nan=False)]
Minutes = Annotated[int, Field(ge=1, le=480)]
Customers = Annotated[list[UUID], Field(max_length=1000)]
CORNERS = 1000
"""Of a ring of a lane's area, at most."""


class Spot(BaseModel):
    """A place, WGS-84 degrees."""

    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class Fix(Spot):
    """Where a phone says it is; `accuracy` in metres."""

    accuracy: Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False)] | None = None


class Seen(BaseModel):
    """A position to share; None: still where it was."""

    position: Fix | None = None


class Rally(BaseModel):
    """Where the lanes meet: a place on the map with a name, or a customer."""

    name: str = ""
    position: Spot | None = None
    customer_id: Annotated[UUID | None, NoneIfEmpty] = None


class Change(BaseModel):
    """What of a sweep is to be otherwise; what is None stays. `changed` is the sweep's as seen."""

    changed: int
    name: str | None = None
    starts_at: Time | None = None
    rally_at: Time | None = None
    ends_at: Time | None = None
    rally: Rally | None = None
    mode: Mode | None = None
    speed_kmh: Speed | None = None
    detour: Detour | None = None
    visit_minutes: Minutes | None = None
    pact: str | None = None


class Make(BaseModel):
    """A new sweep, under an id made on the phone. Speed, detour and length of a visit have defaults by mode.

    It ends by itself half an hour after the rally unless `ends_at` says otherwise.
    """

    id: UUID
    name: str
    starts_at: Time
    rally_at: Time
    ends_at: Annotated[Time | None, NoneIfEmpty] = None
    rally: Rally
    mode: Mode = "walk"
    speed_kmh: Annotated[Speed | None, NoneIfEmpty] = None
    detour: Annotated[Detour | None, NoneIfEmpty] = None
    visit_minutes: Annotated[Minutes | None, NoneIfEmpty] = None
    pact: str = ""


class Copy(BaseModel):
    """A past sweep once more, under an id made on the phone: same times of day from `starts_at` on."""

    id: UUID
    starts_at: Time
    name: str = ""


def closed(ring: list[Any]) -> list[Any]:
    """A ring ends where it began."""
    if ring[0] != ring[-1]:
        raise ValueError("a ring that is not closed")
    return ring


Corner = tuple[
    Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)],
    Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)],
]
Ring = Annotated[list[Corner], Field(min_length=4, max_length=CORNERS), AfterValidator(closed)]


class Polygon(BaseModel):
    """A GeoJSON polygon: rings of longitude and latitude, WGS-84 degrees."""

    type: Literal["Polygon"]
    coordinates: Annotated[list[Ring], Field(min_length=1, max_length=10)]


class LanePlan(BaseModel):
    """One member's lane as it is to be; `stops` are customers, in order."""

    member: UUID
    name: str = ""
    area: Annotated[Polygon | None, NoneIfEmpty] = None
    start: Spot | None = None
    stops: Customers = []


class Plan(BaseModel):
    """All lanes and all stops as they are to be. `loose` are customers that are in nobody's lane.

    `changed` is the sweep's as its writer saw it. What is done or skipped stays, also where it is not named.
    """

    changed: int
    lanes: Annotated[list[LanePlan], Field(max_length=100)] = []
    loose: Customers = []


class Order(BaseModel):
    """The stops of one lane, as customers, in another order."""

    stops: Customers


class Move(BaseModel):
    """Into which lane a stop goes, at which place (0 is the first; None: the end). No lane: nobody's."""

    lane: Annotated[UUID | None, NoneIfEmpty] = None
    place: Annotated[int | None, Field(ge=0), NoneIfEmpty] = None


class Stop(BaseModel):
    """One more stop, under an id made on the phone: a customer of the squad, or a new one by name.

    Without `lane` it is put into the caller's own, if there is one, at its end.
    """

    id: UUID
    customer_id: Annotated[UUID | None, NoneIfEmpty] = None
    customer: str = ""
    position: Position | None = None
    lane: Annotated[UUID | None, NoneIfEmpty] = None


class StopState(BaseModel):
    """Skipped, with a reason in words, or to be visited after all; `at`: when, if it waited on a phone."""

    state: Literal["skipped", "planned"]
    reason: str = ""
    at: Annotated[Time | None, NoneIfEmpty] = None


class State(BaseModel):
    """Started or taken up again, paused, or over."""

    state: Literal["running", "paused", "ended"]


class Yes(BaseModel):
    """Agreed to the pact, in the version that was read."""

    v: int


class Offer(BaseModel):
    """A stop offered to one of the squad, or to whoever takes it first; an id made on the phone."""

    id: UUID
    to: Annotated[UUID | None, NoneIfEmpty] = None


class There(BaseModel):
    """When somebody reached the rally point."""

    at: Time


class Goer(BaseModel):
    """Who goes out, from where or from which side; without both from their lane's start or a chosen side."""

    member: UUID
    start: Spot | None = None
    side: Annotated[Side | None, NoneIfEmpty] = None


class Ask(BaseModel):
    """A proposal of lanes is wanted, under an id made on the phone.

    All stops of the sweep that are still to be visited are in it; `customers`, and those of the squad nobody
    has visited since `not_visited_since`, come on top. `members`: None: whoever has a lane, else the whole
    squad. `keep`: stops that stay with whoever has them. Another `seed` finds other lanes.
    """

    id: UUID
    customers: Customers = []
    not_visited_since: Annotated[Time | None, NoneIfEmpty] = None
    members: Annotated[list[Goer], Field(max_length=100)] | None = None
    keep: Customers = []
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 1


class Take(BaseModel):
    """The proposal that is to be the plan."""

    id: UUID
