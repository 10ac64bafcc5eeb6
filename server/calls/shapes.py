"""What the API answers about calls, for its document."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from server.shapes import Id, Time


class Of(BaseModel):
    """The customer it is about."""

    id: Id
    name: str


class Call(BaseModel):
    """A request for help; its thread is that of the post of the same id.

    `opened_at` is when the server had it, `at` when the phone says it was made; `due_at` the deadline, null
    where somebody waits in a visit. `inside`: its asker is in there still. `level`: how often it went up
    unclaimed; `asked` names the territory it went up to, null with a level means the desk.
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
    opened_at: Time
    claimed_at: Time | None
    answered_at: Time | None
    ended_at: Time | None
