"""What may be asked of calls; the same models for JSON and for forms."""

from uuid import UUID

from pydantic import AwareDatetime, BaseModel, field_validator

from server.visits.forms import Figures, sane


class Call(BaseModel):
    """A request for help from within a visit, under an id made on the phone. One line is enough, or none.

    `photos` may be on their way still, under these ids.
    """

    id: UUID
    kind: str
    text: str = ""
    captured_at: AwareDatetime | None = None
    photos: list[UUID] = []

    _sane = field_validator("captured_at")(sane)


class Deadline(Call):
    """One about a customer: it needs its answer by `due_at`."""

    customer_id: UUID
    due_at: AwareDatetime

    _due = field_validator("due_at")(sane)


class Words(BaseModel):
    """What is said to it, under an id made where it was written."""

    id: UUID
    text: str
    captured_at: AwareDatetime | None = None

    _sane = field_validator("captured_at")(sane)


class Authority(BaseModel):
    """A price one may go down to: `amount` a decimal string, from how much on in words, until when."""

    amount: Figures
    currency: str | None = None
    minimum: str = ""
    until: AwareDatetime

    _until = field_validator("until")(sane)


class OnTheWay(BaseModel):
    """Somebody who comes, and when they will be there."""

    member: UUID
    eta_at: AwareDatetime

    _eta = field_validator("eta_at")(sane)


class Document(BaseModel):
    """A document that was sent before, and what it is called."""

    id: UUID
    name: str = "PDF"


class Answer(BaseModel):
    """What answers a call: any of words, a price authority, somebody on the way, files, and documents of the
    drive that the whole squad sees.
    """

    id: UUID
    text: str = ""
    authority: Authority | None = None
    person: OnTheWay | None = None
    files: list[Document] = []
    documents: list[UUID] = []
    captured_at: AwareDatetime | None = None

    _sane = field_validator("captured_at")(sane)


class Seen(BaseModel):
    """How far an answer has come: to the phone, or before its asker's eyes."""

    answer: UUID
    opened: bool = False


class Use(BaseModel):
    """The answer whose authority is made use of."""

    answer: UUID


class Heir(BaseModel):
    """Who takes it over."""

    member: UUID
