"""A squad's customers to take along, as a table for spreadsheets; that somebody did is seen by all."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection, select
from starlette.responses import Response

from server import audit
from server.access import LEAD, Who
from server.answers import language
from server.customers.actions import STAGES
from server.customers.listing import of_squad
from server.customers.models import contact, customer, customer_name, customer_tag
from server.customers.telling import family
from server.sweeps.replay_files import as_csv, as_xlsx
from server.territories.models import territory
from web.render import N_, translate

router = APIRouter(include_in_schema=False)
Leader = Annotated[Who, Depends(LEAD)]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TITLE = N_("Customers")
HEAD = (
    *(N_("Name"), N_("Chinese name"), N_("English name"), N_("Also called"), N_("What they are")),
    *(N_("How far we are"), N_("Address"), N_("Phone"), N_("Territory"), N_("Worth a year"), N_("Currency")),
    *(N_("Tags"), N_("People"), N_("Next touch"), N_("What for"), N_("Latitude"), N_("Longitude")),
)
Row = Sequence[Any]


def taken(c: Connection, who: Who) -> list[Row]:
    """All of the squad's customers by name, with what stands at the head of their files. It is an act that
    the squad sees.
    """
    assert who.squad
    query = select(customer, territory.c.name.label("land"))
    query = query.outerjoin(territory, territory.c.id == customer.c.territory).where(of_squad(who.squad))
    found = [_row(c, one) for one in c.execute(query.order_by(customer.c.name, customer.c.id)).all()]
    audit.note(c, who.id, "customers_taken", squad=who.squad, count=len(found))
    return found


def _row(c: Connection, one: Any) -> Row:
    those = family(one.id)
    there = customer_name.c.customer.in_(those) & customer_name.c.ended_at.is_(None)
    names: dict[str, list[str]] = {"zh": [], "en": [], "alias": []}
    for row in c.execute(select(customer_name.c.kind, customer_name.c.name).where(there)):
        names[row.kind].append(row.name)
    here = contact.c.customer.in_(those) & contact.c.ended_at.is_(None)
    people = c.execute(select(contact.c.name, contact.c.role, contact.c.phone).where(here)).all()
    tags = c.scalars(select(customer_tag.c.tag).where(customer_tag.c.customer == one.id)).all()
    return [
        one.name,
        *("; ".join(names[kind]) for kind in ("zh", "en", "alias")),
        one.kind,
        one.stage,
        one.address,
        one.phone,
        one.land,
        Decimal(one.value) if one.value else None,
        one.currency,
        ", ".join(sorted(tags)),
        "; ".join(" ".join(word for word in row if word) for row in people),
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


@router.get("/squads/{squad}/customers.csv")
async def as_table(squad: UUID, request: Request, who: Leader) -> Response:
    """As CSV, no cell a formula."""
    rows = await _taken(request, who)
    made = await to_thread.run_sync(as_csv, table(rows, language(request)))
    return _file(made, "customers.csv", "text/csv; charset=utf-8")


@router.get("/squads/{squad}/customers.xlsx")
async def as_workbook(squad: UUID, request: Request, who: Leader) -> Response:
    """As a workbook, text as text."""
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
