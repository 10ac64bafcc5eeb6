"""What the API answers about customers' files, for its document alone."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from server.shapes import Id, Photo, Spot, Time

Date = Annotated[str, Field(json_schema_extra={"format": "date"})]
Kind = Literal["decides", "has", "need", "budget", "way_in", "obstacle", "date", "other"]
Source = Literal["seen", "told", "call", "public", "company", "else"]
Stage = Literal["new", "talks", "offer", "customer", "resting"]


class Fact(BaseModel):
    """What somebody knows; `fresh_at` when it was last said to be true, `confirmed` by how many others.
    `follows` is the fact that was taken for true before; `ended_at`: it was put right, or is true no more.
    """

    id: Id
    kind: Kind
    text: str
    source: Source
    visit: Id | None
    by: Id
    at: Time
    fresh_at: Time
    confirmed: Annotated[int, Field(ge=0)]
    old: Annotated[bool, Field(description="Half a year and more: ask whether it is still true")]
    follows: Id | None
    ended_at: Time | None
    ended_by: Id | None


class Contact(BaseModel):
    """Somebody at a customer; `birthday` is a date, or month and day alone."""

    id: Id
    name: str
    role: str
    part: Literal["", "decides", "advises", "uses", "buys", "against"]
    phone: str
    channel: Literal["", "phone", "wechat", "text", "mail", "visit"]
    birthday: str
    note: str
    by: Id
    at: Time


class Touch(BaseModel):
    """When somebody means to be in contact again."""

    day: Date
    note: str
    by: Id | None


class Happened(BaseModel):
    """A visit, a call, a fact, a contact, a link to a document, a question about one or that it was shown, by
    its id; of another squad's visit that it was, no more. `log` tells of the visit.
    """

    kind: Literal["visit", "call", "fact", "contact", "link", "question", "shown"]
    id: Id
    at: Time
    member: Id
    squad: Id | None
    log: Id | None
    photos: list[Photo]


class HoldAsked(BaseModel):
    """Who asked to share a customer; `shared`: they may."""

    member: Id
    at: Time
    shared: bool


class Hold(BaseModel):
    """Who works on a customer and until when. It refuses nobody anything."""

    by: Id
    since: Time
    until: Time
    asked: list[HoldAsked]


class File(BaseModel):
    """A customer's whole file. `gaps` is what nobody knows yet; `names` by kind."""

    id: Id
    name: str
    names: dict[Literal["zh", "en", "alias"], list[str]]
    kind: str
    address: str
    phone: str
    position: Spot | None
    territory: Id | None
    stage: Stage
    value: str | None
    currency: str | None
    tags: list[str]
    touch: Touch | None
    created_by: Id | None
    created_at: Time
    last_at: Time | None
    held: Hold | None
    gaps: list[Literal["decides", "phone", "place", "has", "budget", "touch"]]
    facts: list[Fact]
    past: list[Fact]
    contacts: list[Contact]
    story: list[Happened]


class Listed(BaseModel):
    """A customer in a list; how many facts and contacts are known."""

    id: Id
    name: str
    kind: str
    stage: Stage
    last_at: Time | None
    touch_on: Date | None
    facts: Annotated[int, Field(ge=0)]
    contacts: Annotated[int, Field(ge=0)]


class Like(BaseModel):
    """A customer that may be the same; `distance` in metres, where both places are known."""

    id: Id
    name: str
    address: str
    score: Annotated[float, Field(ge=0, le=1)]
    why: list[Literal["name", "phone", "place"]]
    distance: float | None
