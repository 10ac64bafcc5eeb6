"""The check-in sheet, the visit while it is open, and its outcome."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError
from sqlalchemy import Connection
from starlette.responses import Response

from server import journal
from server.access import IN_SQUAD, ON_VISIT, OWN_VISIT, Who
from server.answers import explained, go, page
from server.calls import actions as calls
from server.calls import queries as call_queries
from server.calls.forms import Call
from server.customers import doubles, holding
from server.customers import queries as customers
from server.drive import attached, shown
from server.errors import Conflict, Invalid
from server.feed import queries as feed
from server.feed.state import cursors
from server.members.queries import company, currency
from server.photos.forms import sent_along
from server.schema import as_id, new_id, now
from server.squads.pact import shared_until
from server.visits import actions, queries
from server.visits.forms import CheckIn, Outcome, Tuning, parsed, position_of
from server.visits.place import Position

router = APIRouter(include_in_schema=False)
LISTED = 3


def _position(values: dict[str, str]) -> Position | None:
    """Where the asker is, for sorting only; nonsense counts as unknown."""
    try:
        return Position.model_validate(position_of(values) or {})
    except ValidationError:
        return None


def sheet_state(c: Connection, who: Who, values: dict[str, str]) -> dict[str, Any]:
    """What the sheet lists: the nearest few, or all that match the words searched for."""
    assert who.squad is not None
    place = _position(values)
    lat, lon = (place.lat, place.lon) if place else (None, None)
    words = values.get("q", "")
    found = customers.nearest(c, who.squad, lat, lon, words, 20 if words else LISTED)
    chosen = values.get("chosen") or values.get("customer_id", "")
    if chosen and all(one.id != chosen for one in found):
        every = customers.nearest(c, who.squad, lat, lon, "", 100_000)
        found = [one for one in every if one.id == chosen] + found
    return {
        "near": found,
        "holders": holding.holders(c, [one.id for one in found]),
        "like": doubles.like(c, who, values.get("customer", ""), place),
        "chosen": chosen,
        "words": words,
        "town": company(c).demo,
        "currency": currency(c),
        "shared_until": shared_until(c, who.squad, who.id),
    }


async def _sheet(
    request: Request,
    who: Who,
    values: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
    kept: Sequence[str] = (),
) -> Response:
    app = request.app.state
    shown = await app.db.read(sheet_state, who, values)
    return page(
        request,
        "visits/checkin.html",
        status,
        values=values,
        errors=errors,
        kept=kept,
        new_id=values.get("new_id") or new_id(),
        far_metres=app.settings.far_metres,
        text_max=app.settings.text_max,
        **shown,
    )


@router.get("/squads/{squad}/checkin")
async def sheet(squad: UUID, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]) -> Response:
    """The sheet at the door. Location is asked for here and nowhere else."""
    return await _sheet(request, who, dict(request.query_params), {})


@router.get("/squads/{squad}/nearby")
async def nearby(squad: UUID, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]) -> Response:
    """The list of customers alone, for a place or for words."""
    values = dict(request.query_params)
    app = request.app.state
    shown = await app.db.read(sheet_state, who, values)
    return page(request, "visits/nearby.html", values=values, far_metres=app.settings.far_metres, **shown)


@router.post("/squads/{squad}/checkins")
async def check_in(squad: UUID, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]) -> Response:
    """Opens a visit; the sheet comes back with what is wrong, and all that was typed. Of a new customer that
    may be a known one it asks first.
    """
    app = request.app.state
    await app.limits.write(who)
    values = await _values(request)
    if values.get("same"):
        values |= {"customer_id": values["same"], "customer": ""}
    along = await sent_along(request, who, as_id(values.get("new_id")))
    try:
        if along.wrong:
            raise along.wrong
        sent = {"position": position_of(values), "captured_at": _moment(values, "captured_at")}
        form = parsed(CheckIn, {**values, **sent, "id": values.get("new_id"), "photos": along.ids})
        if "same" not in values and await app.db.read(doubles.like, who, form.customer, form.position):
            raise Invalid({"same": doubles.ASKED})
        form = form.model_copy(update={"anew": True})
        most = app.settings
        done = await app.db.write(
            actions.check_in, who, form, most.text_max, most.photo_count, most.arrived_metres
        )
    except Invalid as refused:
        return await _sheet(request, who, values, explained(request, refused), 422, along.ids)
    return go(request, f"/visits/{done.visit['id']}")


async def _values(request: Request) -> dict[str, str]:
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


def _moment(values: dict[str, str], name: str) -> str:
    """The phone's time, or the server's where no script could say it."""
    return values.get(name) or journal.stamp(now())


def visit_state(c: Connection, who: Who, id: str) -> dict[str, Any]:
    """What the visit page shows."""
    assert who.squad_zone is not None
    post = feed.some(c, [id])[id]
    assert post.visit is not None
    last = queries.before(c, post.visit.customer_id, id)
    at = journal.head(c, f"me:{who.id}")
    return {
        "streams": cursors({"me": at}),
        "calls": [(one, feed.thread(c, one.id), new_id()) for one in call_queries.asked_within(c, id)],
        "post": post,
        "visit": post.visit,
        "last": last,
        "shown_there": shown.in_visit(c, who, id),
        "at_hand": attached.at_hand(c, who)[: attached.OFFERED],
        "hold": holding.standing(c, post.visit.customer_id),
        "like": doubles.open_for(c, who, post.visit.customer_id),
        "spot": queries.spot(c, id),
        "currency": currency(c),
        "town": company(c).demo,
    }


@router.get("/visits/{visit}")
async def visit(visit: UUID, request: Request, who: Annotated[Who, Depends(ON_VISIT)]) -> Response:
    """The visit: just checked in, open, or how it went. A team-mate sees its thread instead."""
    if who.author != who.id:
        return go(request, f"/squads/{who.squad}/posts/{visit}")
    return await _visit(request, who, str(visit), {}, {})


async def _visit(
    request: Request, who: Who, id: str, values: dict[str, str], errors: dict[str, str], status: int = 200
) -> Response:
    app = request.app.state
    shown = await app.db.read(visit_state, who, id)
    state: Any = shown["visit"]
    age = (now() - shown["post"].recorded_at).total_seconds()
    undo = max(0, round(app.settings.undo_seconds - age)) if state.result is None else 0
    return page(
        request,
        "visits/visit.html",
        status,
        values=values,
        errors=errors,
        undo=undo,
        kinds=list(app.settings.calls),
        call_id=values.get("call_id") or new_id(),
        patience=round(app.settings.live_patience * 1000),
        text_max=app.settings.text_max,
        result=values.get("result") or request.query_params.get("result") or state.result or "",
        **shown,
    )


@router.post("/visits/{visit}/outcome")
async def outcome(visit: UUID, request: Request, who: Annotated[Who, Depends(OWN_VISIT)]) -> Response:
    """Says how it went; then back to the squad."""
    app = request.app.state
    await app.limits.write(who)
    values = await _values(request)
    try:
        form = parsed(Outcome, {**values, "closed_at": _moment(values, "closed_at")})
        money = await app.db.read(currency)
        await app.db.write(actions.close, who, str(visit), form, app.settings.text_max, money)
    except Invalid as refused:
        return await _visit(request, who, str(visit), values, explained(request, refused), 422)
    return go(request, f"/squads/{who.squad}?after={visit}")


@router.post("/visits/{visit}/calls")
async def call(visit: UUID, request: Request, who: Annotated[Who, Depends(OWN_VISIT)]) -> Response:
    """Calls for help: the sheet comes back with what is wrong, and all that was typed."""
    app, most = request.app.state, request.app.state.settings
    await app.limits.write(who)
    values = await _values(request)
    along = await sent_along(request, who, as_id(values.get("new_id")))
    try:
        if along.wrong:
            raise along.wrong
        named = {"id": values.get("new_id"), "photos": along.ids}
        form = parsed(Call, {"kind": values.get("kind", ""), "text": values.get("text", ""), **named})
        await app.db.write(calls.ask, who, form, str(visit), most.calls, most.text_max, most.photo_count)
    except Invalid as refused:
        typed = {"call_id": values.get("new_id") or new_id(), "ask": values.get("text", "")}
        errors = {"call": " ".join(explained(request, refused).values())}
        return await _visit(request, who, str(visit), typed, errors, 422)
    return go(request, f"/visits/{visit}")


@router.post("/visits/{visit}")
async def tune(visit: UUID, request: Request, who: Annotated[Who, Depends(OWN_VISIT)]) -> Response:
    """The note while it is fresh, or the pin moved by hand."""
    app = request.app.state
    await app.limits.write(who)
    values = await _values(request)
    try:
        form = parsed(Tuning, {"note": values.get("note"), "position": position_of(values)})
        await app.db.write(actions.tune, who, str(visit), form, app.settings.text_max)
    except Invalid as refused:
        return await _visit(request, who, str(visit), values, explained(request, refused), 422)
    return go(request, f"/visits/{visit}")


@router.post("/visits/{visit}/undo")
async def undo(visit: UUID, request: Request, who: Annotated[Who, Depends(OWN_VISIT)]) -> Response:
    """Takes a fresh check-in back."""
    app = request.app.state
    await app.limits.write(who)
    try:
        await app.db.write(actions.undo, who, str(visit), app.settings.undo_seconds)
    except Conflict as late:
        told = explained(request, Invalid({"undo": str(late.args[0])}))
        return await _visit(request, who, str(visit), {}, told, 409)
    return go(request, f"/squads/{who.squad}")
