"""JSON routes of calls."""

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.datastructures import UploadFile
from starlette.responses import Response

from server.access import HELPER, HOLDER, IN_SQUAD, ON_CALL, OWN_CALL, OWN_VISIT, PARTY, SIGNED_IN, Who
from server.calls import actions, answers, documents, duty, queries
from server.calls.figures import Figures, figures
from server.calls.forms import Answer, Call, Deadline, Heir, Seen, Use, Words
from server.calls.models import call as calls
from server.errors import Invalid
from server.feed import actions as feed
from server.feed import queries as feed_queries
from server.members.queries import currency
from server.photos.api import BODY
from server.schema import as_id
from server.visits.api import answer
from web.render import N_

router = APIRouter(prefix="/api/v1", tags=["calls"])


async def _shown(request: Request, id: str, status: int = 200) -> Response:
    return answer(await request.app.state.db.read(_one, id), status)


def _one(c: Connection, id: str) -> dict[str, Any]:
    (post,) = queries.some(c, [id])
    return queries.as_data(post, feed_queries.thread(c, id))


@router.post("/visits/{visit}/calls", status_code=201)
async def ask(visit: UUID, form: Call, request: Request, who: Annotated[Who, Depends(OWN_VISIT)]) -> Response:
    """Calls for help from within the caller's visit; 409 once it is over."""
    return await _ask(request, who, form, str(visit))


@router.post("/squads/{squad}/calls", status_code=201)
async def ask_by(
    squad: UUID, form: Deadline, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]
) -> Response:
    """Calls for help for a customer of the squad, with a deadline."""
    return await _ask(request, who, form, None)


async def _ask(request: Request, who: Who, form: Call, within: str | None) -> Response:
    app = request.app.state
    await app.limits.write(who)
    most = app.settings
    said = await app.db.write(actions.ask, who, form, within, most.calls, most.text_max, most.photo_count)
    return await _shown(request, said.id, 201 if said.created else 200)


