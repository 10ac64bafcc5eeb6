"""What may be asked of visits; the same models for JSON and for forms."""

from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from babel import Locale
from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field, ValidationError, field_validator

from server.errors import Invalid
from server.visits.place import Position
from web.render import N_

Result = Literal["won", "advanced", "no_decision", "lost", "nobody"]
Reason = Literal["elsewhere", "gps", "address"]
CURRENCIES = frozenset(Locale("en").currencies)

Figures = Annotated[str, Field(pattern=r"^\d{1,15}(\.\d{1,4})?$")]
NoneIfEmpty = BeforeValidator(lambda value: None if value == "" else value)


def sane(moment: AwareDatetime | None) -> AwareDatetime | None:
    """A clock may be wrong, but not by decades."""
    if moment is not None and not 2000 <= moment.year <= 2100:
        raise ValueError("out of range")
    return moment


class CheckIn(BaseModel):
    """The act that opens a visit. `customer` in words makes a new one on the spot; `anew`: it is none of
    those that are alike, so its maker need not be asked.

    `photos` may be on their way still, under these ids.
    """

    id: UUID
    customer_id: Annotated[UUID | None, NoneIfEmpty] = None
    customer: str = ""
    anew: bool = False
    position: Position | None = None
    captured_at: AwareDatetime
    note: str = ""
    reason: Annotated[Reason | None, NoneIfEmpty] = None
    photos: list[UUID] = []

    _sane = field_validator("captured_at")(sane)


class Tuning(BaseModel):
    """A change of what the check-in said: the pin by hand, the note."""

    position: Position | None = None
    note: str | None = None


class Outcome(BaseModel):
    """How a visit ended. `amount` is a decimal string in `currency` (ISO 4217)."""

    result: Result
    amount: Annotated[Figures | None, NoneIfEmpty] = None
    currency: Annotated[str | None, NoneIfEmpty] = None
    note: str = ""
    next_step: str = ""
    closed_at: AwareDatetime

    _sane = field_validator("closed_at")(sane)

    @field_validator("currency")
    @classmethod
    def known(cls, value: str | None) -> str | None:
        """Only currencies that exist."""
        if value is not None and value not in CURRENCIES:
            raise ValueError("unknown currency")
        return value


MESSAGES = {
    "amount": N_("Write the amount in figures, like 86400 or 1299.50."),
    "currency": N_("This currency is not known."),
    "result": N_("Choose how it went."),
    "id": N_("This page is too old. Load it again, then send."),
    "captured_at": N_("The phone's clock says a time that cannot be."),
    "closed_at": N_("The phone's clock says a time that cannot be."),
    "position": N_("The position does not make sense. Place the pin by hand."),
    "due": N_("Choose the day by which it is needed."),
    "customer_id": N_("Choose the customer you are at."),
}


M = TypeVar("M", bound=BaseModel)


def parsed(model: type[M], values: dict[str, Any]) -> M:
    """The model from a form's values; raises `Invalid` in words for people."""
    try:
        return model.model_validate(values)
    except ValidationError as failure:
        names = {str(error["loc"][0]) if error["loc"] else "form" for error in failure.errors()}
        unknown = N_("This does not look right.")
        raise Invalid({name: MESSAGES.get(name, unknown) for name in names}) from None


def position_of(values: dict[str, str]) -> dict[str, Any] | None:
    """A form's flat fields as one position; None when the phone gave none."""
    if not values.get("lat") or not values.get("lon"):
        return None
    names = ("lat", "lon", "accuracy", "fix_at", "source")
    return {name: values[name] for name in names if values.get(name)}
