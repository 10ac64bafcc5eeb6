"""JSON routes of logs."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from server import journal
from server.access import IN_SQUAD, ON_POST, Who
from server.calls import queries as calls
from server.errors import NotFound
from server.logs import actions, answering, listing, queries, talk
from server.logs.forms import Said, Task, Told, Written
from server.logs.views import Head, Line, Log
from server.photos import queries as photos
from server.visits.api import answer

router = APIRouter(prefix="/api/v1", tags=["logs"])


@router.get("/squads/{squad}/logs")
async def listed(squad: UUID, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]) -> Response:
    """The squad's last logs, the last first."""
    app = request.app.state
    found = await app.db.read(listing.page, str(squad), app.settings.feed_page)
    return answer([_head(one) for one in found])


@router.get("/squads/{squad}/logs/{day}")
async def draft(squad: UUID, day: date, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]) -> Response:
    """The caller's own day in the squad as they have it: drafted from their visits, told or not."""
    return answer(_log(await request.app.state.db.read(queries.draft, who, day), own=True))


@router.get("/squads/{squad}/weeks/{day}")
async def week(squad: UUID, day: date, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]) -> Response:
    """The caller's own week that this day is in: drafted from its days, told or not."""
    return answer(_log(await request.app.state.db.read(queries.draft, who, day, "week"), own=True))


@router.patch("/squads/{squad}/weeks/{day}")
async def save_week(
    squad: UUID, day: date, form: Written, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]
) -> Response:
    """Keeps lines of it, as of a day."""
    app = request.app.state
    await app.limits.write(who)
    return answer(_log(await app.db.write(_saved, who, day, form, app.settings.text_max, "week"), own=True))


@router.patch("/squads/{squad}/logs/{day}")
async def save(
    squad: UUID, day: date, form: Written, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]
) -> Response:
    """Keeps lines of it; 409 with the other text in `now`, by key, where another device wrote the same."""
    app = request.app.state
    await app.limits.write(who)
    return answer(_log(await app.db.write(_saved, who, day, form, app.settings.text_max), own=True))


def _saved(c: Connection, who: Who, day: date, form: Written, text_max: int, kind: str = "day") -> Log:
    actions.save(c, who, day, form, text_max, kind)
    return queries.draft(c, who, day, kind)


@router.post("/squads/{squad}/logs", status_code=201)
async def publish(
    squad: UUID, form: Told, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]
) -> Response:
    """Tells the squad the caller's day or week; told again, what has changed in it."""
    app = request.app.state
    await app.limits.write(who)
    about = form.day, form, app.settings.text_max, form.kind
    id, created = await app.db.write(actions.publish, who, *about)
    return answer(await app.db.read(_told, id), 201 if created else 200)


@router.get("/logs/{post}")
async def one(post: UUID, request: Request, who: Annotated[Who, Depends(ON_POST)]) -> Response:
    """A published log, and who has read it."""
    return answer(await request.app.state.db.read(_told, str(post)))


def _told(c: Connection, id: str) -> dict[str, Any]:
    found = queries.some(c, [id])
    if id not in found:
        raise NotFound
    return _log(found[id], own=False)


@router.put("/logs/{post}/read", status_code=204)
async def read(post: UUID, request: Request, who: Annotated[Who, Depends(ON_POST)]) -> Response:
    """The caller has read it, which all in the squad see."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(actions.read, who, str(post))
    return Response(status_code=204)


@router.post("/logs/{post}/replies", status_code=201)
async def reply(post: UUID, form: Said, request: Request, who: Annotated[Who, Depends(ON_POST)]) -> Response:
    """Says something to a log, to one of its lines, or to somebody who has."""
    app = request.app.state
    await app.limits.write(who)
    said, created = await app.db.write(talk.reply, who, str(post), form, app.settings.text_max)
    return answer(said, 201 if created else 200)


@router.post("/logs/{post}/calls", status_code=201)
async def make_call(
    post: UUID, form: Task, request: Request, who: Annotated[Who, Depends(ON_POST)]
) -> Response:
    """A line of a visit becomes a call with a deadline, of its owner or of whoever takes it."""
    app = request.app.state
    await app.limits.write(who)
    most = app.settings
    about = (most.calls, most.text_max, most.call_silence)
    id, created = await app.db.write(talk.make_call, who, str(post), form, *about)
    return answer(await app.db.read(_called, id), 201 if created else 200)


def _called(c: Connection, id: str) -> dict[str, Any]:
    (post,) = calls.some(c, [id])
    return calls.as_data(post, [])


@router.get("/squads/{squad}/log-answers")
async def answered(squad: UUID, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]) -> Response:
    """Of the logs of the last four weeks, how many each who owes answers has answered; and what waits."""
    return answer(await request.app.state.db.read(_answers, str(squad)))


def _answers(c: Connection, squad: str) -> dict[str, Any]:
    shares = answering.shares(c, squad)
    return {
        "waiting": sorted(answering.open_of(c, squad, answering.recent(c, squad))),
        "shares": [{"member": one.person.id, "answered": one.answered, "logs": one.logs} for one in shares],
    }


def _log(one: Log, own: bool) -> dict[str, Any]:
    return {
        "id": one.id,
        "squad": one.squad,
        "author": one.author.id,
        "kind": one.kind,
        "day": one.day.isoformat(),
        "zone": one.zone,
        "published_at": one.published_at and journal.stamp(one.published_at),
        "updated_at": one.updated_at and journal.stamp(one.updated_at),
        "lines": [_line(line, own) for line in one.lines],
        "read": [person.id for person in one.read],
        "recipients": [person.id for person in one.to],
        "waits": one.waits,
        "missing": [person.id for person in one.missing],
    }


def _line(line: Line, own: bool) -> dict[str, Any]:
    return {
        "id": line.id,
        "key": line.key,
        "visit": line.visit and line.visit.id,
        "field": line.field and {"name": line.field.name, "kind": line.field.kind},
        "text": line.text if own else line.told or "",
        "revision": line.revision,
        "told": line.told,
        "calls": [call.id for call in line.calls],
        "replies": [reply.id for reply in line.replies],
        "tasks": [task.id for task in line.tasks],
        "problems": [one.id for one in line.problems],
        "plays": [one.id for one in line.plays],
        "photos": photos.as_data(line.photos),
    }


def _head(one: Head) -> dict[str, Any]:
    return {
        "id": one.id,
        "author": one.author.id,
        "kind": one.kind,
        "day": one.day.isoformat(),
        "published_at": journal.stamp(one.published_at),
        "visits": one.visits,
        "wins": one.wins,
        "waits": one.waits,
        "read": list(one.read),
    }
