"""The customer file, and lists of customers."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from server import journal
from server.access import IN_SQUAD, ON_CUSTOMER, Who
from server.answers import explained, go, page
from server.calls import queries as calls
from server.calls.deadlines import tomorrow
from server.calls.models import call
from server.customers import actions, alike, contacts, facts, file, holding, listing, merging, touch
from server.customers.actions import Changes
from server.customers.contacts import Contact
from server.customers.listing import Wanted
from server.customers.telling import family
from server.errors import Conflict, Invalid
from server.feed.state import cursors
from server.ledger import account
from server.ledger.account import Wanted as Ledger
from server.ledger.rules import SIDES
from server.members.doors import typed
from server.members.queries import currency, last_squad
from server.schema import as_id, new_id
from server.territories import queries as territories
from server.visits.forms import parsed, position_of
from web.render import N_

router = APIRouter(include_in_schema=False)
Known = Annotated[Who, Depends(ON_CUSTOMER)]
Inside = Annotated[Who, Depends(IN_SQUAD)]
NEEDS = ("entry", "care", "sample", "people")
"""What one asks for from a file: a way in, care, a sample, somebody to go there with."""
WORDS: dict[str, Any] = {
    "kinds": facts.KINDS,
    "sources": facts.SOURCES,
    "parts_of": contacts.PARTS,
    "channels": contacts.CHANNELS,
    "stages": actions.STAGES,
    "gaps": file.GAPS,
}


def _state(c: Connection, who: Who, id: str) -> dict[str, Any]:
    """What the page shows; its place in the streams is read before it."""
    streams = {"me": journal.head(c, f"me:{who.id}")}
    if who.squad:
        streams[who.squad] = journal.head(c, who.squad)
    it = file.whole(c, who, id)
    return {
        "streams": cursors(streams),
        "it": it,
        "alike": alike.to(c, file.mine(c, who), it),
        "asked": calls.listed(c, call.c.customer.in_(family(id)) & calls.seen_by(who)),
        "balance": account.own(c, who, Ledger(customer=UUID(id))),
        "sides": SIDES,
        "squad_id": who.squad or last_squad(c, who.id),
    }


async def _one(
    request: Request,
    who: Who,
    id: UUID,
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    app = request.app.state
    shown = await app.db.read(_state, who, str(id))
    patience = round(app.settings.live_patience * 1000)
    values = values or {}
    needs = [kind for kind in NEEDS if kind in app.settings.calls]
    shown |= {"needs": needs, "due": tomorrow(who.zone), "call_id": new_id()}
    shown |= {"somebody": dict.fromkeys(Contact.model_fields, "") | values}
    given = {"values": values, "errors": errors or {}, "new_id": values.get("new_id") or new_id()}
    return page(request, "customers/file.html", status, patience=patience, **given, **shown, **WORDS)


@router.get("/customers/{customer}")
async def one(customer: UUID, request: Request, who: Known) -> Response:
    """The file: what happened, what is known and from whom, who is there, who goes next."""
    if whole := await request.app.state.db.read(merging.head, str(customer)):
        return go(request, f"/customers/{whole}")
    return await _one(request, who, customer)


async def _do(request: Request, who: Who, id: UUID, to: str, action: Any, *about: Any) -> Response:
    """Does it and goes back to that part of the file; what is refused comes back with all that was typed."""
    app, values = request.app.state, await typed(request)
    await app.limits.write(who)
    try:
        given = [one(values) if callable(one) else one for one in about]
        await app.db.write(action, who.id, str(id), *given)
    except Invalid as refused:
        return await _one(request, who, id, values | {"part": to}, explained(request, refused), 422)
    except Conflict as late:
        told = explained(request, Invalid({"late": str(late.args[0])}))
        return await _one(request, who, id, values | {"part": to}, told, 409)
    return go(request, f"/customers/{id}#{to}")


def _value(name: str, default: str = "") -> Any:
    return lambda values: values.get(name, default)


def _own_id(values: dict[str, str]) -> str | None:
    return as_id(values.get("new_id"))


@router.post("/customers/{customer}/facts")
async def learned(customer: UUID, request: Request, who: Known) -> Response:
    """Something new."""
    about = (_value("kind"), _value("text"), _value("source", "told"), None, _own_id)
    return await _do(request, who, customer, "facts", facts.add, *about)


@router.post("/customers/{customer}/facts/{fact}")
async def corrected(customer: UUID, fact: UUID, request: Request, who: Known) -> Response:
    """It is otherwise."""
    about = (str(fact), _value("text"), _value("source", "told"), _own_id)
    return await _do(request, who, customer, "facts", facts.correct, *about)


@router.post("/customers/{customer}/facts/{fact}/confirm")
async def confirmed(customer: UUID, fact: UUID, request: Request, who: Known) -> Response:
    """It is still true: one tap."""
    return await _do(request, who, customer, "facts", facts.confirm, str(fact))


@router.post("/customers/{customer}/facts/{fact}/retire")
async def retired(customer: UUID, fact: UUID, request: Request, who: Known) -> Response:
    """It is not true any more."""
    return await _do(request, who, customer, "facts", facts.retire, str(fact))


def _contact(values: dict[str, str]) -> Contact:
    return Contact(**{name: values.get(name, "") for name in Contact.model_fields})


@router.post("/customers/{customer}/contacts")
async def met(customer: UUID, request: Request, who: Known) -> Response:
    """Somebody there."""
    return await _do(request, who, customer, "contacts", contacts.add, _contact, _own_id)


@router.post("/customers/{customer}/contacts/{contact}")
async def known_better(customer: UUID, contact: UUID, request: Request, who: Known) -> Response:
    """Puts somebody right."""
    return await _do(request, who, customer, "contacts", contacts.change, str(contact), _contact, _own_id)


@router.post("/customers/{customer}/contacts/{contact}/end")
async def gone(customer: UUID, contact: UUID, request: Request, who: Known) -> Response:
    """They are not there any more."""
    return await _do(request, who, customer, "contacts", contacts.end, str(contact))


def _day(values: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(values["day"]) if values.get("day") else None
    except ValueError:
        raise Invalid({"day": N_("Write the day as 2026-07-03.")}) from None


@router.post("/customers/{customer}/touch")
async def plan(customer: UUID, request: Request, who: Known) -> Response:
    """When somebody goes next; without a day nobody does."""
    return await _do(request, who, customer, "care", touch.plan, _day, _value("note"))


def _head(c: Connection, who: Who, id: str) -> dict[str, Any]:
    it = file.whole(c, who, id)
    row = it.row
    names = {kind: "\n".join(it.names.get(kind, [])) for kind in actions.NAMES}
    about = ("name", "kind", "address", "phone", "stage", "value", "currency", "territory", "lat", "lon")
    values = {name: "" if row._mapping[name] is None else str(row._mapping[name]) for name in about}
    return {
        "it": it,
        "tree": territories.tree(c),
        "company_currency": currency(c),
        "squad_id": who.squad or last_squad(c, who.id),
        "now": values | names | {"tags": ", ".join(it.tags)},
    }


@router.get("/customers/{customer}/edit")
async def edit(customer: UUID, request: Request, who: Known) -> Response:
    """The form of what stands at the head of the file."""
    return await _edit(request, who, customer, {}, {})


async def _edit(
    request: Request, who: Who, id: UUID, values: dict[str, str], errors: dict[str, str], status: int = 200
) -> Response:
    shown = await request.app.state.db.read(_head, who, str(id))
    values = shown.pop("now") | values
    return page(request, "customers/edit.html", status, values=values, errors=errors, **shown, **WORDS)


@router.post("/customers/{customer}")
async def change(customer: UUID, request: Request, who: Known) -> Response:
    """Puts it right."""
    app, values = request.app.state, await typed(request)
    await app.limits.write(who)
    try:
        await app.db.write(actions.change, who.id, str(customer), _changes(values))
    except Invalid as refused:
        return await _edit(request, who, customer, values, explained(request, refused), 422)
    return go(request, f"/customers/{customer}")


def _changes(values: dict[str, str]) -> Changes:
    """The form's fields; those it did not have stay as they are."""
    plain = ("name", "kind", "address", "phone", "stage", "value", "currency", "territory")
    given: dict[str, Any] = {name: values[name] for name in plain if name in values}
    listed = {kind: values[kind].splitlines() for kind in actions.NAMES if kind in values}
    if listed:
        given["names"] = listed
    if "tags" in values:
        given["tags"] = values["tags"].replace("，", ",").replace("、", ",").split(",")
    if place := position_of(values):
        given["position"] = place | {"source": "hand"}
    return parsed(Changes, given)


