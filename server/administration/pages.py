"""Who administered what: the whole company's for its admins, a squad's for everybody in it."""

import csv
import io
from collections.abc import Iterator
from itertools import groupby
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from server import journal
from server.access import ADMIN, IN_SQUAD, Who
from server.administration import queries
from server.administration.queries import Act, Asked
from server.administration.retention import rules
from server.answers import language, page
from server.audit import KINDS
from server.members.queries import last_squad
from server.schema import as_id
from server.text import cell
from web.render import N_, named, translate

router = APIRouter(include_in_schema=False)
MOST = 50_000
"""Rows of one export."""
HEAD = (N_("Time (UTC)"), N_("Who"), N_("Kind"), N_("Whom"), N_("Squad"), N_("What"))


def asked(
    kind: str = "",
    person: str = "",
    before: Annotated[str, Query(max_length=40)] = "",
) -> Asked:
    """What a form or a link asks for; what cannot be meant asks for everything."""
    return Asked(kind if kind in KINDS else "", as_id(person), as_id(before))


For = Annotated[Asked, Depends(asked)]


@router.get("/audit")
async def audit(request: Request, who: Annotated[Who, Depends(ADMIN)], wanted: For) -> Response:
    """Every act of administration, newest first, by kind and person."""
    app, lang = request.app.state, language(request)
    shown = await app.db.read(_shown, who, wanted, app.settings.feed_page)
    kinds = [(kind, translate(lang, words.title)) for kind, words in KINDS.items()]
    kept = rules(app.settings)
    return page(request, "administration/audit.html", wanted=wanted, kinds=kinds, kept=kept, **shown)


def _shown(c: Connection, who: Who, wanted: Asked, size: int) -> dict[str, Any]:
    found = queries.acts(c, wanted, size + 1)
    return {
        "days": by_day(found[:size], who.zone),
        "more": found[size - 1].id if len(found) > size else "",
        "people": queries.people(c),
        "squad_id": last_squad(c, who.id),
    }


def by_day(acts: list[Act], zone: str) -> list[list[Act]]:
    """Acts under the reader's days."""
    here = ZoneInfo(zone)
    return [list(some) for _, some in groupby(acts, key=lambda act: act.at.astimezone(here).date())]


@router.get("/audit.csv")
async def export(request: Request, who: Annotated[Who, Depends(ADMIN)], wanted: For) -> Response:
    """The same as a table, for a spreadsheet."""
    acts = await request.app.state.db.read(queries.acts, wanted, MOST)
    text = "\ufeff" + "".join(_lines(acts, language(request)))
    headers = {"Content-Disposition": 'attachment; filename="muster-audit.csv"', "Cache-Control": "no-store"}
    return Response(text.encode(), media_type="text/csv; charset=utf-8", headers=headers)


def _lines(acts: list[Act], lang: str) -> Iterator[str]:
    paper = io.StringIO()
    write = csv.writer(paper).writerow
    write([translate(lang, title) for title in HEAD])
    for act in acts:
        by = act.by or translate(lang, queries.CONSOLE)
        row = [journal.stamp(act.at), by, act.kind, act.about or "", act.squad or "", act.words(lang)]
        write([cell(one) for one in row])
    yield named(paper.getvalue(), lang)


@router.get("/squads/{squad}/audit")
async def of_squad(
    squad: UUID, request: Request, who: Annotated[Who, Depends(IN_SQUAD)], wanted: For
) -> Response:
    """Who administered this squad, for all who are in it."""
    app, size = request.app.state, request.app.state.settings.feed_page
    found = await app.db.read(queries.acts, Asked(before=wanted.before), size + 1, str(squad))
    more = found[size - 1].id if len(found) > size else ""
    days, kept = by_day(found[:size], who.zone), rules(app.settings)
    return page(request, "administration/squad.html", days=days, more=more, kept=kept)
