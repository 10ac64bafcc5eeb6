"""What the API answers about the drive, for its document alone."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from server.shapes import Id, Time

Kind = Literal["brochure", "sample", "case", "prices", "product", "skill", "contract", "other"]


class DriveFolder(BaseModel):
    """A folder; `squad` null: the company's. `rights` are its top folder's, `files` counts those below."""

    id: Id
    squad: Id | None
    parent: Id | None
    name: str
    rights: Literal["add", "view", "keep"]
    files: int


class DrivePart(BaseModel):
    """The company's part of the drive (`squad` null), or a squad's; `keeps`: the caller manages it."""

    squad: Id | None
    name: str
    keeps: bool
    folders: list[DriveFolder]


class DriveDocument(BaseModel):
    """A document as its newest version is; `size` in bytes, `file` where it is downloaded."""

    id: Id
    folder: Id
    squad: Id | None
    name: str
    kind: Kind
    tags: list[str]
    version: int
    pages: Annotated[int | None, Field(description="That can be drawn; none: nobody has looked")]
    cover: Annotated[bool, Field(description="Page 1 can be seen: the file brings a picture of it")]
    size: int
    type: Annotated[str, Field(description="Of the content, whatever the file was called")]
    file: str
    by: Id
    words: Annotated[str | None, Field(description="How far they are read: waits, read, cut; or why not")]
    changed_at: Time
    favourite: bool


class FolderInside(DriveFolder):
    """A folder with what is directly in it."""

    folders: list[DriveFolder]
    documents: list[DriveDocument]


class PinnedFolder(BaseModel):
    """A folder that is kept on a phone, with the ids of what is in it and below it."""

    id: Id
    name: str
    documents: list[Id]


class Pinned(BaseModel):
    """What a phone may keep: the folders it asked about, their documents, and those it asked about singly."""

    folders: list[PinnedFolder]
    documents: list[DriveDocument]


class DocumentVersion(BaseModel):
    """One version of a document."""

    n: int
    size: int
    type: str
    file: str
    by: Id
    at: Time


class WholeDocument(DriveDocument):
    """A document with all its versions, the newest first."""

    versions: list[DocumentVersion]


class Shown(BaseModel):
    """A document was shown; in which visit, or in none."""

    id: Id
    visit: Id | None


State = Annotated[
    Literal["open", "locked", "over", "ended"],
    Field(description="Works; works for who knows its code; its day has passed; switched off"),
]


class SharedLink(BaseModel):
    """A link to a document; `code`: one is asked for. `again_at`: the customer would like it once more."""

    id: Id
    document: Id
    customer: Id | None
    state: State
    code: bool
    download: bool
    made_at: Time
    expires_at: Time
    ended_at: Time | None
    again_at: Time | None


class GivenLink(SharedLink):
    """A link of the caller's: the document's name, `views` how often it was opened, `longest` the pages
    looked at longest, the first of them most.
    """

    name: str
    views: int
    last_at: Time | None
    longest: list[int]


class GivenLinks(BaseModel):
    """A page of the caller's links; `after`: what to ask the next with, null where there is none."""

    links: list[GivenLink]
    after: int | None


class DocumentLink(SharedLink):
    """A link to a document and who made it; `views` null: not for the caller to see."""

    by: Id
    views: int | None


class PageSeen(BaseModel):
    """How many seconds a page was on the screen."""

    page: int
    seconds: int


class LinkView(BaseModel):
    """One visit of the customer’s page."""

    at: Time
    seconds: int
    pages: list[PageSeen]


class LinkQuestion(BaseModel):
    """What a customer asked: a post of the squad’s, `name` as they wrote it."""

    id: Id
    squad: Id
    name: str
    text: str
    at: Time


class WholeLink(SharedLink):
    """A link of the caller's with its address; the last twenty of its views, `count` of all of them.

    `squad` hears what the customer asks; null: nobody can ask.
    """

    by: Id
    name: str
    address: str
    squad: Id | None
    views: list[LinkView]
    count: int
    questions: list[LinkQuestion]


class InBin(BaseModel):
    """Something in the bin."""

    id: Id
    squad: Id | None
    what: Literal["folder", "document"]
    name: str
    by: Id
    at: Time
