"""A sweep played back: its page at a moment, and the files it can be taken along as."""

from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from server.access import ON_SWEEP, Who
from server.answers import language, page
from server.members.queries import company
from server.spreadsheets import XLSX, as_csv, as_xlsx
from server.sweeps import replay_files as files
from server.sweeps.recorded import Recording, recording
from server.sweeps.replay_show import shown
from web.render import N_, translate

router = APIRouter(include_in_schema=False)


def _read(c: Connection, id: str) -> tuple[Recording, bool]:
    return recording(c, id), company(c).demo


@router.get("/sweeps/{sweep}/replay")
async def replay(sweep: UUID, request: Request, who: Annotated[Who, Depends(ON_SWEEP)]) -> Response:
    """Map, feed and chart at a moment of the sweep (`at`), at its end where none is asked for.

    `only` (visits, stops, won, won-CNY) lists what a sum is made of.
    """
    assert who.squad_zone
    record, town = await request.app.state.db.read(_read, str(sweep))
    asked, only = (request.query_params.get(name, "")[:40] for name in ("at", "only"))
    zone, wrong = ZoneInfo(who.squad_zone), False
    try:
        found = shown(record, zone, asked)
    except (ValueError, OverflowError):
        found, wrong = shown(record, zone, ""), True
    if found is None:
        return page(request, "sweeps/no_replay.html", row=record.row)
    values = {"only": only, "asked": asked, "wrong": wrong, "town": town}
    return page(request, "sweeps/replay.html", 422 if wrong else 200, replay=found, **values)


def _file(record: Recording, content: bytes, part: str, kind: str) -> Response:
    """A file to keep, under the sweep's name; where that cannot be said, under its day."""
    row = record.row
    plain = f"muster-{row.local_date}-{part}"
    called = "".join(sign if sign.isalnum() else "-" for sign in row.name).strip("-")
    name = quote(f"{called or 'muster'}-{row.local_date}-{part}", safe="")
    headers = {"Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{name}"}
    return Response(content, media_type=kind, headers=headers | {"Cache-Control": "no-store"})


def _table(made: Any, record: Recording, who: Who, lang: str) -> bytes:
    return as_csv(made(record, ZoneInfo(who.squad_zone or "UTC"), lang))


@router.get("/sweeps/{sweep}/replay/events.csv")
async def events_csv(sweep: UUID, request: Request, who: Annotated[Who, Depends(ON_SWEEP)]) -> Response:
    """All that happened, as a table."""
    record = await request.app.state.db.read(recording, str(sweep))
    text = await to_thread.run_sync(_table, files.events, record, who, language(request))
    return _file(record, text, "events.csv", "text/csv; charset=utf-8")


@router.get("/sweeps/{sweep}/replay/distances.csv")
async def distances_csv(sweep: UUID, request: Request, who: Annotated[Who, Depends(ON_SWEEP)]) -> Response:
    """The chart, as a table."""
    record = await request.app.state.db.read(recording, str(sweep))
    text = await to_thread.run_sync(_table, files.distances, record, who, language(request))
    return _file(record, text, "distances.csv", "text/csv; charset=utf-8")


def _book(record: Recording, who: Who, lang: str) -> bytes:
    zone = ZoneInfo(who.squad_zone or "UTC")
    sheets = (N_("Events"), files.events), (N_("Distances"), files.distances)
    return as_xlsx((translate(lang, title), made(record, zone, lang)) for title, made in sheets)


@router.get("/sweeps/{sweep}/replay/replay.xlsx")
async def workbook(sweep: UUID, request: Request, who: Annotated[Who, Depends(ON_SWEEP)]) -> Response:
    """Both tables as one workbook."""
    record = await request.app.state.db.read(recording, str(sweep))
    made = await to_thread.run_sync(_book, record, who, language(request))
    return _file(record, made, "replay.xlsx", XLSX)


@router.get("/sweeps/{sweep}/replay/replay.geojson")
async def geojson(sweep: UUID, request: Request, who: Annotated[Who, Depends(ON_SWEEP)]) -> Response:
    """Rally point, lanes, stops, check-ins and trails, for any map."""
    record = await request.app.state.db.read(recording, str(sweep))
    made = files.as_geojson(record, language(request))
    return _file(record, made, "replay.geojson", "application/geo+json")
