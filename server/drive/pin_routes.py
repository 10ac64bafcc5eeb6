"""Documents on a phone: the page that lists them there, and what a phone asks to keep them up to date."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from server.access import SIGNED_IN, Who
from server.answers import page
from server.drive import pinned, shelf
from server.drive.api import as_data
from server.drive.pages import patience
from server.visits.api import answer

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["drive"])
Ids = Annotated[list[UUID], Query(max_length=pinned.MOST)]


@pages.get("/drive/phone")
async def on_phone(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """What this phone keeps. The server does not know: the page asks the phone."""
    shown = await request.app.state.db.read(shelf.around, who)
    return page(request, "drive/phone.html", **shown, **patience(request))


@api.get("/drive/pinned")
async def kept(
    request: Request,
    who: Annotated[Who, Depends(SIGNED_IN)],
    document: Ids = [],  # noqa: B006
    folder: Ids = [],  # noqa: B006
) -> Response:
    """Of some documents and folders those the caller may see, as they are now; what is not there is gone."""
    wanted = [str(one) for one in document], [str(one) for one in folder]
    found = await request.app.state.db.read(pinned.pinned, who, *wanted)
    return answer(pinned.as_data(found, as_data))
