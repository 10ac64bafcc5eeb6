"""What the API answers about notices, and takes."""

from typing import Annotated

from pydantic import BaseModel, Field

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


class Wishes(BaseModel):
    """By kind and way: what the caller wants to be told of. What is not named stays as it is."""

    kinds: dict[str, dict[str, bool]]
