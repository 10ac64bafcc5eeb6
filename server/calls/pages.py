"""The desk: every call somebody may see, and one of them with all that is needed to answer it."""

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response, StreamingResponse

from config.settings import Settings
from server.access import HELPER, HOLDER, ON_CALL, ON_DOCUMENT, OWN_CALL, PARTY, SIGNED_IN, Who
from server.answers import explained, go, page
from server.calls import actions, answers, documents, duty, queries, room
from server.calls.kit import answered
from server.drive import queries as drive
from server.drive.attached import named
from server.errors import Conflict, Invalid, NotFound
from server.feed import actions as feed
from server.members.queries import currency
from server.schema import as_id, new_id
from web.render import translate

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form()]
NOBODY = str(UUID(int=0))
WITHIN = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
"""A document is shown inside our own pages, by the browser's viewer, which brings its styles."""
NewId = Annotated[UUID, Form(alias="new_id")]


@router.get("/desk")
async def desk(
    request: Request,
    who: Annotated[Who, Depends(SIGNED_IN)],
    kind: Annotated[str, Query(max_length=24)] = "",
    territory: str = "",
    customer: str = "",
) -> Response:
    """The queue: who waits, since when, where, for what; of one `customer` all there ever was."""
    app = request.app.state
    chosen = (kind, as_id(territory) or "", as_id(customer) or "")
    shown = await app.db.read(room.queue, who, app.settings, *chosen)
    return page(request, "calls/desk.html", case=None, errors={}, typed={}, **_fixed(app.settings), **shown)


def _fixed(settings: Settings) -> dict[str, Any]:
    return {"patience": round(settings.live_patience * 1000), "text_max": settings.text_max}


