"""What the API answers about notices, and takes."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field

from server.shapes import Id, Time


class Notice(BaseModel):
    """Something the caller is told. `words` are in their language, `about` is what it is about, `path` leads
    there."""

    id: Id
    kind: str
    actor: Id
    others: Annotated[int, Field(ge=0, description="How many besides `actor`")]
    squad: Id | None
    words: str
    about: str
    path: str
    at: Time
    seen: bool


class Device(BaseModel):
    """A device the caller is told on. `error` is why the last message did not get there."""

    id: Id
    name: str
    made_at: Time
    sent_at: Time | None
    error: str | None


class NewDevice(BaseModel):
    """What a browser's `PushSubscription` gives."""

    endpoint: str
    keys: dict[str, str]


Minute = Annotated[str | None, Field(examples=["22:00"], description="A time of day where the caller lives")]


class Calm(BaseModel):
    """When the caller is left alone: quiet hours, while `visiting`, everything `muted` (until a time, or for
    good). `duty`: calls for help, and mentions by who is in a visit, come through quiet hours."""

    quiet_from: Minute = None
    quiet_to: Minute = None
    visiting: bool = True
    duty: bool = False
    muted: bool = False
    muted_until: Time | None = None


class NewCalm(BaseModel):
    """The same, as it is set."""

    quiet_from: Minute = None
    quiet_to: Minute = None
    visiting: bool = True
    duty: bool = False
    muted: bool = False
    muted_until: AwareDatetime | None = None


class Wishes(BaseModel):
    """By kind and way: what the caller wants to be told of. What is not named stays as it is."""

    kinds: dict[str, dict[str, bool]]


class Channel(BaseModel):
    """A chat group elsewhere, told what all should know. `name` begins with its service; `error` is why
    the last message did not get there."""

    id: Id
    name: str
    made_at: Time
    sent_at: Time | None
    error: str | None


class NewChannel(BaseModel):
    """What it is called here, and its address as its service gives it out."""

    name: str
    url: str
