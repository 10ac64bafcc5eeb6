"""What may be asked of a log; the same for JSON and for forms."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, ValidationError, field_validator

from server.errors import Invalid
from server.schema import as_id
from server.visits.forms import NoneIfEmpty
from web.render import N_

LINES = 500


class Words(BaseModel):
    """One line as its author has it now. `base` is the revision they had when they began to change it."""

    text: str
    base: int = 0


class Pictured(BaseModel):
    """A photo of the author's own, under the id they send it with, at the line of that `key`."""

    id: UUID
    key: str


class Written(BaseModel):
    """Lines of a day, by key: a visit's id, or the name of a section.

    `device` is an id of the phone's own: what it wrote itself last, it may write over. `photos` are put at
    lines, those `without` taken away again; `problems` are all that a line shows from now on,
    `recipients` who are to answer; none of them: those who lead.
    """

    lines: dict[str, Words] = Field(default={}, max_length=LINES)
    photos: list[Pictured] = Field(default=[], max_length=LINES)
    without: list[UUID] = Field(default=[], max_length=LINES)
    problems: dict[str, Annotated[list[UUID], Field(max_length=60)]] = Field(default={}, max_length=LINES)
    recipients: list[UUID] | None = Field(default=None, max_length=LINES)
    device: str = Field(default="", pattern=r"^[0-9a-f-]{0,36}$")


class Told(Written):
    """A day's log, or that of the week it is in, told to the squad with these lines as they are now."""

    day: date
    kind: Literal["day", "week"] = "day"


class Said(BaseModel):
    """Words to a log, to one of its `line`s, or `to` a reply in its thread, under an id made on the phone."""

    id: UUID
    text: str
    line: Annotated[UUID | None, NoneIfEmpty] = None
    to: Annotated[UUID | None, NoneIfEmpty] = None


class Marked(BaseModel):
    """The problems of the company's list that a line shows."""

    line: UUID
    problems: list[UUID] = Field(default=[], max_length=60)


class Kept(BaseModel):
    """A line kept as a play, in these words or, where there are none, in its own."""

    id: UUID
    line: UUID
    text: str = ""


class Filed(BaseModel):
    """Something of a line that goes into its customer's file: a fact (`about` what), a contact, a touch."""

    id: UUID
    line: UUID
    kind: Literal["fact", "contact", "touch"]
    text: str = Field(max_length=4000)
    about: str = "other"
    day: Annotated[date | None, NoneIfEmpty] = None


class Task(BaseModel):
    """A line that becomes a call: what is needed, by the end of which day, and who does it."""

    id: UUID
    line: UUID
    kind: str
    text: str = ""
    due: date
    owner: Annotated[UUID | None, NoneIfEmpty] = None

    @field_validator("due")
    @classmethod
    def sane(cls, value: date) -> date:
        """A day may be far off, but not by centuries."""
        if not 2000 <= value.year <= 2100:
            raise ValueError("out of range")
        return value


def written(fields: Mapping[str, str], marked: Iterable[tuple[str, str]] = ()) -> Written:
    """A form's fields: `t-<key>` the text, `r-<key>` the revision it began from, `x-<photo>` one to be taken
    away; `m-<key>`, as often as there are problems, and `to`, in `marked`, each with an empty one so
    that there can be none.
    """
    lines = {}
    for name in [name for name in fields if name.startswith("t-")][:LINES]:
        base = fields.get(f"r-{name[2:]}", "")
        known = int(base) if base.isdecimal() and len(base) < 10 else 0
        lines[name[2:]] = Words(text=fields[name].replace("\r\n", "\n"), base=known)
    without = [UUID(id) for name in fields if name.startswith("x-") and (id := as_id(name[2:]))][:LINES]
    problems: dict[str, list[Any]] = {}
    to: list[Any] | None = None
    for name, value in marked:
        if name.startswith("m-"):
            problems.setdefault(name[2:], []).extend([value] if value else [])
        elif name == "to":
            to = (to or []) + ([value] if value else [])
    try:
        return Written(lines=lines, without=without, problems=problems, recipients=to)
    except ValidationError:
        raise Invalid({"problems": N_("Choose from the list.")}) from None
