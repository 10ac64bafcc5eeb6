"""A squad's customers to take along, as a table for spreadsheets; that somebody did is seen by all."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection, func, select
from starlette.responses import Response

from server import audit
from server.access import LEAD, Who
from server.answers import language
from server.customers.actions import STAGES
from server.customers.listing import of_squad
from server.customers.models import contact, customer, customer_name, customer_tag
from server.spreadsheets import XLSX, Row, as_csv, as_xlsx
from server.territories.models import territory
from web.render import N_, translate

router = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["customers"])
Leader = Annotated[Who, Depends(LEAD)]
TITLE = N_("Customers")
HEAD = (
    *(N_("Name"), N_("Chinese name"), N_("English name"), N_("Also called"), N_("What they are")),
    *(N_("How far we are"), N_("Address"), N_("Phone"), N_("Territory"), N_("Worth a year"), N_("Currency")),
    *(N_("Tags"), N_("People there"), N_("Next touch"), N_("What for"), N_("Latitude"), N_("Longitude")),
)


def taken(c: Connection, who: Who) -> list[Row]:
    """All of the squad's customers by name, with what stands at the head of their files. It is an act that
    the squad sees.
    """
    assert who.squad
    ours = of_squad(who.squad)
    called, staff = _called(c, ours), _staff(c, ours)
    tags = select(customer_tag.c.customer, customer_tag.c.tag).join(customer).where(ours)
    tagged: dict[str, list[str]] = {}
    for id, tag in c.execute(tags.order_by(customer_tag.c.tag)):
        tagged.setdefault(id, []).append(tag)
    query = select(customer, territory.c.name.label("land"))
    query = query.outerjoin(territory, territory.c.id == customer.c.territory).where(ours)
    rows = c.execute(query.order_by(customer.c.name, customer.c.id)).all()
    audit.note(c, who.id, "customers_taken", squad=who.squad, count=len(rows))
    return [_row(one, called.get(one.id, {}), staff.get(one.id, []), tagged.get(one.id, [])) for one in rows]


def _whole(ours: Any) -> tuple[Any, Any, Any]:
    """Customers as parts of those asked for: the table to join, the whole, and whether it is one."""
    part = customer.alias("whose")
    whole = func.coalesce(part.c.merged_into, part.c.id)
    return part, whole, whole.in_(select(customer.c.id).where(ours))


def _called(c: Connection, ours: Any) -> dict[str, dict[str, list[str]]]:
    """By customer and kind of name: the names."""
    part, whole, asked = _whole(ours)
    query = select(whole, customer_name.c.kind, customer_name.c.name)
    query = query.join(part, part.c.id == customer_name.c.customer)
    query = query.where(asked, customer_name.c.ended_at.is_(None)).order_by(customer_name.c.id)
    found: dict[str, dict[str, list[str]]] = {}
    for id, kind, name in c.execute(query):
        found.setdefault(id, {}).setdefault(kind, []).append(name)
    return found


def _staff(c: Connection, ours: Any) -> dict[str, list[str]]:
    """By customer: who is there, in words."""
    part, whole, asked = _whole(ours)
    query = select(whole, contact.c.name, contact.c.role, contact.c.phone)
    query = query.join(part, part.c.id == contact.c.customer)
    query = query.where(asked, contact.c.ended_at.is_(None)).order_by(contact.c.at, contact.c.id)
    found: dict[str, list[str]] = {}
    for id, *words in c.execute(query):
        found.setdefault(id, []).append(" ".join(word for word in words if word))
    return found


def _row(one: Any, names: dict[str, list[str]], staff: list[str], tags: list[str]) -> Row:
    return [
        one.name,
        *("; ".join(names.get(kind, ())) for kind in ("zh", "en", "alias")),
        one.kind,
        one.stage,
        one.address,
        one.phone,
        one.land,
        Decimal(one.value) if one.value else None,
        one.currency,
        ", ".join(tags),
        "; ".join(staff),
        one.touch_on and one.touch_on.isoformat(),
        one.touch_note,
        one.lat,
        one.lon,
    ]


def table(rows: Sequence[Row], lang: str) -> Iterator[Row]:
    """Under a head in the reader's language."""
    yield [translate(lang, title) for title in HEAD]
    at = HEAD.index("How far we are")
    for row in rows:
        yield [*row[:at], translate(lang, STAGES[row[at]]), *row[at + 1 :]]


@api.get("/squads/{squad}/customers.csv")
@router.get("/squads/{squad}/customers.csv")
async def as_table(squad: UUID, request: Request, who: Leader) -> Response:
    """The squad's customers as CSV, no cell a formula. The squad sees who took them along."""
    rows = await _taken(request, who)
    made = await to_thread.run_sync(as_csv, table(rows, language(request)))
    return _file(made, "customers.csv", "text/csv; charset=utf-8")


@api.get("/squads/{squad}/customers.xlsx")
@router.get("/squads/{squad}/customers.xlsx")
async def as_workbook(squad: UUID, request: Request, who: Leader) -> Response:
    """The squad's customers as a workbook, text as text. The squad sees who took them along."""
    rows, lang = await _taken(request, who), language(request)
    made = await to_thread.run_sync(as_xlsx, [(translate(lang, TITLE), table(rows, lang))])
    return _file(made, "customers.xlsx", XLSX)


async def _taken(request: Request, who: Who) -> list[Row]:
    app = request.app.state
    await app.limits.write(who)
    rows: list[Row] = await app.db.write(taken, who)
    return rows


def _file(made: bytes, name: str, kind: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(made, media_type=kind, headers=headers)
