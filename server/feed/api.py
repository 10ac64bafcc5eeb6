"""JSON routes of the feed and of the journal behind it."""

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime, BaseModel, field_validator
from sqlalchemy import Connection
from starlette.responses import Response

from channels.frame import Entry
from channels.position import Position
from server import journal
from server.access import AUTHOR, IN_SQUAD, ON_POST, Who
from server.errors import Conflict, Invalid
from server.feed import actions, marks, queries, revisions
from server.feed.views import Post, Reply
from server.photos.queries import as_data as photo_data
from server.visits.api import answer
from server.visits.forms import sane
from server.visits.queries import state as visit_state
from web.render import N_

router = APIRouter(prefix="/api/v1", tags=["feed"])


class Words(BaseModel):
    """What somebody says, under an id made on the phone; `captured_at` when it waited there. `documents`: of
    the drive, which the whole squad sees; with them words need not be.
    """

    id: UUID
    text: str = ""
    documents: list[UUID] = []
    captured_at: AwareDatetime | None = None

    _sane = field_validator("captured_at")(sane)


class Message(Words):
    """Words to the squad, photos, which may be on their way still, or documents, or all of them."""

    photos: list[UUID] = []


class Edited(BaseModel):
    """New words for one's own post."""

    text: str


class Mark(BaseModel):
    """How far the caller has read; `back` when they have just come to where they read it."""

    offset: int
    back: bool = False


@router.post("/squads/{squad}/messages", status_code=201)
async def say(
    squad: UUID, form: Message, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]
) -> Response:
    """A message; the same author and id again: 200, the same message."""
    app, most = request.app.state, request.app.state.settings
    await app.limits.write(who)
    words = (str(form.id), form.text, most.text_max, form.captured_at, form.photos, most.photo_count)
    said = await app.db.write(actions.say, who, *words, form.documents)
    return answer(said.post, 201 if said.created else 200)


@router.post("/posts/{post}/replies", status_code=201)
async def reply(post: UUID, form: Words, request: Request, who: Annotated[Who, Depends(ON_POST)]) -> Response:
    """A reply under a post or under a reply."""
    app = request.app.state
    await app.limits.write(who)
    words = (str(form.id), form.text, app.settings.text_max, form.captured_at, form.documents)
    said = await app.db.write(actions.reply, who, str(post), *words)
    return answer(said.post, 201 if said.created else 200)


@router.patch("/posts/{post}")
async def edit(post: UUID, form: Edited, request: Request, who: Annotated[Who, Depends(AUTHOR)]) -> Response:
    """Changes one's own words."""
    app = request.app.state
    await app.limits.write(who)
    return answer(await app.db.write(actions.edit, who, str(post), form.text, app.settings.text_max))


@router.delete("/posts/{post}", status_code=204)
async def remove(post: UUID, request: Request, who: Annotated[Who, Depends(AUTHOR)]) -> Response:
    """Takes one's own words back."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(actions.remove, who, str(post))
    return Response(status_code=204)


@router.put("/posts/{post}/reactions/{kind}")
async def react(post: UUID, kind: str, request: Request, who: Annotated[Who, Depends(ON_POST)]) -> Response:
    """Cheer, encourage, or one of the fixed emoji."""
    return await _react(post, kind, request, who, True)


@router.delete("/posts/{post}/reactions/{kind}")
async def unreact(post: UUID, kind: str, request: Request, who: Annotated[Who, Depends(ON_POST)]) -> Response:
    """Takes the caller's reaction away."""
    return await _react(post, kind, request, who, False)


async def _react(post: UUID, kind: str, request: Request, who: Who, on: bool) -> Response:
    app = request.app.state
    await app.limits.write(who)
    now_are = await app.db.write(actions.react, who, str(post), kind, on)
    return answer({"post": str(post), "reactions": now_are})


@router.get("/squads/{squad}/posts")
async def posts(
    squad: UUID,
    request: Request,
    who: Annotated[Who, Depends(IN_SQUAD)],
    before: Annotated[int | None, Query(ge=0, le=2**31 - 1)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """The feed, newest first; `before` is a post's `offset`."""
    return answer(await request.app.state.db.read(_page, str(squad), limit, before))


def _page(c: Connection, squad: str, limit: int, before: int | None) -> list[dict[str, Any]]:
    return [_post(c, post) for post in queries.page(c, squad, limit, before)]


def _post(c: Connection, post: Post) -> dict[str, Any]:
    return {
        "id": post.id,
        "offset": post.n,
        "kind": post.kind,
        "author": post.author.id,
        "at": journal.stamp(post.at),
        "text": post.text,
        "visit": visit_state(c, post.id) if post.visit else None,
        "photos": photo_data(post.photos),
        "documents": [one.id for one in post.documents],
        "reactions": {one.kind: [person.id for person in one.who] for one in post.reactions},
        "reply_count": post.reply_count,
    }


@router.get("/posts/{post}/replies")
async def replies(post: UUID, request: Request, who: Annotated[Who, Depends(ON_POST)]) -> Response:
    """The thread under a post, oldest first."""
    found = await request.app.state.db.read(queries.thread, str(post))
    return answer([_said(one) for one in found])


@router.get("/posts/{post}/revisions")
async def earlier(post: UUID, request: Request, who: Annotated[Who, Depends(ON_POST)]) -> Response:
    """What a post said before it was changed, the last first."""
    found = await request.app.state.db.read(revisions.of_post, str(post))
    return answer([asdict(one) | {"replaced_at": journal.stamp(one.replaced_at)} for one in found])


def _said(one: Reply) -> dict[str, Any]:
    return {
        "id": one.id,
        "author": one.author.id,
        "at": journal.stamp(one.at),
        "text": one.text,
        "documents": [hung.id for hung in one.documents],
        "reactions": {felt.kind: [person.id for person in felt.who] for felt in one.reactions},
        "replies": [_said(under) for under in one.replies],
    }


@router.get("/squads/{squad}/journal")
async def history(
    squad: UUID,
    request: Request,
    who: Annotated[Who, Depends(IN_SQUAD)],
    after: Annotated[str, Query(max_length=40)] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> Response:
    """Entries after `<epoch>.<offset>`; 409 `reset` when that epoch is over."""
    db = request.app.state.db
    head = await db.read(journal.head, str(squad))
    start = 0
    if after:
        try:
            asked = Position.parse(after)
        except ValueError:
            raise Invalid({"after": N_("This place in the journal does not exist.")}) from None
        if asked.epoch != head.epoch or asked.offset > head.offset:
            raise Conflict(N_("The journal has begun anew. Load the state again."))
        start = asked.offset
    entries = await db.read(journal.history, str(squad), start, limit)
    place = {"epoch": head.epoch, "offset": head.offset}
    return answer({"head": place, "entries": [entry_data(entry) for entry in entries]})


def entry_data(entry: Entry) -> dict[str, Any]:
    """An entry as `/journal` shows it: what a data frame says of it."""
    return {
        "kind": entry.kind,
        "stream": entry.stream,
        "epoch": entry.epoch,
        "offset": entry.offset,
        "at": entry.captured_at,
        "recorded_at": entry.recorded_at,
        "actor": entry.actor,
        "subject": entry.subject,
        "data": entry.data,
    }


@router.put("/squads/{squad}/read-mark", status_code=204)
async def read_to(
    squad: UUID, form: Mark, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]
) -> Response:
    """Notes how far the caller has read; it only moves forward."""
    app = request.app.state
    await app.limits.write(who)
    absence = app.settings.absence
    await app.db.write(marks.read_to, who, str(squad), form.offset, form.back, absence)
    return Response(status_code=204)