@router.get("/calls")
async def standing(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """The calls that wait, of the caller's squads, at the desk of all; the oldest first."""
    return answer(await request.app.state.db.read(_standing, who))


def _standing(c: Connection, who: Who) -> list[dict[str, Any]]:
    return [queries.as_data(one) for one in queries.listed(c, queries.seen_by(who))]


@router.get("/desk/duty")
async def on_duty(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """Who is on duty for calls."""
    return answer({"on": await request.app.state.db.read(duty.on)})


@router.put("/desk/duty")
async def begin_duty(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """The caller is on duty from now on."""
    return await _duty(request, who, True)


@router.delete("/desk/duty")
async def end_duty(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """The caller is no longer on duty."""
    return await _duty(request, who, False)


async def _duty(request: Request, who: Who, on: bool) -> Response:
    app = request.app.state
    await app.limits.write(who)
    return answer({"on": await app.db.write(duty.set_duty, who.id, on)})


@router.get("/desk/figures")
async def how_quickly(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """How quickly help came in the last 30 days, to the calls the caller sees: medians in seconds."""
    return answer(asdict(await request.app.state.db.read(_figures, who)))


def _figures(c: Connection, who: Who) -> Figures:
    return figures(c, queries.seen_by(who))


@router.get("/squads/{squad}/calls")
async def of_squad(squad: UUID, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]) -> Response:
    """The squad's calls that wait, the oldest first."""
    return answer(await request.app.state.db.read(_of_squad, str(squad)))


def _of_squad(c: Connection, squad: str) -> list[dict[str, Any]]:
    return [queries.as_data(one) for one in queries.listed(c, calls.c.squad == squad)]


@router.get("/calls/{call}")
async def one(call: UUID, request: Request, who: Annotated[Who, Depends(ON_CALL)]) -> Response:
    """A call as it stands."""
    return await _shown(request, str(call))


@router.put("/calls/{call}/looked")
async def looked(call: UUID, request: Request, who: Annotated[Who, Depends(HELPER)]) -> Response:
    """The caller, who could help, has it before their eyes: whoever asked sees that somebody has."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(actions.looked, who, str(call))
    return await _shown(request, str(call))


@router.put("/calls/{call}/claim")
async def claim(call: UUID, request: Request, who: Annotated[Who, Depends(HELPER)]) -> Response:
    """The caller takes it. Of several at once one has it; the others get 409, and in `now` how it is."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(actions.claim, who, str(call), app.settings.call_silence)
    return await _shown(request, str(call))


@router.delete("/calls/{call}/claim", status_code=204)
async def release(call: UUID, request: Request, who: Annotated[Who, Depends(HOLDER)]) -> Response:
    """Hands it back to all."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(actions.release, who, str(call), app.settings.calls)
    return Response(status_code=204)


@router.put("/calls/{call}/owner")
async def pass_on(call: UUID, form: Heir, request: Request, who: Annotated[Who, Depends(HOLDER)]) -> Response:
    """Hands it on to somebody of the squad or the desk."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(actions.pass_on, who, str(call), str(form.member), app.settings.call_silence)
    return await _shown(request, str(call))


@router.post("/calls/{call}/answers", status_code=201)
async def give(call: UUID, form: Answer, request: Request, who: Annotated[Who, Depends(HELPER)]) -> Response:
    """Answers it, with words, a price authority, somebody on the way, documents.

    Whoever answers an open one has it; 409 where somebody else has.
    """
    app = request.app.state
    await app.limits.write(who)
    most = app.settings
    said = await app.db.write(
        actions.answer,
        *(who, str(call), form, most.text_max, most.call_silence, await app.db.read(currency)),
    )
    return await _shown(request, str(call), 201 if said.created else 200)


@router.post("/calls/{call}/replies", status_code=201)
async def say(call: UUID, form: Words, request: Request, who: Annotated[Who, Depends(ON_CALL)]) -> Response:
    """A word in its thread, by whoever sees it."""
    app = request.app.state
    await app.limits.write(who)
    most = app.settings.text_max
    said = await app.db.write(feed.reply, who, str(call), str(form.id), form.text, most, form.captured_at)
    return answer(said.post, 201 if said.created else 200)


@router.put("/calls/{call}/close")
async def close(call: UUID, request: Request, who: Annotated[Who, Depends(PARTY)]) -> Response:
    """It is done with."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(actions.close, who, str(call), app.settings.prompting)
    return await _shown(request, str(call))


@router.put("/calls/{call}/again")
async def again(call: UUID, request: Request, who: Annotated[Who, Depends(OWN_CALL)]) -> Response:
    """The answer was not enough: whoever gave it has it once more."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(actions.again, who, str(call), app.settings.calls, app.settings.call_silence)
    return await _shown(request, str(call))


@router.delete("/calls/{call}", status_code=204)
async def withdraw(call: UUID, request: Request, who: Annotated[Who, Depends(OWN_CALL)]) -> Response:
    """It is no longer needed."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(actions.withdraw, who, str(call), app.settings.prompting)
    return Response(status_code=204)


@router.put("/calls/{call}/seen")
async def seen(call: UUID, form: Seen, request: Request, who: Annotated[Who, Depends(OWN_CALL)]) -> Response:
    """An answer is on the asker’s phone, or has been looked at: whoever gave it sees that."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(answers.seen, who, str(call), str(form.answer), form.opened)
    return await _shown(request, str(call))


@router.put("/calls/{call}/use")
async def use(call: UUID, form: Use, request: Request, who: Annotated[Who, Depends(OWN_CALL)]) -> Response:
    """The asker makes use of a price authority; 409 once it has run out."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(answers.use, who, str(call), str(form.answer))
    return await _shown(request, str(call))


@router.post("/documents", status_code=201, openapi_extra=BODY)
async def bring(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """A PDF or a picture, under an id made on the phone, for an answer that names it within a day."""
    app = request.app.state
    await app.limits.write(who)
    async with request.form(max_files=1, max_fields=8) as form:
        id, sent = as_id(form.get("id")), form.get("file")
        if id is None:
            raise Invalid({"id": N_("This does not look right.")})
        if not isinstance(sent, UploadFile):
            raise Invalid({"file": N_("Choose a file.")})
        before = await app.db.read(documents.kept, who.id, id)
        kept = before or await documents.take(app, who, id, sent)
    return answer(kept, 200 if before else 201)
