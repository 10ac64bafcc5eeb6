"""What the API answers about a search, for its document."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from server.shapes import Id, Time


class SnippetPiece(BaseModel):
    """A piece of the words about the first hit; a `hit` is what was looked for."""

    text: str
    hit: bool


class SearchResult(BaseModel):
    """A thing that was found; `title` names a customer, `squad` is null there."""

    id: Id
    kind: Literal["customer", "checkin", "message", "reply", "call", "answer", "log", "question"]
    squad: Id | None
    author: Id | None
    at: Time
    title: str
    snippet: list[SnippetPiece]
    path: Annotated[str, Field(description="Where people open it")]


class SearchResults(BaseModel):
    """A page of results; with `more` there is another after as many."""

    results: list[SearchResult]
    more: bool