@router.get("/squads/{squad}/customers")
async def squads(squad: UUID, request: Request, who: Inside) -> Response:
    """The squad's customers, to be searched and sifted."""
    wanted = _wanted(request)
    shown = await request.app.state.db.read(_list, str(squad), wanted)
    return page(request, "customers/list.html", **shown, wanted=wanted, person=None, **WORDS)


def _list(c: Connection, squad: str, wanted: Wanted) -> dict[str, Any]:
    rows = listing.squads(c, squad, wanted)
    return {"rows": rows, "holders": _holders(c, rows), "tags": listing.tags(c, squad)}


def _holders(c: Connection, rows: Sequence[listing.Row]) -> Any:
    return holding.holders(c, [one.id for one in rows])


def _wanted(request: Request) -> Wanted:
    """What the address asks for; nonsense is nothing."""
    asked = request.query_params
    given: dict[str, Any] = {name: asked.get(name, "")[:120] for name in ("q", "stage", "tag")}
    numbers = {name: asked.get(name, "") for name in ("quiet", "after")}
    given |= {name: min(int(text), 1_000_000) for name, text in numbers.items() if text.isdecimal()}
    return Wanted(**given)


@router.get("/squads/{squad}/members/{member}/customers")
async def members(squad: UUID, member: UUID, request: Request, who: Inside) -> Response:
    """One member's customers; they see that somebody looked."""
    app, wanted = request.app.state, _wanted(request)
    await app.limits.write(who)
    person, rows = await app.db.write(listing.members, who, str(member), wanted)
    shown = {"rows": rows, "holders": await app.db.read(_holders, rows), "tags": []}
    return page(request, "customers/list.html", **shown, wanted=wanted, person=person, **WORDS)
