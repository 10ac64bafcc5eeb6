"""What the API answers, for its document alone: routes make their JSON by hand, and a test compares."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

Id = Annotated[str, Field(json_schema_extra={"format": "uuid"})]
Time = Annotated[str, Field(json_schema_extra={"format": "date-time"}, description="RFC 3339, UTC")]
Reactions = Annotated[dict[str, list[Id]], Field(description="Who reacted how, by kind: ids of members")]
Epoch = Annotated[str, Field(description="Changes when the journal begins anew")]
Offset = Annotated[int, Field(ge=0)]


class Problem(BaseModel):
    """What was refused and why (RFC 9457), in the caller's language; `errors` by field.

    `now`: where a change came too late, what it would have changed as it is.
    """

    type: Annotated[str, Field(description="Stable: urn:muster:problem:<kind>")]
    title: str
    status: int
    errors: dict[str, str] = {}
    now: dict[str, Any] = {}


class Head(BaseModel):
    """Where a stream stands: as `<epoch>.<offset>` a place to go on from."""

    epoch: Epoch
    offset: Offset


class Shown(BaseModel):
    """How somebody is shown."""

    name: str
    initials: str
    colour: Annotated[int, Field(ge=1, le=10)]


class Me(Shown):
    """The caller, and where their own stream stands."""

    id: Id
    handle: str
    role: Literal["rep", "desk", "admin"]
    locale: str
    zone: str
    head: Head


class Squad(BaseModel):
    """A squad of the caller, who may be its `lead`, or be there because they manage a territory it is in;
    `unread` counts posts and replies of others.
    """

    id: Id
    name: str
    zone: str
    members: int
    lead: bool
    manages: bool
    head: Head
    unread: int
    muted: bool
    muted_until: Time | None


class Member(Shown):
    """Somebody in a squad."""

    id: Id
    handle: str
    role: Literal["rep", "desk", "admin"]
    lead: bool
    manages: bool
    joined_at: Time


class Spot(BaseModel):
    """A place, WGS-84 degrees."""

    lat: float
    lon: float


class Fix(Spot):
    """A place as a phone or a hand gave it; `accuracy` in metres."""

    accuracy: float | None
    fix_at: Time | None
    source: Literal["gps", "network", "hand"]


class Ended(BaseModel):
    """How a visit ended; `amount` is a decimal string."""

    result: Literal["won", "advanced", "no_decision", "lost", "nobody"]
    amount: str | None
    currency: str | None
    note: str
    next_step: str
    closed_at: Time


class Photo(BaseModel):
    """A photo of a post: `/photos/<id>`, small with `?size=small`. Without width it is still on its way."""

    id: Id
    width: int | None
    height: int | None


class Upload(BaseModel):
    """A photo that has arrived; `size` in bytes."""

    id: Id
    width: int
    height: int
    size: int
    type: str


class Visit(BaseModel):
    """A visit; `distance` in metres from the customer, `number` of the member's day in the squad's zone."""

    id: Id
    member: Id
    customer: Id
    position: Fix | None
    distance: float | None
    captured_at: Time
    local_date: Annotated[str, Field(json_schema_extra={"format": "date"})]
    number: int
    note: str
    reason: Literal["elsewhere", "gps", "address"] | None
    photos: list[Photo]
    outcome: Ended | None
    ended_at: Time | None


class Words(BaseModel):
    """A message with its photos, or with `post` and `parent` a reply."""

    id: Id
    author: Id
    text: str
    at: Time
    post: Id | None = None
    parent: Id | None = None
    documents: list[Id] = []
    photos: list[Photo] = []


class Post(BaseModel):
    """A line of the feed; `offset` is its place, which an outcome raises."""

    id: Id
    offset: Offset
    kind: Literal[
        "checkin", "message", "joined", "left", "manages", "managed", "met", "call", "log", "question"
    ]
    author: Id
    at: Time
    text: str
    visit: Visit | None
    photos: list[Photo]
    documents: list[Id]
    reactions: Reactions
    reply_count: int


class Reply(BaseModel):
    """A reply and what was said to it."""

    id: Id
    author: Id
    at: Time
    text: str
    documents: list[Id]
    reactions: Reactions
    replies: list["Reply"]


class Revision(BaseModel):
    """What a post said until then: the text of a message or reply, all else of a visit."""

    replaced_at: Time
    text: str
    note: str
    result: Literal["won", "advanced", "no_decision", "lost", "nobody"] | None
    amount: str | None
    currency: str | None
    outcome_note: str
    next_step: str


class Felt(BaseModel):
    """The reactions of a post now."""

    post: Id
    reactions: Reactions


class Announcement(BaseModel):
    """To a squad, or with `squad` null to the company; `missing` is how many have not read it."""

    id: Id
    squad: Id | None
    author: Id
    at: Time
    title: str
    text: str
    edited: bool
    ended_at: Time | None
    read: list[Id]
    missing: int


class Winner(Shown):
    """Who won it."""

    id: Id


class Win(BaseModel):
    """A win in the company's hall; what its squad does not show is null or empty."""

    id: Id
    offset: Offset
    squad: Id
    squad_name: str
    member: Winner
    at: Time
    customer: str | None
    amount: str | None
    currency: str | None
    note: str
    cheers: list[Id]


class Cheers(BaseModel):
    """Who cheers a win now."""

    id: Id
    cheers: list[Id]


class Opened(BaseModel):
    """What a squad shows of its wins."""

    on: bool
    customer: bool
    amount: bool


class Entry(BaseModel):
    """One entry; `data` by `kind` as /api/asyncapi.json says."""

    kind: str
    stream: str
    epoch: Epoch
    offset: Offset
    at: Time
    recorded_at: Time
    actor: Id | None
    subject: Id | None
    data: dict[str, Any]


class Journal(BaseModel):
    """Entries in order, without holes."""

    head: Head
    entries: list[Entry]


class Customer(BaseModel):
    """A customer of the squad; `distance` in metres from where one asked."""

    id: Id
    name: str
    position: Spot | None
    distance: float | None = None
    last_visit: str | None = None


class Chart(BaseModel):
    """GeoJSON of one day: check-ins and customers, complete up to `head`."""

    type: Literal["FeatureCollection"]
    head: Head
    day: Annotated[str, Field(json_schema_extra={"format": "date"})]
    members: dict[str, Shown]
    features: list[dict[str, Any]]
