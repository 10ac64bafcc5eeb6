"""JSON routes of links to documents: one's own, those of a document, and one whole."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.responses import Response

from server.access import CLEARER, LINK_ENDER, ON_ITEM, OWN_LINK, SIGNED_IN, Who
from server.drive import asked, links, queries, shared
from server.drive.looks import View
from server.drive.shared import PAGE, Given, Link, Wanted
from server.errors import NotFound, together
from server.journal import stamp
from server.members.actions import hashed
from server.members.doors import base, qr_file, slowly
from server.text import sought
from server.visits.api import answer

router = APIRouter(prefix="/api/v1", tags=["drive"])
Own = Annotated[Who, Depends(OWN_LINK)]
Known = Annotated[Who, Depends(ON_ITEM)]


class NewLink(BaseModel):
    """A link to be made, under an id made on the phone; for a customer, or for no one."""

    id: UUID
    customer: UUID | None = None


class LinkChange(BaseModel):
    """What a link is to be; what is not sent stays as it is.

    `until`: the last day it works, where the caller is. `code` and `customer` null: none.
    """

    until: date | None = None
    download: bool | None = None
    code: str | None = None
    customer: UUID | None = None


async def checked(
    request: Request, who: Who, until: date | None, code: str | None
) -> tuple[datetime | None, str | None]:
    """The end of a day and a code, hashed, as `links.Changes` has them; None stays None.

    The same for pages and programs. Raises `Invalid` with all that is wrong with them.
    """
    found: dict[str, Any] = {}

    def day() -> None:
        found["ends"] = links.checked_until(until, who, request.app.state.settings) if until else None

    def word() -> None:
        found["code"] = links.checked_code(code) if code is not None else None

    together(day, word)
    kept = await slowly(request, hashed, found["code"]) if found["code"] is not None else None
    return found["ends"], kept


@router.get("/drive/links")
async def given(
    request: Request,
    who: Annotated[Who, Depends(SIGNED_IN)],
    q: str = "",
    state: Literal["open", "locked", "over", "ended"] | None = None,
    customer: UUID | None = None,
    after: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> Response:
    """The links the caller made, the newest first, fifty at once; `after`: so many are skipped.

    Of those that are `open` some ask for a code; `locked` are these alone.
    """
    wanted = Wanted(sought(q)[:120], state or "", str(customer) if customer else "", after)
    rows, more = await request.app.state.db.read(shared.of_member, who, wanted)
    return answer({"links": [_given(one) for one in rows], "after": after + PAGE if more else None})


def _given(one: Given) -> dict[str, Any]:
    last = stamp(one.last_at) if one.last_at else None
    return {**_common(one), "name": one.name, "views": one.count, "last_at": last, "longest": list(one.most)}


def _common(one: Given | Link) -> dict[str, Any]:
    same = {name: getattr(one, name) for name in ("id", "document", "customer", "state", "code", "download")}
    times = {name: getattr(one, name) for name in ("made_at", "expires_at", "ended_at", "again_at")}
    return same | {name: stamp(at) if at else None for name, at in times.items()}


@router.get("/drive/documents/{item}/links")
async def of_document(item: UUID, request: Request, who: Known) -> Response:
    """The links to a document: the caller's, those for customers of their squads, all where they manage it.

    `views` is null where they are not for the caller to see.
    """
    rows = await request.app.state.db.read(shared.of_document, who, str(item))
    return answer([_seen(one) for one in rows])


def _seen(one: Link) -> dict[str, Any]:
    """A link; how often it was opened where that is for the reader."""
    return {**_common(one), "by": one.by.id, "views": one.count if one.views is not None else None}


@router.post("/drive/documents/{item}/links", status_code=201)
async def make(item: UUID, form: NewLink, request: Request, who: Known) -> Response:
    """A link with what is usual: for `MUSTER_LINK_DAYS`, without a code."""
    app, customer = request.app.state, str(form.customer) if form.customer else None
    await app.limits.write(who)
    made = await app.db.write(links.make, who, str(item), str(form.id), app.settings, customer)
    return await _whole(request, who, made.id, 201 if made.created else 200)


@router.get("/drive/links/{link}")
async def one(link: UUID, request: Request, who: Own) -> Response:
    """A link of the caller's, with its address, who looked, and what was asked."""
    return await _whole(request, who, str(link))


async def _whole(request: Request, who: Who, id: str, status: int = 200) -> Response:
    def read(c: Connection) -> tuple[Link, str]:
        link = shared.one(c, who, id)
        if (document := queries.some(c, who, [link.document]).get(link.document)) is None:
            raise NotFound  # in the bin
        return link, document.name

    link, name = await request.app.state.db.read(read)
    shown = {**_seen(link), "name": name, "address": _address(request, id), "squad": link.squad}
    shown["views"], shown["count"] = [_view(one) for one in link.views or ()], link.count
    shown["questions"] = [
        {"id": row.id, "squad": row.squad, "name": row.name, "text": row.text, "at": stamp(row.captured_at)}
        for row in link.questions
    ]
    return answer(shown, status)


def _address(request: Request, id: str) -> str:
    return f"{base(request)}/s/{links.token(request.app.state.settings.secret, id)}"


def _view(one: View) -> dict[str, Any]:
    pages = [{"page": page, "seconds": n} for page, n in zip(one.pages, one.each, strict=True)]
    return {"at": stamp(one.at), "seconds": one.seconds, "pages": pages}


@router.patch("/drive/links/{link}")
async def change(link: UUID, form: LinkChange, request: Request, who: Own) -> Response:
    """Until when it works, whether its file may be had, its code, its customer; 409 for one switched off."""
    app, id, said = request.app.state, str(link), form.model_fields_set
    await app.limits.write(who)
    ends, code = await checked(request, who, form.until, form.code)
    customer = str(form.customer) if form.customer else ""
    to = links.Changes(
        ends,
        form.download,
        code if code is not None or "code" not in said else "",
        customer if "customer" in said else None,
    )
    await app.db.write(links.change, who, id, to)
    return await _whole(request, who, id)


@router.delete("/drive/links/{link}", status_code=204)
async def end(link: UUID, request: Request, who: Annotated[Who, Depends(LINK_ENDER)]) -> Response:
    """It leads nowhere any more; by whoever made it, or manages the folder."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(links.end, who, str(link))
    return Response(status_code=204)


@router.get("/drive/links/{link}/qr")
async def code(link: UUID, request: Request, who: Own) -> Response:
    """Its address as a QR code."""
    drawn = qr_file(_address(request, str(link)))
    return Response(drawn, media_type="image/svg+xml", headers={"Cache-Control": "private, no-store"})


@router.delete("/drive/questions/{post}", status_code=204)
async def remove(post: UUID, request: Request, who: Annotated[Who, Depends(CLEARER)]) -> Response:
    """What a customer asked, and the name they wrote, for good; by whoever sent the document, or leads."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(asked.remove, who, str(post))
    return Response(status_code=204)
