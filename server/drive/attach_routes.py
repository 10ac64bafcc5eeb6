"""Documents along with what is said: the list to choose from, and the form that gives one to a squad."""

from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from server.access import IN_SQUAD, ON_CALL, ON_ITEM, Who
from server.answers import explained, go, page
from server.drive import attached, queries, shelf
from server.drive.pages import patience
from server.errors import Invalid
from server.feed import actions
from server.schema import as_id, new_id
from web.render import N_

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form()]
Words = Annotated[str, Query(max_length=120)]


@router.get("/squads/{squad}/documents")
async def for_squad(
    squad: UUID, request: Request, who: Annotated[Who, Depends(IN_SQUAD)], q: Words = ""
) -> Response:
    """Documents that may go along with words to the squad: found with some, or those at hand."""
    return await _offered(request, who, who.squad, q)


@router.get("/calls/{call}/documents")
async def for_call(
    call: UUID, request: Request, who: Annotated[Who, Depends(ON_CALL)], q: Words = ""
) -> Response:
    """The same, in the thread of a call: the desk reads it too."""
    return await _offered(request, who, None, q)


async def _offered(request: Request, who: Who, squad: str | None, q: str) -> Response:
    found = await request.app.state.db.read(attached.offered, who, squad, q)
    return page(request, "drive/offered.html", found=found, q=q.strip())


def _state(c: Connection, who: Who, id: str) -> dict[str, Any]:
    one = queries.some(c, who, [id])[id]
    return {**shelf.around(c, who), "one": one, "squads_open": attached.open_to(c, who, id)}


async def _form(
    request: Request, who: Who, id: str, values: dict[str, str], errors: dict[str, str], status: int = 200
) -> Response:
    shown = await request.app.state.db.read(_state, who, id)
    key = values.get("new_id") or new_id()
    fixed = {"values": values, "errors": errors, "key": key, **patience(request)}
    most = request.app.state.settings.text_max
    return page(request, "drive/post.html", status, **{**shown, **fixed, "text_max": most})


@router.get("/drive/documents/{item}/post")
async def giving(item: UUID, request: Request, who: Annotated[Who, Depends(ON_ITEM)]) -> Response:
    """To which squad, with which words."""
    return await _form(request, who, str(item), {}, {})


@router.post("/drive/documents/{item}/post")
async def give(
    item: UUID,
    request: Request,
    who: Annotated[Who, Depends(ON_ITEM)],
    new_id_: Annotated[UUID, Form(alias="new_id")],
    squad: Text = "",
    text: Text = "",
) -> Response:
    """A message to the squad, with the document."""
    app, id = request.app.state, str(item)
    await app.limits.write(who)
    try:
        open_to = {one.id for one in await app.db.read(attached.open_to, who, id)}
        if (to := as_id(squad)) not in open_to:
            raise Invalid({"squad": N_("Choose a squad.")})
        there, most = replace(who, squad=to), app.settings.text_max
        said = await app.db.write(actions.say, there, str(new_id_), text, most, None, (), 0, [id])
    except Invalid as refused:
        typed = {"new_id": str(new_id_), "squad": squad, "text": text}
        return await _form(request, who, id, typed, explained(request, refused), 422)
    return go(request, f"/squads/{to}#p-{said.post['id']}")
