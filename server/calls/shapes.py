"""What the API answers about calls, for its document."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from server.shapes import Id, Time


class Of(BaseModel):
    """The customer it is about."""

    id: Id
    name: str


class Price(BaseModel):
    """Down to this, from so much on, until then; `used_at` when use was made of it."""

    amount: str
    currency: str
    minimum: str
    until: Time
    used_at: Time | None


class OnTheWay(BaseModel):
    """Who comes, and when they will be there."""

    member: Id
    eta_at: Time


class Document(BaseModel):
    """A PDF or a picture: `/documents/<id>`; `size` in bytes, a picture is a JPEG whatever it was sent as."""

    id: Id
    name: str
    size: int
    type: Literal["application/pdf", "image/jpeg"]


class Kept(BaseModel):
    """A document that has arrived; `size` in bytes."""

    id: Id
    size: int
    type: str


class Answer(BaseModel):
    """An answer, and when it was on the asker’s phone and seen by them."""

    id: Id
    author: Id
    text: str
    at: Time
    authority: Price | None
    person: OnTheWay | None
    files: list[Document]
    documents: list[Id]
    delivered_at: Time | None
    opened_at: Time | None


class Call(BaseModel):
    """A request for help; its thread is that of the post of the same id.

    `opened_at` is when the server had it, `at` when the phone says it was made, `looked_at` when somebody who
    could help had first seen it; `due_at` the deadline, null
    where somebody waits in a visit, `late_at` when it had passed and somebody still waited. `inside`: its
    asker is in there still. `level`: how often it went up unclaimed; `asked` names the territory it went up
    to, null with a level means the desk.
    """

    id: Id
    squad: Id
    asker: Id
    kind: Annotated[str, Field(description="One of the setting MUSTER_CALL_KINDS")]
    text: str
    at: Time
    state: Literal["open", "claimed", "answered", "closed", "withdrawn"]
    owner: Id | None
    customer: Of
    visit: Id | None
    inside: bool
    level: int
    asked: str | None
    due_at: Time | None
    late_at: Time | None
    opened_at: Time
    looked_at: Time | None
    claimed_at: Time | None
    answered_at: Time | None
    ended_at: Time | None
    answers: Annotated[list[Answer], Field(description="Of one call; in lists none")]


class OnDuty(BaseModel):
    """Who is on duty for calls, whoever is longest first."""

    on: list[Id]


class Figures(BaseModel):
    """How quickly help came: medians in seconds, the share answered in percent; null where nothing counts."""

    calls: int
    taken: int | None
    answered: int | None
    share: int | None