@router.post("/desk/duty")
async def on_duty(
    request: Request, who: Annotated[Who, Depends(SIGNED_IN)], on: Annotated[str, Form()] = ""
) -> Response:
    """Begins or ends the caller's duty."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(duty.set_duty, who.id, bool(on))
    return go(request, "/desk")


@router.get("/calls/{call}")
async def one(call: UUID, request: Request, who: Annotated[Who, Depends(ON_CALL)]) -> Response:
    """One call beside the queue: its asker is led to the visit they asked from."""
    return await _case(request, who, str(call), {}, {})


async def _case(
    request: Request,
    who: Who,
    id: str,
    typed: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
    chosen: Sequence[str] = (),
) -> Response:
    app = request.app.state
    shown = await app.db.read(room.case, who, app.settings, id)
    ids = {"answer_id": typed.get("new_id") or new_id(), "reply_id": new_id()}
    fixed = {**_fixed(app.settings), "along": await app.db.read(drive.visible, who, chosen, ())}
    return page(request, "calls/desk.html", status, errors=errors, typed=typed, **ids, **fixed, **shown)


async def _done(request: Request, who: Who, id: str, work: Any, *args: Any) -> Response:
    """Does it; where somebody was faster the case says so, as it is now."""
    app = request.app.state
    await app.limits.write(who)
    try:
        await app.db.write(work, who, id, *args)
    except Conflict as late:
        lang = who.locale
        words = translate(lang, str(late.args[0]), **late.values)
        return await _case(request, who, id, {}, {"state": words}, 409)
    except Invalid as refused:
        return await _case(request, who, id, {}, explained(request, refused), 422)
    return go(request, await app.db.read(_home, who, id))


def _home(c: Connection, who: Who, id: str) -> str:
    """Where somebody goes on: the asker in their visit, all others at the call."""
    (post,) = queries.some(c, [id])
    assert post.call
    return f"/visits/{post.call.visit}" if who.author == who.id and post.call.visit else f"/calls/{id}"


@router.post("/calls/{call}/claim")
async def claim(call: UUID, request: Request, who: Annotated[Who, Depends(HELPER)]) -> Response:
    """The caller takes it."""
    return await _done(request, who, str(call), actions.claim, request.app.state.settings.call_silence)


@router.post("/calls/{call}/release")
async def release(call: UUID, request: Request, who: Annotated[Who, Depends(HOLDER)]) -> Response:
    """Back to all."""
    return await _done(request, who, str(call), actions.release, request.app.state.settings.calls)


@router.post("/calls/{call}/owner")
async def pass_on(
    call: UUID, request: Request, who: Annotated[Who, Depends(HOLDER)], member: Text = ""
) -> Response:
    """On to somebody else."""
    silence = request.app.state.settings.call_silence
    return await _done(request, who, str(call), actions.pass_on, as_id(member) or NOBODY, silence)


@router.post("/calls/{call}/answers")
async def give(call: UUID, request: Request, who: Annotated[Who, Depends(HELPER)]) -> Response:
    """The answer with all it carries; what was typed comes back with what is wrong."""
    app, most = request.app.state, request.app.state.settings
    await app.limits.write(who)
    async with request.form(max_files=2, max_fields=30) as sent:
        typed = {name: value for name, value in sent.items() if isinstance(value, str)}
        along = named(sent)
        try:
            form = await answered(app, who, typed, sent.get("file"), along)
            money = await app.db.read(currency)
            await app.db.write(actions.answer, who, str(call), form, most.text_max, most.call_silence, money)
        except Invalid as refused:
            return await _case(request, who, str(call), typed, explained(request, refused), 422, along)
        except Conflict as late:
            words = translate(who.locale, str(late.args[0]), **late.values)
            return await _case(request, who, str(call), typed, {"state": words}, 409, along)
    return go(request, f"/calls/{call}")


@router.post("/calls/{call}/replies")
async def say(
    call: UUID, request: Request, who: Annotated[Who, Depends(ON_CALL)], id: NewId, text: Text = ""
) -> Response:
    """A word in its thread."""
    app = request.app.state
    await app.limits.write(who)
    try:
        await app.db.write(feed.reply, who, str(call), str(id), text, app.settings.text_max)
    except Invalid as refused:
        return await _case(request, who, str(call), {"reply": text}, explained(request, refused), 422)
    return go(request, await app.db.read(_home, who, str(call)))


@router.post("/calls/{call}/close")
async def close(call: UUID, request: Request, who: Annotated[Who, Depends(PARTY)]) -> Response:
    """It is done with."""
    return await _done(request, who, str(call), actions.close, request.app.state.settings.prompting)


@router.post("/calls/{call}/again")
async def again(call: UUID, request: Request, who: Annotated[Who, Depends(OWN_CALL)]) -> Response:
    """The answer was not enough."""
    most = request.app.state.settings
    return await _done(request, who, str(call), actions.again, most.calls, most.call_silence)


@router.post("/calls/{call}/withdraw")
async def withdraw(call: UUID, request: Request, who: Annotated[Who, Depends(OWN_CALL)]) -> Response:
    """No longer needed."""
    return await _done(request, who, str(call), actions.withdraw, request.app.state.settings.prompting)


@router.post("/calls/{call}/use")
async def use(
    call: UUID, request: Request, who: Annotated[Who, Depends(OWN_CALL)], answer: Text = ""
) -> Response:
    """Makes use of the price one may go down to."""
    return await _done(request, who, str(call), answers.use, as_id(answer) or NOBODY)


@router.get("/documents/{document}")
async def document(
    document: UUID, request: Request, who: Annotated[Who, Depends(ON_DOCUMENT)], size: str = ""
) -> Response:
    """A PDF or a picture on an answer; with `size=small` the picture's small copy."""
    app = request.app.state
    kept = await app.db.read(documents.stored, str(document))
    small = size == "small" and kept and kept.media_type != documents.PDF
    pieces = await (app.photos.small if small else app.store.open)(kept.hash) if kept else None
    if pieces is None:
        raise NotFound
    ending = documents.ENDINGS[kept.media_type]
    named = quote(kept.name if kept.name.lower().endswith(ending) else f"{kept.name}{ending}")
    headers = {
        "Content-Security-Policy": WITHIN,
        "Cache-Control": "private, max-age=31536000, immutable",
        "Content-Disposition": f"inline; filename*=UTF-8''{named}",
    }
    if not small:
        headers["Content-Length"] = str(kept.size)
    return StreamingResponse(pieces, headers=headers, media_type=kept.media_type)
