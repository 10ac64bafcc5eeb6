"""Bringing customers in from a table: the file, its columns, what becomes of each row, how far it is."""

from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any, BinaryIO
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection, case, func, select
from starlette.datastructures import UploadFile
from starlette.responses import Response

from server.access import LEAD, Who
from server.answers import explained, go, page
from server.customers import importing, reading
from server.customers.columns import FIELDS, column
from server.customers.importing import row_of
from server.customers.models import customer_import, customer_import_row
from server.errors import Conflict, Invalid, NotFound
from server.members.doors import typed
from server.members.queries import last_squad
from server.schema import new_id
from web.render import N_

router = APIRouter(include_in_schema=False)
Leader = Annotated[Who, Depends(LEAD)]
AT_ONCE, PAGE = 500, 50
TOO_MANY = N_("There are more than %(most)s rows. Divide the table.")
NO_FILE = N_("Choose a file.")


@router.get("/squads/{squad}/customers/imports")
async def new(squad: UUID, request: Request, who: Leader) -> Response:
    """Choosing a file; those brought lately."""
    return await _new(request, who, {})


async def _new(request: Request, who: Who, errors: dict[str, str], status: int = 200) -> Response:
    brought = await request.app.state.db.read(_brought, who.squad)
    most = request.app.state.settings.import_rows
    return page(request, "customers/imports.html", status, brought=brought, errors=errors, most=most)


def _brought(c: Connection, squad: str) -> Any:
    mine = select(customer_import).where(
        customer_import.c.squad == squad, customer_import.c.state != "reading"
    )
    return c.execute(mine.order_by(customer_import.c.at.desc()).limit(20)).all()


@router.post("/squads/{squad}/customers/imports")
async def bring(squad: UUID, request: Request, who: Leader) -> Response:
    """A table comes, row by row; nothing of it is in the files yet."""
    app = request.app.state
    await app.limits.write(who)
    sent = (await request.form()).get("file")
    try:
        if not isinstance(sent, UploadFile) or not sent.filename:
            raise Invalid({"file": NO_FILE})
        id = await _taken(app, who, sent.file, sent.filename)
    except Invalid as refused:
        return await _new(request, who, explained(request, refused), 422)
    return go(request, f"/squads/{squad}/customers/imports/{id}")


async def _taken(app: Any, who: Who, file: BinaryIO, name: str) -> str:
    """Puts its rows into the database, some hundred at a time."""
    id, found, count = new_id(), reading.rows(file, app.settings.import_unpacked), 0
    ((_, head),) = await to_thread.run_sync(_some, found, 1)
    await app.db.write(importing.begin, who, _shown(name), [_shown(one) for one in head], id)
    try:
        while some := await to_thread.run_sync(_some, found, AT_ONCE):
            count += len(some)
            if count > app.settings.import_rows:
                raise Invalid({"file": TOO_MANY}, {"most": app.settings.import_rows})
            await app.db.write(importing.take, id, some)
        if not count:
            raise Invalid({"file": reading.EMPTY})
    except Invalid:
        await app.db.write(importing.forget, id)
        raise
    await app.db.write(importing.whole, id, count)
    return id


def _some(found: Iterator[tuple[int, list[str]]], most: int) -> list[tuple[int, list[str]]]:
    return list(islice(found, most))


def _shown(text: str) -> str:
    """A name as it can be kept and shown."""
    return "".join(sign for sign in text if sign.isprintable())[:200]


@router.get("/squads/{squad}/customers/imports/{brought}")
async def one(squad: UUID, brought: UUID, request: Request, who: Leader) -> Response:
    """What its columns mean, what becomes of its rows, or how far it is."""
    return await _one(request, who, str(brought), {})


async def _one(request: Request, who: Who, id: str, errors: dict[str, str], status: int = 200) -> Response:
    shown = request.query_params.get("show", "")
    after = request.query_params.get("after", "")
    at = min(int(after), 10**6) if after.isdecimal() else 0
    state = await request.app.state.db.read(_state, who, id, shown, at)
    return page(
        request, "customers/import.html", status, errors=errors, fields=FIELDS, column=column, **state
    )


