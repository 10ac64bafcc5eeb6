"""The form for a call that can wait: about a customer of the squad, with a deadline."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from server.access import IN_SQUAD, Who
from server.answers import explained, go, page
from server.calls import actions
from server.calls.deadlines import tomorrow
from server.calls.forms import Deadline
from server.customers import queries as customers
from server.errors import Invalid
from server.photos.forms import sent_along
from server.schema import as_id, new_id, now
from server.squads import queries as squads
from server.visits.forms import parsed
from web.render import N_

router = APIRouter(include_in_schema=False)
PATIENT = 600
"""Seconds: kinds that nobody takes up sooner come first in the form."""
MOST = 5000
"""Customers of a squad one may choose from."""


@router.get("/squads/{squad}/calls/new")
async def form(squad: UUID, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]) -> Response:
    """The empty form; `customer`, `kind` and `visit` (whence one comes) may be named."""
    return await _form(request, who, dict(request.query_params), {})


def form_state(c: Connection, who: Who) -> dict[str, Any]:
    """Whom it can be about, and the other squads one may ask in."""
    assert who.squad
    return {
        "customers": customers.nearest(c, who.squad, None, None, "", MOST),
        "squads": squads.mine(c, who.id),
    }


async def _form(
    request: Request,
    who: Who,
    typed: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
    photos: Sequence[str] = (),
) -> Response:
    app = request.app.state
    shown = await app.db.read(form_state, who)
    waits = app.settings.calls
    fixed = {
        "kinds": sorted(waits, key=lambda kind: waits[kind] < PATIENT),
        "text_max": app.settings.text_max,
        "new_id": typed.get("new_id") or new_id(),
        "visit": as_id(typed.get("visit")),
        "photos": photos,
        "typed": {"due": tomorrow(who.zone)} | typed,
        "earliest": now().astimezone(ZoneInfo(who.zone)).strftime("%Y-%m-%dT%H:%M"),
    }
    return page(request, "calls/ask.html", status, errors=errors, **fixed, **shown)


@router.post("/squads/{squad}/calls")
async def ask(squad: UUID, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]) -> Response:
    """Calls for help with a deadline; the form comes back with what is wrong, and all that was typed."""
    app, most = request.app.state, request.app.state.settings
    await app.limits.write(who)
    typed = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    along = await sent_along(request, who, as_id(typed.get("new_id")))
    try:
        if along.wrong:
            raise along.wrong
        form = meant(typed, who.zone, along.ids)
        asked = await app.db.write(actions.ask, who, form, None, most.calls, most.text_max, most.photo_count)
    except Invalid as refused:
        return await _form(request, who, typed, explained(request, refused), 422, along.ids)
    return go(request, f"/calls/{asked.id}")


def meant(typed: dict[str, str], zone: str, photos: Sequence[str] = ()) -> Deadline:
    """What a form means, whose time is one of that zone; `photos` go along. Raises `Invalid` by field."""
    wrong: dict[str, str] = {}
    if as_id(typed.get("customer")) is None:
        wrong["customer_id"] = N_("Choose the customer it is about.")
    if not typed.get("kind"):
        wrong["kind"] = N_("Choose what you need.")
    try:
        due = datetime.fromisoformat(typed.get("due", "")).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        wrong["due_at"] = N_("Say by when you need it.")
    if wrong:
        raise Invalid(wrong)
    values: dict[str, Any] = {"id": typed.get("new_id"), "kind": typed["kind"], "text": typed.get("text", "")}
    values |= {"photos": photos}
    return parsed(Deadline, {**values, "customer_id": typed["customer"], "due_at": due})
