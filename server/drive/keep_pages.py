"""The form by which an answer in a thread becomes a card in the drive."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from sqlalchemy import Connection
from starlette.responses import Response

from server.access import ON_POST, Who
from server.answers import explained, go, page
from server.drive import intake, keeping, shelf
from server.drive.pages import patience
from server.errors import Invalid
from server.schema import as_id, new_id
from web.render import N_

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form()]
LONG = 60
"""Signs of an answer that are proposed as the card's name."""


def _state(c: Connection, who: Who, id: str) -> dict[str, Any]:
    said, around = keeping.said(c, id), shelf.around(c, who)
    proposed = said.text.strip().splitlines()[0][:LONG].strip()
    return {**around, "said": said, "proposed": proposed, "places": keeping.places(c, who, around["known"])}


async def _form(
    request: Request, who: Who, id: str, values: dict[str, str], errors: dict[str, str], status: int = 200
) -> Response:
    shown = await request.app.state.db.read(_state, who, id)
    key = values.get("card_id") or new_id()
    fixed = {"values": values, "errors": errors, "card_id": key, "post_id": id, **patience(request)}
    return page(request, "drive/keep.html", status, **shown, **fixed)


@router.get("/posts/{post}/keep")
async def keeping_it(post: UUID, request: Request, who: Annotated[Who, Depends(ON_POST)]) -> Response:
    """What it is to be called, and where it goes."""
    return await _form(request, who, str(post), {}, {})


@router.post("/posts/{post}/keep")
async def keep(
    post: UUID,
    request: Request,
    who: Annotated[Who, Depends(ON_POST)],
    card_id: Annotated[UUID, Form()],
    name: Text = "",
    folder: Text = "",
) -> Response:
    """The answer is a card from now on."""
    app, id, to = request.app.state, str(post), as_id(folder)
    await app.limits.write(who)
    try:
        if to is None:
            raise Invalid({"folder": N_("Choose a folder.")})
        words = (await app.db.read(keeping.said, id)).text
        content = await intake.written(app, words, "card.txt")
        made = await app.db.write(keeping.keep, who, id, str(card_id), to, name, content, app.settings)
    except Invalid as refused:
        typed = {"name": name, "folder": folder, "card_id": str(card_id)}
        return await _form(request, who, id, typed, explained(request, refused), 422)
    return go(request, f"/drive/documents/{made.document}")
