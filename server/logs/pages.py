"""The squad's logs: the list, one of them with who has read it, and one's own day to be written."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from config.settings import Settings
from server import journal
from server.access import IN_SQUAD, ON_POST, Who
from server.answers import explained, go, page
from server.customers import facts
from server.errors import Conflict, Invalid, NotFound
from server.feed.state import cursors
from server.logs import actions, answering, filing, listing, marks, queries, talk
from server.logs.forms import Pictured, Said, Task, Written, written
from server.members.doors import typed
from server.photos.forms import sent_at
from server.schema import as_id, new_id
from server.squads import queries as squads
from server.visits.forms import parsed
from server.visits.queries import today

router = APIRouter(include_in_schema=False)
Inside = Annotated[Who, Depends(IN_SQUAD)]


def _list(c: Connection, who: Who, most: int, mine: bool) -> dict[str, Any]:
    """The list beside every log; its place in the streams is read before its content."""
    assert who.squad
    streams = {key: journal.head(c, key) for key in (who.squad, "company", f"me:{who.id}")}
    day = today(who.zone)
    return {
        "streams": cursors(streams),
        "logs": listing.page(c, who.squad, most, who.id if mine else None),
        "own": queries.draft(c, who, day),
        "today": day,
        "waiting": listing.waiting(c, who.squad, who.id) if not mine else [],
        "shares": answering.shares(c, who.squad),
        "values": {},
        "errors": {},
        "mine": mine,
    }


@router.get("/squads/{squad}/logs")
async def logs(squad: UUID, request: Request, who: Inside, show: str = "") -> Response:
    """The squad's logs by day, or one's own (`show=mine`)."""
    app = request.app.state
    shown = await app.db.read(_list, who, app.settings.feed_page, show == "mine")
    return page(request, "logs/logs.html", one=None, patience=_patience(request), **shown)


@router.get("/logs/{post}")
async def one(post: UUID, request: Request, who: Annotated[Who, Depends(ON_POST)]) -> Response:
    """A log as a letter. Whoever opens it has read it, which all in the squad see."""
    app = request.app.state
    if who.author != who.id:
        await app.db.write(actions.read, who, str(post))
    shown = await app.db.read(_one, who, str(post), app.settings)
    return page(request, "logs/logs.html", patience=_patience(request), **shown)


def _one(c: Connection, who: Who, id: str, settings: Settings) -> dict[str, Any]:
    around = _list(c, who, settings.feed_page, mine=False)
    found = queries.some(c, [id]).get(id)
    if found is None:
        raise NotFound
    return {
        **around,
        "one": found,
        "untold": listing.untold(c, found) if who.author == who.id else 0,
        "people": [one for one in squads.people(c, found.squad) if one.id != who.id],
        "kinds": list(settings.calls),
        "problems": marks.problems(c),
        "offers": filing.offers(found),
        "fact_kinds": facts.KINDS,
        "text_max": settings.text_max,
        "new_id": new_id,
    }


@router.post("/logs/{post}/replies")
async def reply(post: UUID, request: Request, who: Annotated[Who, Depends(ON_POST)]) -> Response:
    """Words to the log, or to one of its lines."""
    app, values = request.app.state, await typed(request)
    await app.limits.write(who)
    try:
        form = parsed(Said, {**values, "id": values.get("new_id", "")})
        await app.db.write(talk.reply, who, str(post), form, app.settings.text_max)
    except Invalid as refused:
        return await again(request, who, str(post), {**values, "form": "reply"}, refused)
    return go(request, f"/logs/{post}#{_place(values)}")


@router.post("/logs/{post}/calls")
async def make_call(post: UUID, request: Request, who: Annotated[Who, Depends(ON_POST)]) -> Response:
    """A line becomes a call with a deadline."""
    app, values = request.app.state, await typed(request)
    await app.limits.write(who)
    most = app.settings
    try:
        form = parsed(Task, {**values, "id": values.get("new_id", "")})
        about = (most.calls, most.text_max, most.call_silence)
        await app.db.write(talk.make_call, who, str(post), form, *about)
    except Invalid as refused:
        return await again(request, who, str(post), {**values, "form": "call"}, refused)
    return go(request, f"/logs/{post}#{_place(values)}")


def _place(values: dict[str, str]) -> str:
    """Where on the page it was said."""
    line = as_id(values.get("line", ""))
    return f"le-{line}" if line else "talk"


async def again(request: Request, who: Who, id: str, values: dict[str, str], refused: Invalid) -> Response:
    """The log with the form as it was typed, open, and what was wrong with it."""
    shown = await request.app.state.db.read(_one, who, id, request.app.state.settings)
    shown |= {"values": values, "errors": explained(request, refused)}
    return page(request, "logs/logs.html", 422, patience=_patience(request), **shown)


@router.get("/squads/{squad}/logs/today")
async def todays(squad: UUID, request: Request, who: Inside) -> Response:
    """One's own log of today, drafted from today's visits."""
    return await _draft(request, who, today(who.zone), "day", {}, {})


@router.get("/squads/{squad}/logs/{day}")
async def draft(squad: UUID, day: date, request: Request, who: Inside) -> Response:
    """One's own log of another day."""
    return await _draft(request, who, day, "day", {}, {})


