"""The ledger as people see it: one's own, a team-mate's, and the month's statement to print or take along."""

from typing import Annotated, Any
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError
from sqlalchemy import Connection
from starlette.responses import Response

from server import journal
from server.access import IN_SQUAD, SIGNED_IN, Who
from server.answers import language, page
from server.feed.state import cursors
from server.ledger import account, statement
from server.ledger.account import Wanted
from server.ledger.owed import owed
from server.ledger.rules import SIDES
from server.members.queries import last_squad
from server.spreadsheets import XLSX, as_xlsx
from server.squads import queries as squads

router = APIRouter(include_in_schema=False)
Mine = Annotated[Who, Depends(SIGNED_IN)]


def wanted(request: Request) -> Wanted:
    """What the address asks for; nonsense is nothing."""
    asked = request.query_params
    try:
        return Wanted.model_validate({name: asked[name] for name in Wanted.model_fields if asked.get(name)})
    except ValidationError:
        return Wanted()


@router.get("/me/ledger")
async def own(request: Request, who: Mine) -> Response:
    """What the caller gave and got back, in all their squads, and what is owed on either side."""
    app = request.app.state
    shown = await app.db.read(_own, who, wanted(request))
    patience = round(app.settings.live_patience * 1000)
    return page(request, "ledger/ledger.html", patience=patience, home="/me/ledger", sides=SIDES, **shown)


def _own(c: Connection, who: Who, wanted: Wanted) -> dict[str, Any]:
    """What the page shows; its places in the streams are read before it."""
    mine = squads.mine(c, who.id)
    streams = {key: journal.head(c, key) for key in (*(one.id for one in mine), f"me:{who.id}")}
    return {
        "streams": cursors(streams),
        "it": account.own(c, who, wanted),
        "owed": owed(c, who),
        "wanted": wanted,
        "squads": mine,
        "squad_id": last_squad(c, who.id),
    }


@router.get("/squads/{squad}/members/{member}/ledger")
async def theirs(
    squad: UUID, member: UUID, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]
) -> Response:
    """A member's account in the squad, the same for all who are in it; they see that somebody looked."""
    app, asked = request.app.state, wanted(request)
    await app.limits.write(who)
    it = await app.db.write(account.see, who, str(member), asked)
    home = f"/squads/{squad}/members/{member}/ledger"
    return page(request, "ledger/ledger.html", home=home, sides=SIDES, it=it, wanted=asked, owed=None)


@router.get("/me/ledger/statement")
async def month(request: Request, who: Mine) -> Response:
    """A month's statement on one sheet: the account, then every entry."""
    asked = statement.month_of(wanted(request), who.zone)
    read = request.app.state.db.read
    it, entries = await read(statement.drawn, who, asked)
    shown = {"it": it, "entries": entries, "wanted": asked, "sides": SIDES}
    return page(request, "ledger/statement.html", squad_id=await read(last_squad, who.id), **shown)


@router.get("/me/ledger.xlsx")
async def workbook(request: Request, who: Mine) -> Response:
    """The same as a workbook, no cell a formula."""
    app, lang = request.app.state, language(request)
    asked = statement.month_of(wanted(request), who.zone)
    it, entries = await app.db.read(statement.drawn, who, asked)
    home = (app.settings.public_url or str(request.base_url)).rstrip("/")
    sheets = statement.sheets(it, entries, lang, who.zone, home)
    made = await to_thread.run_sync(as_xlsx, sheets)
    headers = {
        "Content-Disposition": f'attachment; filename="ledger-{asked.month}.xlsx"',
        "Cache-Control": "no-store",
    }
    return Response(made, media_type=XLSX, headers=headers)
