"""What the API answers about a ledger, for its document."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from server.shapes import Id, Time

Count = Annotated[int, Field(ge=0)]


class LedgerEntry(BaseModel):
    """One thing given or got back. `other` gave or got it, null: it is for all; `thing` is what it tells
    of, at `path` where the caller may open it; `about` says of it in a word what it is.
    """

    side: Literal["gave", "got"]
    kind: str
    id: Id
    at: Time
    other: Id | None
    squad: Id | None
    customer: Id | None
    thing: Id
    about: str
    words: str
    path: str | None


class Ledger(BaseModel):
    """A member's account: sums by kind on either side, and a page of those entries that were asked for."""

    member: Id
    gave: dict[str, Count]
    got: dict[str, Count]
    count: Count
    entries: list[LedgerEntry]