@router.get("/squads/{squad}/weeks/this")
async def this_week(squad: UUID, request: Request, who: Inside) -> Response:
    """One's own log of this week, drafted from its days."""
    return await _draft(request, who, today(who.zone), "week", {}, {})


@router.get("/squads/{squad}/weeks/{day}")
async def week(squad: UUID, day: date, request: Request, who: Inside) -> Response:
    """One's own log of the week that a day is in."""
    return await _draft(request, who, day, "week", {}, {})


async def _draft(
    request: Request,
    who: Who,
    day: date,
    kind: str,
    values: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
    theirs: dict[str, Any] | None = None,
) -> Response:
    app = request.app.state
    one = await app.db.read(queries.draft, who, day, kind)
    most, both = app.settings.text_max, theirs or {}
    shown = {"one": one, "values": values, "errors": errors, "theirs": both, "text_max": most}
    shown["problems"] = await app.db.read(marks.problems)
    shown["people"] = await app.db.read(squads.people, who.squad)
    return page(request, "logs/draft.html", status, **shown)


@router.post("/squads/{squad}/logs/{day}")
async def keep(squad: UUID, day: date, request: Request, who: Inside) -> Response:
    """Keeps it, or tells the squad (`send`); what cannot be comes back as it was typed."""
    return await _keep(request, who, day, "day")


@router.post("/squads/{squad}/weeks/{day}")
async def keep_week(squad: UUID, day: date, request: Request, who: Inside) -> Response:
    """The same of a week."""
    return await _keep(request, who, day, "week")


async def _keep(request: Request, who: Who, day: date, kind: str) -> Response:
    app, values = request.app.state, await typed(request)
    await app.limits.write(who)
    most = app.settings.text_max
    try:
        form = await _written(request, who, f"{who.squad} {kind} {day}", values)
        if "send" in values:
            id, _ = await app.db.write(actions.publish, who, day, form, most, kind)
            return go(request, f"/logs/{id}")
        await app.db.write(actions.save, who, day, form, most, kind)
    except Invalid as refused:
        return await _draft(request, who, day, kind, values, explained(request, refused), 422)
    except Conflict as refused:
        return await _both(request, who, day, kind, form, refused)
    return go(request, f"/squads/{who.squad}/{kind if kind == 'week' else 'log'}s/{day}")


async def _written(request: Request, who: Who, about: str, values: dict[str, str]) -> Written:
    """The form with the photos in it kept."""
    sent = await request.form()
    marked = ((name, value) for name, value in sent.multi_items() if isinstance(value, str))
    form = written(values, marked)
    pictures, wrong = await sent_at(request, who, str(uuid5(UUID(who.id), about)), "p-")
    form.photos = [Pictured(id=UUID(id), key=key) for key, ids in pictures.items() for id in ids]
    if wrong:
        raise wrong
    return form


async def _both(
    request: Request, who: Who, day: date, kind: str, form: Written, refused: Conflict
) -> Response:
    """Both versions of what another device has written; saved once more, the one in the field stays."""
    theirs = refused.now or {}
    values = {f"t-{key}": words.text for key, words in form.lines.items()}
    values |= {f"r-{key}": base for key, base in actions.replaced(form.lines, theirs).items()}
    return await _draft(request, who, day, kind, values, {}, 409, theirs)


def _patience(request: Request) -> int:
    return int(request.app.state.settings.live_patience * 1000)
