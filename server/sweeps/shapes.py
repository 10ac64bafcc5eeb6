"""What the API answers about sweeps, for its document alone."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from server.shapes import Id, Spot, Time


class Stop(BaseModel):
    """A stop of a sweep; `by` and `at` are of whoever did or skipped it."""

    id: Id
    lane: Id | None
    customer: Id
    state: Literal["planned", "done", "skipped"]
    reason: str
    visit: Id | None
    by: Id | None
    at: Time | None


class Lane(BaseModel):
    """One member's side of a sweep; `area` is a GeoJSON polygon."""

    id: Id
    member: Id
    name: str
    area: dict[str, Any] | None
    start: Spot | None
    stops: list[Stop]


class Rally(BaseModel):
    """Where a sweep meets."""

    name: str
    position: Spot
    customer: Id | None


class Handover(BaseModel):
    """An offer of a stop; `to` null: to whoever takes it."""

    model_config = ConfigDict(populate_by_name=True)

    id: Id
    sweep: Id
    stop: Id
    giver: Annotated[Id, Field(alias="from")]
    to: Id | None
    state: Literal["offered", "accepted", "declined", "withdrawn"]
    at: Time
    answered_by: Id | None


class There(BaseModel):
    """Who is at the rally point, and since when."""

    member: Id
    at: Time


class SweepHead(BaseModel):
    """A sweep without its plan; `changed` goes back with every change of it."""

    id: Id
    squad: Id
    made_by: Id
    name: str
    local_date: Annotated[str, Field(json_schema_extra={"format": "date"})]
    starts_at: Time
    rally_at: Time
    ends_at: Time
    rally: Rally
    mode: Literal["walk", "bike", "car"]
    speed_kmh: float
    detour: float
    visit_minutes: int
    pact: str
    pact_v: int
    state: Literal["planned", "running", "paused", "ended"]
    started_at: Time | None
    ended_at: Time | None
    ended_by: Id | None
    met_at: Time | None
    copied_from: Id | None
    changed: int


class Sweep(SweepHead):
    """A whole sweep: `loose` stops are in nobody's lane, `yes` agreed to the pact as it reads."""

    lanes: list[Lane]
    loose: list[Stop]
    yes: list[Id]
    handovers: list[Handover]
    arrived: list[There]


class Agreed(BaseModel):
    """Who agreed to version `v` of a pact."""

    sweep: Id
    v: int
    yes: list[Id]


class Arrived(BaseModel):
    """Who is at the rally point, first first."""

    sweep: Id
    arrived: list[There]


class Switch(BaseModel):
    """Whether the caller shares their position, and until when; `here`: by this session or token."""

    sweep: Id
    until: Time | None
    here: bool


class Told(BaseModel):
    """A position was taken; `shown` False: none is known here, and it is to be sent whole."""

    sweep: Id
    until: Time
    shown: bool


class Standing(BaseModel):
    """How far a member has come.

    `metres` in a straight line and `minutes` to the rally; `needs` minutes through what is left; `latest`:
    who goes on by then is in time; `sign`: when they were last heard of.
    """

    member: Id
    lane: Id | None
    done: int
    planned: int
    skipped: int
    position: Spot | None
    at: Id | None
    metres: float | None
    minutes: float | None
    needs: float | None
    latest: Time | None
    sign: Time | None
    arrived_at: Time | None


class SquadSums(BaseModel):
    """The squad's visits, wins and value by currency; `seconds` to the rally; who is `late` as it looks."""

    visits: int
    wins: int
    value: dict[str, str]
    rally_at: Time
    seconds: int
    late: list[Id]


class Convergence(BaseModel):
    """A sweep as it closes in, whoever is nearest to the rally first."""

    sweep: Id
    members: list[Standing]
    squad: SquadSums


class Way(BaseModel):
    """The way there in a map application, in the datum it takes; `phone`: in whichever the phone opens."""

    app: Literal["phone", "apple", "google", "amap", "baidu", "tencent"]
    url: str


class Ahead(BaseModel):
    """Where to go next: a stop, or the rally point where `stop` is null; `left` stops after it."""

    stop: Id | None
    customer: Id | None
    name: str
    position: Spot | None
    metres: float | None
    minutes: float | None
    left: int
    ways: list[Way]


class Mine(BaseModel):
    """What is next for the caller; nulls for who takes no part. `agreed`: to the pact as it reads."""

    sweep: Id
    agreed: bool | None
    standing: Standing | None
    next: Ahead | None
