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


class InBin(BaseModel):
    """Something in the bin."""

    id: Id
    squad: Id | None
    what: Literal["folder", "document"]
    name: str
    by: Id
    at: Time
