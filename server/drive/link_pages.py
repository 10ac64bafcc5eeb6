"""Sharing a document: a link with one tap, its sheet, one's own links, and what to send to a customer."""

from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Request
from sqlalchemy import Connection
from starlette.responses import Response

from server.access import CLEARER, LINK_ENDER, ON_CUSTOMER, ON_ITEM, OWN_LINK, SIGNED_IN, Who
from server.answers import explained, go, page
from server.drive import asked, finding, inner, link_api, links, queries, shared, shelf
from server.drive.pages import patience
from server.drive.shared import PAGE, Wanted
from server.errors import Conflict, Invalid
from server.members.doors import base, qr
from server.schema import as_id, new_id, now
from server.text import sought
from web.render import N_

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form()]
STATES = {
    "open": N_("Works now"),
    "locked": N_("Asks for a code"),
    "over": N_("Its day is over"),
    "ended": N_("Switched off"),
}


@router.post("/drive/documents/{item}/links")
async def make(
    item: UUID,
    request: Request,
    who: Annotated[Who, Depends(ON_ITEM)],
    new_id: Annotated[UUID, Form(alias="new_id")],
    customer: Text = "",
) -> Response:
    """A link with what is usual; on to its sheet, where all of that can be changed."""
    app = request.app.state
    await app.limits.write(who)
    made = await app.db.write(links.make, who, str(item), str(new_id), app.settings, as_id(customer))
    return go(request, f"/drive/links/{made.id}")


def _given(c: Connection, who: Who, wanted: Wanted) -> dict[str, Any]:
    around = shelf.around(c, who)
    rows, more = shared.of_member(c, who, wanted)
    after = wanted.after + PAGE if more else 0
    return {**around, "links": rows, "after": after, "people": shared.given_to(c, who), "wanted": wanted}


@router.get("/drive/links")
async def given(
    request: Request,
    who: Annotated[Who, Depends(SIGNED_IN)],
    q: str = "",
    state: str = "",
    customer: str = "",
    after: str = "",
) -> Response:
    """The links the reader made, whatever became of them; nobody else has this list."""
    skip = min(int(after), 10_000) if after.isascii() and after.isdigit() and len(after) < 6 else 0
    wanted = Wanted(sought(q)[:120], state if state in STATES else "", as_id(customer) or "", skip)
    shown = await request.app.state.db.read(_given, who, wanted)
    return page(request, "drive/links.html", states=STATES, **shown, **patience(request))


@router.get("/drive/links/{link}")
async def one(link: UUID, request: Request, who: Annotated[Who, Depends(OWN_LINK)]) -> Response:
    """The sheet of a link: copied, shown, changed, switched off; who has looked."""
    return await _sheet(request, who, str(link), {}, {})


def _shown(c: Connection, who: Who, id: str) -> dict[str, Any]:
    around = shelf.around(c, who)
    link = shared.one(c, who, id)
    document = queries.some(c, who, [link.document]).get(link.document)
    if document is None:
        return {**around, "link": link, "one": None}
    leaves = document.pages or max(1, inner.count(c, link.document))
    people = shared.customers(c, who, link.customer)
    return {**around, "link": link, "one": document, "leaves": leaves, "people": people}


async def _sheet(
    request: Request, who: Who, id: str, values: dict[str, str], errors: dict[str, str], status: int = 200
) -> Response:
    app = request.app.state
    shown = await app.db.read(_shown, who, id)
    if shown["one"] is None:
        return page(request, "drive/link_binned.html", status, **shown, **patience(request))
    address = f"{base(request)}/s/{links.token(app.settings.secret, id)}"
    zone = ZoneInfo(who.zone)
    today = now().astimezone(zone).date()
    fixed = {"address": address, "qr": qr(address), "values": values, "errors": errors, **patience(request)}
    ends = (shown["link"].expires_at.astimezone(zone) - timedelta(seconds=1)).date()
    days = [today, *(today + timedelta(days=n) for n in sorted({app.settings.link_days, 30}))]
    return page(request, "drive/link.html", status, days=days, today=today, ends=ends, **shown, **fixed)


@router.post("/drive/links/{link}")
async def change(
    link: UUID,
    request: Request,
    who: Annotated[Who, Depends(OWN_LINK)],
    until: Text = "",
    day: Text = "",
    download: Text = "",
    lock: Text = "",
    code: Text = "",
    customer: Text = "",
) -> Response:
    """Until when it works, for whom, whether the file may be had, whether a code is asked for."""
    app, id = request.app.state, str(link)
    await app.limits.write(who)
    try:
        said = _day(day if until == "pick" else until)
        written = lock == "1" and (code.strip() or not (await app.db.read(shared.one, who, id)).code)
        ends, kept = await link_api.checked(request, who, said, code if written else None)
        to = links.Changes(ends, download == "1", kept if lock == "1" else "", as_id(customer) or "")
        await app.db.write(links.change, who, id, to)
    except Invalid as refused:
        values = {"until": until, "day": day, "download": download, "lock": lock, "customer": customer}
        return await _sheet(request, who, id, values, explained(request, refused), 422)
    except Conflict:
        return await _sheet(request, who, id, {}, {}, 409)
    return go(request, f"/drive/links/{id}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid({"until": N_("Choose a day.")}) from None


@router.post("/drive/links/{link}/end")
async def end(link: UUID, request: Request, who: Annotated[Who, Depends(LINK_ENDER)]) -> Response:
    """It leads nowhere any more."""
    app, id = request.app.state, str(link)
    await app.limits.write(who)
    await app.db.write(links.end, who, id)
    document = (await app.db.read(shared.one, who, id)).document
    there = await app.db.read(queries.some, who, [document])
    return go(request, f"/drive/documents/{document}#shared" if there else "/drive/links")


def _choice(c: Connection, who: Who, customer: str, q: str) -> dict[str, Any]:
    shown = {**shelf.around(c, who), "for_whom": shared.named(c, customer), "q": q}
    if not q:
        return {**shown, "lately": queries.lately(c, who), "favourites": queries.favourites(c, who)}
    places, _ = finding.find(c, who, q, finding.Sought(), 0)
    found = list({one.document.id: one.document for one in places}.values())
    return {**shown, "found": found, "lately": [], "favourites": []}


@router.get("/customers/{customer}/share")
async def choosing(
    customer: UUID, request: Request, who: Annotated[Who, Depends(ON_CUSTOMER)], q: str = ""
) -> Response:
    """What to send to a customer, at hand or looked for: one tap on a document makes the link."""
    shown = await request.app.state.db.read(_choice, who, str(customer), sought(q)[:120])
    return page(request, "drive/choose.html", link_id=new_id(), **shown, **patience(request))


def _question(c: Connection, who: Who, id: str) -> dict[str, Any]:
    return {**shelf.around(c, who), "it": asked.one(c, id)}


@router.get("/drive/questions/{post}/remove")
async def removing(post: UUID, request: Request, who: Annotated[Who, Depends(CLEARER)]) -> Response:
    """Whether what a customer asked shall go for good, as it may on their word."""
    shown = await request.app.state.db.read(_question, who, str(post))
    return page(request, "drive/question.html", **shown, **patience(request))


@router.post("/drive/questions/{post}/remove")
async def remove(post: UUID, request: Request, who: Annotated[Who, Depends(CLEARER)]) -> Response:
    """It goes, with the name."""
    app = request.app.state
    await app.limits.write(who)
    link = await app.db.write(asked.remove, who, str(post))
    own = link and who.author == who.id
    return go(request, f"/drive/links/{link}" if own else f"/squads/{who.squad}")
