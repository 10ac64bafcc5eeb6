"""What was found, to take along as a workbook. No cell is a formula."""

from collections.abc import Iterator
from typing import Annotated
from zoneinfo import ZoneInfo

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from server.access import SIGNED_IN, Who
from server.answers import language
from server.search import pages
from server.search.queries import Found
from server.spreadsheets import XLSX, Row, as_xlsx
from web.render import N_, named, translate

router = APIRouter(include_in_schema=False)
MOST = 1000
"""Rows of one workbook, the first of what is found."""
TITLE = N_("Found")
HEAD = (N_("What"), N_("When"), N_("Who"), N_("Squad"), N_("Customer"), N_("Words"), N_("Where"))
KINDS = {
    "customer": N_("Customers"),
    "checkin": N_("Visits"),
    "message": N_("Messages"),
    "reply": N_("Replies"),
    "call": N_("Calls"),
    "answer": N_("Answers"),
    "log": N_("Logs"),
    "document": N_("Documents"),
}


@router.get("/search.xlsx")
async def workbook(
    request: Request, who: Annotated[Who, Depends(SIGNED_IN)], q: str = "", person: str = ""
) -> Response:
    """The same as the page with that address, all of it on one sheet; one person's is a look here as well."""
    app, lang = request.app.state, language(request)
    found = await pages.results(request, who, pages.wanted(request), MOST)
    home = (app.settings.public_url or str(request.base_url)).rstrip("/")
    made = await to_thread.run_sync(
        as_xlsx, [(translate(lang, TITLE), rows(found.found, lang, who.zone, home))]
    )
    headers = {"Content-Disposition": 'attachment; filename="search.xlsx"', "Cache-Control": "no-store"}
    return Response(made, media_type=XLSX, headers=headers)


def rows(found: list[Found], lang: str, zone: str, home: str) -> Iterator[Row]:
    """A line for each thing, with all of its words and its address."""
    yield [translate(lang, name) for name in HEAD]
    for one in found:
        yield [
            translate(lang, KINDS[one.kind]),
            one.at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M"),
            named(one.author.name, lang) if one.author else "",
            one.squad_name,
            one.title,
            named(one.text, lang),
            home + one.href,
        ]
