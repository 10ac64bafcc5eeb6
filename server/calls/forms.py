"""What may be asked of calls; the same models for JSON and for forms."""

from uuid import UUID

from pydantic import AwareDatetime, BaseModel, field_validator

from server.visits.forms import sane


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


class Heir(BaseModel):
    """Who takes it over."""

    member: UUID
