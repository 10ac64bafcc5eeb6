"""JSON routes of customers' files."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.responses import Response

from server import journal
from server.access import IN_SQUAD, ON_CUSTOMER, Who
from server.customers import actions, contacts, facts, file, listing, touch
from server.customers.contacts import Contact
from server.customers.holding import Hold
from server.customers.listing import Wanted
from server.errors import NotFound
from server.photos import queries as photos
from server.visits.api import answer

router = APIRouter(prefix="/api/v1", tags=["customers"])
Known = Annotated[Who, Depends(ON_CUSTOMER)]
Inside = Annotated[Who, Depends(IN_SQUAD)]


class NewFact(BaseModel):
    """What the caller knows, under an id of theirs; `visit`, one at this customer, where it was learned."""

    id: UUID
    kind: str
    text: str
    source: str = "told"
    visit: UUID | None = None


class Corrected(BaseModel):
    """What is so instead: a new fact under an id of the caller's."""

    id: UUID
    text: str
    source: str = "told"


class NewContact(Contact):
    """Somebody at a customer, under an id of the caller's."""

    id: UUID


class Touch(BaseModel):
    """The caller means to be in contact that day."""

    day: date
    note: str = ""


@router.get("/squads/{squad}/members/{member}/customers")
async def members(
    squad: UUID,
    member: UUID,
    request: Request,
    who: Inside,
    q: Annotated[str, Query(max_length=120)] = "",
    after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> Response:
    """One member's customers in the squad, 100 at a time. They see that the caller looked."""
    app = request.app.state
    await app.limits.write(who)
    _, rows = await app.db.write(listing.members, who, str(member), Wanted(q=q, after=after))
    return answer([listed(one) for one in rows])


def listed(one: listing.Row) -> dict[str, Any]:
    """A customer in a list, as outsiders see it."""
    return {
        **{name: getattr(one, name) for name in ("id", "name", "kind", "stage", "facts", "contacts")},
        "last_at": one.last_at and journal.stamp(one.last_at),
        "touch_on": one.touch_on and one.touch_on.isoformat(),
    }


@router.get("/customers/{customer}")
async def one(customer: UUID, request: Request, who: Known) -> Response:
    """The whole file."""
    return await _file(request, who, customer)


async def _file(request: Request, who: Who, id: UUID) -> Response:
    return answer(data(await request.app.state.db.read(file.whole, who, str(id))))


@router.patch("/customers/{customer}")
async def change(customer: UUID, form: actions.Changes, request: Request, who: Known) -> Response:
    """Puts right what stands at its head."""
    return await _done(request, who, customer, actions.change, form)


@router.put("/customers/{customer}/touch")
async def plan(customer: UUID, form: Touch, request: Request, who: Known) -> Response:
    """The caller means to be in contact then."""
    return await _done(request, who, customer, touch.plan, form.day, form.note)


@router.delete("/customers/{customer}/touch")
async def unplan(customer: UUID, request: Request, who: Known) -> Response:
    """Nobody means to any more."""
    return await _done(request, who, customer, touch.plan, None)


async def _done(request: Request, who: Who, id: UUID, action: Any, *about: Any) -> Response:
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(action, who.id, str(id), *about)
    return await _file(request, who, id)


@router.post("/customers/{customer}/facts", status_code=201)
async def learned(customer: UUID, form: NewFact, request: Request, who: Known) -> Response:
    """A new fact, which names the caller for good."""
    app, about = request.app.state, (form.kind, form.text, form.source, form.visit and str(form.visit))
    await app.limits.write(who)
    id = await app.db.write(facts.add, who.id, str(customer), *about, str(form.id))
    return answer(await app.db.read(_fact, who, str(customer), id), 201)


@router.put("/customers/{customer}/facts/{fact}")
async def corrected(customer: UUID, fact: UUID, form: Corrected, request: Request, who: Known) -> Response:
    """It is otherwise: answers the fact that follows. 409 where somebody was quicker."""
    app, about = request.app.state, (form.text, form.source, str(form.id))
    await app.limits.write(who)
    id = await app.db.write(facts.correct, who.id, str(customer), str(fact), *about)
    return answer(await app.db.read(_fact, who, str(customer), id))


def _fact(c: Connection, who: Who, customer: str, id: str) -> dict[str, Any]:
    whole = file.whole(c, who, customer)
    found = [one for one in (*whole.facts, *whole.past) if one.id == id]
    if not found:
        raise NotFound
    return fact_data(found[0])


@router.put("/customers/{customer}/facts/{fact}/confirmation", status_code=204)
async def confirmed(customer: UUID, fact: UUID, request: Request, who: Known) -> Response:
    """It is still true."""
    return await _noted(request, who, facts.confirm, customer, fact)


@router.delete("/customers/{customer}/facts/{fact}", status_code=204)
async def retired(customer: UUID, fact: UUID, request: Request, who: Known) -> Response:
    """It is not true any more. It stays to be seen."""
    return await _noted(request, who, facts.retire, customer, fact)


async def _noted(request: Request, who: Who, action: Any, customer: UUID, id: UUID) -> Response:
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(action, who.id, str(customer), str(id))
    return Response(status_code=204)


@router.post("/customers/{customer}/contacts", status_code=201)
async def met(customer: UUID, form: NewContact, request: Request, who: Known) -> Response:
    """Somebody there."""
    app = request.app.state
    await app.limits.write(who)
    about = Contact(**form.model_dump(exclude={"id"}))
    id = await app.db.write(contacts.add, who.id, str(customer), about, str(form.id))
    return answer(await app.db.read(_contact, who, str(customer), id), 201)


@router.put("/customers/{customer}/contacts/{contact}")
async def known_better(
    customer: UUID, contact: UUID, form: NewContact, request: Request, who: Known
) -> Response:
    """Puts somebody right, under a new id of the caller's."""
    app = request.app.state
    await app.limits.write(who)
    about = Contact(**form.model_dump(exclude={"id"}))
    id = await app.db.write(contacts.change, who.id, str(customer), str(contact), about, str(form.id))
    return answer(await app.db.read(_contact, who, str(customer), id))


def _contact(c: Connection, who: Who, customer: str, id: str) -> dict[str, Any]:
    found = [one for one in file.whole(c, who, customer).contacts if one.id == id]
    if not found:
        raise NotFound
    return contact_data(found[0])


@router.delete("/customers/{customer}/contacts/{contact}", status_code=204)
async def gone(customer: UUID, contact: UUID, request: Request, who: Known) -> Response:
    """They are not there any more."""
    return await _noted(request, who, contacts.end, customer, contact)


def fact_data(one: file.Fact) -> dict[str, Any]:
    """A fact as outsiders see it."""
    return {
        **{name: getattr(one, name) for name in ("id", "kind", "text", "source", "visit")},
        **{name: getattr(one, name) for name in ("confirmed", "old")},
        "by": one.by.id,
        "at": journal.stamp(one.at),
        "fresh_at": journal.stamp(one.fresh_at),
        "follows": one.follows,
        "ended_at": one.ended_at and journal.stamp(one.ended_at),
        "ended_by": one.ended_by and one.ended_by.id,
    }


def contact_data(one: file.Contact) -> dict[str, Any]:
    """A contact as outsiders see it."""
    about = ("id", "name", "role", "part", "phone", "channel", "birthday", "note")
    return {name: getattr(one, name) for name in about} | {"by": one.by.id, "at": journal.stamp(one.at)}


def held(it: Hold) -> dict[str, Any]:
    """Who works on a customer, as outsiders see it."""
    asked = [{"member": one.person.id, "at": journal.stamp(one.at), "shared": one.shared} for one in it.asked]
    return {
        **{"by": it.by.id, "since": journal.stamp(it.since), "until": journal.stamp(it.until)},
        "asked": asked,
    }


def data(it: file.File) -> dict[str, Any]:
    """A file as outsiders see it: ids of members, no names."""
    row = it.row
    about = ("id", "name", "kind", "address", "phone", "territory", "stage", "value", "currency")
    touched = {"day": row.touch_on, "note": row.touch_note, "by": row.touch_by} if row.touch_on else None
    return {
        **{name: getattr(row, name) for name in about},
        "names": it.names,
        "position": {"lat": row.lat, "lon": row.lon} if row.lat is not None else None,
        "tags": it.tags,
        "touch": touched,
        "created_by": row.created_by,
        "created_at": journal.stamp(row.created_at),
        "last_at": it.last_at and journal.stamp(it.last_at),
        "held": it.hold and held(it.hold),
        "gaps": it.gaps,
        "facts": [fact_data(one) for one in it.facts],
        "past": [fact_data(one) for one in it.past],
        "contacts": [contact_data(one) for one in it.contacts],
        "story": [
            {
                "kind": one.kind,
                "id": one.id,
                "at": journal.stamp(one.at),
                "member": one.person.id,
                "squad": one.squad,
                "log": one.log,
                "photos": photos.as_data(one.photos),
            }
            for one in it.story
        ],
    }
