"""What the API answers about a search, for its document."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from server.shapes import Id, Time


class SnippetPiece(BaseModel):
    """A piece of the words about the first hit; a `hit` is what was looked for."""

    text: str
    hit: bool


class SearchResult(BaseModel):
    """A thing that was found; `title` names a customer or a document, `squad` is null for the company's."""

    id: Id
    kind: Literal["customer", "checkin", "message", "reply", "call", "answer", "log", "question", "document"]
    squad: Id | None
    author: Id | None
    at: Time
    title: str
    snippet: list[SnippetPiece]
    path: Annotated[str, Field(description="Where people open it")]
    page: Annotated[int | None, Field(description="Of a document, whose words are there")]


class SearchResults(BaseModel):
    """A page of results; with `more` there is another after as many."""

    results: list[SearchResult]
    more: bool
