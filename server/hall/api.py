"""JSON routes of the company's hall."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.responses import Response

from server import journal
from server.access import IN_HALL, IN_SQUAD, LEAD, SIGNED_IN, Who
from server.feed import actions as feed
from server.hall import actions, queries
from server.hall.actions import Shown
from server.hall.queries import Win
from server.visits.api import answer

router = APIRouter(prefix="/api/v1", tags=["hall"])


class Opened(BaseModel):
    """What a squad shows of its wins: all, without the customer's name, without the amount, or nothing."""

    on: bool
    customer: bool = True
    amount: bool = True


@router.get("/hall")
async def hall(
    request: Request,
    who: Annotated[Who, Depends(SIGNED_IN)],
    before: Annotated[int | None, Query(ge=0, le=2**31 - 1)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """Wins of the squads that opened theirs, newest first; `before` is a win's `offset`."""
    found = await request.app.state.db.read(queries.page, limit, before)
    return answer([_data(win) for win in found], lang=who.locale)


def _data(win: Win) -> dict[str, Any]:
    person = win.author
    return {
        "id": win.id,
        "offset": win.n,
        "squad": win.squad,
        "squad_name": win.squad_name,
        "member": {
            "id": person.id,
            "name": person.name,
            "initials": person.initials,
            "colour": person.colour,
        },
        "at": journal.stamp(win.at),
        "customer": win.customer,
        "amount": win.amount,
        "currency": win.currency,
        "note": win.note,
        "cheers": [person.id for person in win.cheers],
    }


@router.put("/hall/{win}/cheer")
async def cheer(win: UUID, request: Request, who: Annotated[Who, Depends(IN_HALL)]) -> Response:
    """Cheers a win of whatever squad."""
    return await _cheer(win, request, who, True)


@router.delete("/hall/{win}/cheer")
async def uncheer(win: UUID, request: Request, who: Annotated[Who, Depends(IN_HALL)]) -> Response:
    """Takes the caller's cheer back."""
    return await _cheer(win, request, who, False)


async def _cheer(win: UUID, request: Request, who: Who, on: bool) -> Response:
    app = request.app.state
    await app.limits.write(who)
    now_are = await app.db.write(feed.react, who, str(win), "cheer", on)
    return answer({"id": str(win), "cheers": now_are.get("cheer", [])})


@router.get("/squads/{squad}/hall")
async def opened(squad: UUID, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]) -> Response:
    """What the squad shows of its wins."""
    return answer(await request.app.state.db.read(_shown, str(squad)))


@router.put("/squads/{squad}/hall")
async def show(squad: UUID, form: Opened, request: Request, who: Annotated[Who, Depends(LEAD)]) -> Response:
    """Opens the squad's wins to the company from now on, or closes them: then all are gone from the hall."""
    app = request.app.state
    await app.limits.write(who)
    wanted = Shown(form.on, form.customer, form.amount)
    await app.db.write(actions.show, who.id, str(squad), wanted)
    return answer(wanted._asdict())


def _shown(c: Connection, squad: str) -> dict[str, bool]:
    return actions.shown(c, squad)._asdict()