def _state(c: Connection, who: Who, id: str, shown: str, after: int) -> dict[str, Any]:
    query = select(customer_import).where(customer_import.c.id == id, customer_import.c.squad == who.squad)
    it = c.execute(query.where(customer_import.c.state != "reading")).one_or_none()
    if it is None:
        raise NotFound
    row = customer_import_row.c
    each = select(row.verdict, func.count().label("many")).where(row_of == id).group_by(row.verdict)
    counts: dict[str, int] = {one.verdict: one.many for one in c.execute(each)}
    wanted = (row.verdict == "new") | (row.verdict.in_(("double", "repeated")) & (row.choice == "make"))
    sums = select(func.count(row.customer), func.coalesce(func.sum(case((wanted, 1), else_=0)), 0)).where(
        row_of == id
    )
    made, to_make = c.execute(sums).one()
    chosen = shown if shown in ("double", "repeated", "wrong", "new") else ""
    chosen = chosen or next((one for one in ("wrong", "double", "repeated") if counts.get(one)), "new")
    rows = select(customer_import_row).where(row_of == id)
    if it.state != "asked":
        rows = rows.where(row.verdict == chosen, row.n > after)
    most = 3 if it.state == "asked" else PAGE
    return {
        **{"it": it, "counts": counts, "made": made, "to_make": to_make, "chosen": chosen},
        "rows": c.execute(rows.order_by(row.n).limit(most)).all(),
        "page_size": PAGE,
        "looked": it.rows - counts.get("", 0),
        "squad_id": who.squad or last_squad(c, who.id),
    }


async def _do(request: Request, who: Who, squad: UUID, id: UUID, action: Any, *about: Any) -> Response:
    app = request.app.state
    await app.limits.write(who)
    try:
        await app.db.write(action, who, str(id), *about)
    except Invalid as refused:
        return await _one(request, who, str(id), explained(request, refused), 422)
    except Conflict as late:
        told = explained(request, Invalid({"late": str(late.args[0])}))
        return await _one(request, who, str(id), told, 409)
    return go(request, f"/squads/{squad}/customers/imports/{id}")


@router.post("/squads/{squad}/customers/imports/{brought}/check")
async def check(squad: UUID, brought: UUID, request: Request, who: Leader) -> Response:
    """The columns mean this."""
    values = await typed(request)
    mapping = [values.get(f"column-{n}", "") for n in range(reading.COLUMNS)]
    while mapping and not mapping[-1]:
        mapping.pop()
    return await _do(request, who, squad, brought, importing.check, mapping)


@router.post("/squads/{squad}/customers/imports/{brought}/choose")
async def choose(squad: UUID, brought: UUID, request: Request, who: Leader) -> Response:
    """A row that may be known is another one, or is not; without a number all of those."""
    values = await typed(request)
    text = values.get("row", "")
    n = min(int(text), 2**31 - 1) if text.isdecimal() else None
    return await _do(request, who, squad, brought, importing.choose, n, values.get("choice", ""))


@router.post("/squads/{squad}/customers/imports/{brought}/run")
async def run(squad: UUID, brought: UUID, request: Request, who: Leader) -> Response:
    """Puts them in the files, or goes on."""
    return await _do(request, who, squad, brought, importing.run)


@router.post("/squads/{squad}/customers/imports/{brought}/stop")
async def stop(squad: UUID, brought: UUID, request: Request, who: Leader) -> Response:
    """No more for now."""
    return await _do(request, who, squad, brought, importing.stop)


@router.post("/squads/{squad}/customers/imports/{brought}/forget")
async def forget(squad: UUID, brought: UUID, request: Request, who: Leader) -> Response:
    """The table is not wanted any more; what was made of it stays."""
    app = request.app.state
    await app.limits.write(who)

    def act(c: Connection) -> None:
        importing.forget(c, importing.held(c, str(squad), str(brought)).id)

    await app.db.write(act)
    return go(request, f"/squads/{squad}/customers/imports")
