"""What a customer sees who opens a link: no account, no script needed, nothing kept of them but what was
looked at. To look uses nothing up and counts nothing: a chat's preview may.
"""

import hmac
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response, StreamingResponse

from server import ranges
from server.access import ANYONE, Who
from server.answers import explained, go
from server.drive import asked, opened
from server.drive.files import Number
from server.drive.opened import Opened
from server.errors import Invalid, NotFound, TooMany
from server.members.actions import fits
from server.members.doors import WAIT, entrance, safe, slowly
from server.schema import as_id, new_id
from web.render import N_

router = APIRouter(include_in_schema=False)
Visitor = Annotated[Who | None, Depends(ANYONE)]
Text = Annotated[str, Form()]
COOKIE = "muster_link"
WRONG = N_("This is not the code. Ask whoever sent you the link.")


def _nowhere(request: Request) -> Response:
    return entrance(request, "drive/open_nowhere.html", 404)


def _over(request: Request, link: Opened, token: str) -> Response:
    return entrance(request, "drive/open_over.html", 410, link=link, token=token)


def _knows(request: Request, link: Opened) -> bool:
    """Whether the code was given by this browser, where one is asked for."""
    key = link.key(request.app.state.settings.secret)
    return link.code is None or hmac.compare_digest(request.cookies.get(COOKIE, ""), key)


async def _found(request: Request, token: str) -> Opened | None:
    found: Opened | None = await request.app.state.db.read(opened.look_up, token)
    return found


async def _open(request: Request, token: str) -> Opened:
    """The link, for what hangs on it; raises `NotFound` where it does not stand or its code was not given."""
    link = await _found(request, token)
    if link is None or link.over or not _knows(request, link):
        raise NotFound
    return link


@router.get("/s/{token}")
async def look(
    token: str,
    request: Request,
    who: Visitor,
    said: str = "",
    page: str = "",
) -> Response:
    """The document, or the way to it; `page`: of its words, where there are many."""
    link = await _found(request, token)
    if link is None:
        return _nowhere(request)
    if link.over:
        return _over(request, link, token)
    if not _knows(request, link):
        return _locked(request, link, token, {})
    at = int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1
    return await _page(request, link, token, {}, {}, said=said, page=at)


async def _page(
    request: Request,
    link: Opened,
    token: str,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    status: int = 200,
    said: str = "",
    page: int = 1,
) -> Response:
    written = await request.app.state.db.read(opened.words, link, page)
    fixed = {"ask_id": values.get("new_id") or new_id(), "values": values, "errors": errors, "said": said}
    most = request.app.state.settings.text_max
    return entrance(
        request, "drive/open.html", status, link=link, token=token, text_max=most, **fixed, **written
    )


def _locked(
    request: Request, link: Opened, token: str, errors: Mapping[str, str], status: int = 200
) -> Response:
    return entrance(request, "drive/open_locked.html", status, link=link, token=token, errors=errors)


@router.post("/s/{token}")
async def unlock(token: str, request: Request, who: Visitor, code: Text = "") -> Response:
    """The code. Only wrong ones are counted, for each link: from wherever they come."""
    app = request.app.state
    link = await _found(request, token)
    if link is None:
        return _nowhere(request)
    if link.over:
        return _over(request, link, token)
    limit = app.settings.link_limit
    try:
        await app.limits.check("link code", link.id, limit)
        if not await slowly(request, fits, link.code, code[:200]):
            await app.limits.hit("link code", link.id, limit)
            raise Invalid({"code": WRONG})
    except TooMany:
        return _locked(request, link, token, explained(request, Invalid({"code": WAIT})), 429)
    except Invalid as refused:
        return _locked(request, link, token, explained(request, refused), 422)
    answer = go(request, f"/s/{token}")
    key = link.key(app.settings.secret)
    answer.set_cookie(COOKIE, key, path=f"/s/{token}", httponly=True, samesite="lax", secure=safe(request))
    return answer


@router.get("/s/{token}/pages/{leaf}")
async def leaf(token: str, leaf: Number, request: Request, who: Visitor) -> Response:
    """A page as a picture, of the version that counts. It is asked for anew each time: it may be over."""
    link = await _open(request, token)
    if leaf > link.pages:
        raise NotFound
    headers = {"Cache-Control": "private, no-cache", "ETag": f'"{link.hash[:24]}-{leaf}"'}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    pieces = await request.app.state.leaves.page(link.hash, link.media_type, leaf)
    if pieces is None:
        raise NotFound
    return StreamingResponse(pieces, headers=headers, media_type="image/webp")


@router.get("/s/{token}/file")
async def file(token: str, request: Request, who: Visitor, download: str = "") -> Response:
    """The file or a part of it, where it may be had."""
    link = await _open(request, token)
    if not link.download:
        raise NotFound
    tag = f'"{link.hash[:32]}"'
    part = ranges.asked(request, link.size, tag)
    pieces = await request.app.state.store.open(link.hash, part.start, part.end)
    if pieces is None:
        raise NotFound
    suffix = link.type.suffix or link.suffix
    named = quote(f"{link.name}.{suffix}" if suffix else link.name)
    how = "inline" if link.type.icon in ("film", "mic") and not download else "attachment"
    headers = {
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f"{how}; filename*=UTF-8''{named}",
        **part.headers(tag),
    }
    media = "text/plain; charset=utf-8" if link.media_type == "text/plain" else link.media_type
    return StreamingResponse(pieces, part.status, headers, media)


@router.post("/s/{token}/seen")
async def seen(
    token: str, request: Request, who: Visitor, view: Text = "", pages: Text = "", n: Text = ""
) -> Response:
    """How long which pages of version `n` were on the screen so far; 205: there is a newer one by now. Who is
    signed in here is no customer: not counted.
    """
    app = request.app.state
    link = await _open(request, token)
    await app.limits.hit("link seen", link.id, app.settings.write_limit)
    most = await app.db.read(opened.most, link)
    told, id = opened.told_pages(pages[:4000], most), as_id(view)
    if who is None and id and told:
        await app.db.write(opened.seen, link, id, told)
    return Response(status_code=205 if n and n != str(link.n) else 204)


@router.post("/s/{token}/ask")
async def ask(
    token: str, request: Request, who: Visitor, ask_id: Text = "", name: Text = "", text: Text = ""
) -> Response:
    """A question about the document, to whoever sent it and their squad."""
    app = request.app.state
    link = await _open(request, token)
    try:
        await app.limits.hit("link ask", link.id, app.settings.link_limit)
        await app.db.write(asked.ask, link, as_id(ask_id) or new_id(), name, text, app.settings.text_max)
    except TooMany:
        values = {"name": name, "text": text}
        return await _page(request, link, token, values, explained(request, Invalid({"text": WAIT})), 429)
    except Invalid as refused:
        values = {"name": name, "text": text, "new_id": as_id(ask_id) or ""}
        return await _page(request, link, token, values, explained(request, refused), 422)
    return go(request, f"/s/{token}?said=asked#ask")


@router.post("/s/{token}/again")
async def again(token: str, request: Request, who: Visitor) -> Response:
    """The link is over; whoever sent it hears, once, that it is wanted again."""
    app = request.app.state
    link = await _found(request, token)
    if link is None:
        return _nowhere(request)
    if link.over:
        await app.limits.hit("link ask", link.id, app.settings.link_limit)
        await app.db.write(opened.again, link)
    return go(request, f"/s/{token}")
