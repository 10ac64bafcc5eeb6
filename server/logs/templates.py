"""What a company or a squad asks of its logs besides what all have: own fields of days, weeks and visits.

A log keeps the fields it was begun with, whatever becomes of them later.
"""

from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import Connection, insert, select, update

from server import audit
from server.access import Who
from server.errors import Invalid, NotFound
from server.logs.models import log_field
from server.logs.views import Field
from server.schema import as_id, now
from server.text import name as checked_name
from web.render import N_

FORMS = {"day": N_("Each day"), "week": N_("Each week"), "visit": N_("Each visit")}
KINDS = {"text": N_("Text"), "number": N_("A number"), "choice": N_("One of several")}
NAME_MAX, FIELDS_MAX, CHOICES_MAX = 80, 20, 20


def fields(c: Connection, squad: str | None, alone: bool = False) -> list[Field]:
    """Those that are asked in a squad: the company's, then its own, each in the order they were made."""
    where = log_field.c.squad.is_(None) if not alone or squad is None else log_field.c.squad == squad
    if squad and not alone:
        where = where | (log_field.c.squad == squad)
    rows = c.execute(select(log_field).where(where, log_field.c.closed_at.is_(None)))
    found = sorted(rows, key=lambda row: (row.squad is not None, row.made_at, row.id))
    return [Field(row.id, row.form, row.name, row.kind, tuple(row.choices), row.squad) for row in found]


def as_data(some: list[Field]) -> list[dict[str, Any]]:
    """As a log keeps them."""
    return [
        {"id": one.id, "form": one.form, "name": one.name, "kind": one.kind, "choices": list(one.choices)}
        for one in some
    ]


def from_data(kept: list[dict[str, Any]] | None) -> list[Field]:
    """Those a log was begun with."""
    return [
        Field(one["id"], one["form"], one["name"], one["kind"], tuple(one["choices"])) for one in kept or []
    ]


def add(c: Connection, who: Who, id: str, squad: str | None, typed: dict[str, str]) -> None:
    """One more field, of the caller's squad or of the company. The same id again is the same one."""
    if c.scalar(select(log_field.c.id).where(log_field.c.id == id)) is not None:
        return
    name = checked_name("name", typed.get("name", ""), NAME_MAX)
    form, kind = typed.get("form", ""), typed.get("kind", "")
    if form not in FORMS or kind not in KINDS:
        raise Invalid({"kind": N_("Choose from the list.")})
    lines = typed.get("choices", "").splitlines()
    choices = (
        list(dict.fromkeys(words for line in lines if (words := line.strip()))) if kind == "choice" else []
    )
    if kind == "choice" and not 2 <= len(choices) <= CHOICES_MAX:
        raise Invalid({"choices": N_("Between two and twenty, one in each line.")})
    for one in choices:
        checked_name("choices", one, NAME_MAX)
    if len(fields(c, squad, alone=True)) >= FIELDS_MAX:
        raise Invalid({"name": N_("These are enough fields. Close one first.")})
    row = {"id": id, "squad": squad, "form": form, "name": name, "kind": kind, "choices": choices}
    c.execute(insert(log_field), {**row, "made_by": who.id, "made_at": now()})
    audit.note(c, who.id, "field_listed", squad=squad, name=name)


def close(c: Connection, who: Who, id: str, squad: str | None) -> None:
    """It is asked no more; logs that were begun with it keep it."""
    here = log_field.c.squad.is_(None) if squad is None else log_field.c.squad == squad
    known = (log_field.c.id == as_id(id)) & here & log_field.c.closed_at.is_(None)
    name = c.scalar(select(log_field.c.name).where(known))
    if name is None or c.execute(update(log_field).where(known).values(closed_at=now())).rowcount == 0:
        raise NotFound
    audit.note(c, who.id, "field_closed", squad=squad, name=name)


def checked(one: Field, text: str) -> None:
    """Refuses what is no answer to a field; none at all is one."""
    text = text.strip()
    if one.kind == "choice" and text and text not in one.choices:
        raise Invalid({"text": N_("Choose from the list.")})
    if one.kind == "number" and text:
        try:
            fine = Decimal(text).is_finite() and len(text) <= 30
        except InvalidOperation:
            fine = False
        if not fine:
            raise Invalid({"text": N_("Write a number.")})
