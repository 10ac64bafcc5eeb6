"""The squad's live page, its threads, and the forms in them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from sqlalchemy import Connection
from starlette.responses import HTMLResponse, Response

from server.access import AUTHOR, IN_SQUAD, ON_POST, Who
from server.answers import by_htmx, explained, go, page
from server.drive import queries as drive
from server.drive.attached import named
from server.drive.queries import Document
from server.errors import Invalid
from server.feed import actions, queries, revisions
from server.feed.state import live_state, thread_state
from server.feed.views import Post, Reply
from server.photos.forms import sent_along
from server.schema import as_id, new_id
from web.render import N_

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form()]


@router.get("/squads/{squad}")
async def live(
    squad: UUID,
    request: Request,
    who: Annotated[Who, Depends(IN_SQUAD)],
    show: str = "all",
    before: Annotated[int | None, Query(ge=0, le=2**31 - 1)] = None,
    after: str = "",
) -> Response:
    """Map and feed of a squad; `after` a visit of one's own with what came meanwhile."""
    app = request.app.state
    only = "wins" if show == "wins" else None
    shown = await app.db.read(live_state, who, app.settings, app.commons, before, only, as_id(after))
    return page(
        request, "feed/live.html", new_id=new_id(), thread=None, errors={}, typed="", **_fixed(app), **shown
    )


def _fixed(app: Any) -> dict[str, Any]:
    return {
        "patience": round(app.settings.live_patience * 1000),
        "text_max": app.settings.text_max,
        "page_size": app.settings.feed_page,
        "sharing_every": app.settings.share_seconds,
        "sharing_metres": app.settings.share_metres,
        "sharing_stale": app.settings.share_stale,
    }


@router.get("/squads/{squad}/posts/{post}")
async def thread(
    squad: UUID, post: UUID, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]
) -> Response:
    """A post and what is said under it: the drawer alone for htmx, else the live page with it open."""
    app = request.app.state
    shown = await app.db.read(thread_state, who, str(post))
    if by_htmx(request):
        return page(request, "feed/thread.html", **shown, **_fixed(app))
    around = await app.db.read(live_state, who, app.settings, app.commons)
    return page(request, "feed/live.html", typed="", **{**around, **shown, "new_id": new_id()}, **_fixed(app))


@router.post("/squads/{squad}/messages")
async def say(squad: UUID, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]) -> Response:
    """A message. The form comes back empty, or with what is wrong; rows come as frames."""
    app, most = request.app.state, request.app.state.settings
    await app.limits.write(who)
    form = await request.form()  # not as parameters: those are read before anybody asks who sends so much
    id, typed = as_id(form.get("new_id")), form.get("text")
    text = typed if isinstance(typed, str) else ""
    if id is None:
        raise Invalid({"new_id": N_("This page is too old. Load it again, then send.")})
    along = await sent_along(request, who, id)
    documents = named(form)
    try:
        if along.wrong:
            raise along.wrong
        photos = [UUID(one) for one in along.ids]
        counts = (photos, most.photo_count, documents)
        await app.db.write(actions.say, who, id, text, most.text_max, None, *counts)
    except Invalid as refused:
        chosen = await app.db.read(drive.visible, who, documents, ())
        return _composer(request, refused, text, id, along.ids, chosen)
    if by_htmx(request):
        return page(request, "feed/composer.html", 201, new_id=new_id(), errors={}, typed="", **_fixed(app))
    return go(request, f"/squads/{squad}")


def _composer(
    request: Request, refused: Invalid, text: str, id: str, kept: list[str], chosen: list[Document]
) -> Response:
    shown = {
        "new_id": id,
        "errors": explained(request, refused),
        "typed": text,
        "kept": kept,
        "chosen": chosen,
    }
    return page(
        request,
        "feed/composer.html" if by_htmx(request) else "feed/say.html",
        422,
        **shown,
        **_fixed(request.app.state),
    )


@router.post("/posts/{post}/replies")
async def reply(
    post: UUID,
    request: Request,
    who: Annotated[Who, Depends(ON_POST)],
    new_id_: Annotated[UUID, Form(alias="new_id")],
    text: Text = "",
    to: Annotated[str, Form()] = "",
) -> Response:
    """A reply under the post, or with `to` under one of its replies."""
    app, documents = request.app.state, named(await request.form())
    await app.limits.write(who)
    target = str(post)
    if to and to != target:
        target = await app.db.read(_reply_target, to, str(post))
    shown: dict[str, Any] = {"post_id": str(post), "reply_id": new_id(), "errors": {}, "reply_typed": ""}
    try:
        words = (str(new_id_), text, app.settings.text_max, None, documents)
        await app.db.write(actions.reply, who, target, *words)
    except Invalid as refused:
        shown["chosen"] = await app.db.read(drive.visible, who, documents, ())
        shown |= {"errors": explained(request, refused), "reply_typed": text, "reply_id": str(new_id_)}
        template = "feed/reply.html" if by_htmx(request) else "feed/answer.html"
        return page(request, template, 422, **shown, **_fixed(app))
    if by_htmx(request):
        return page(request, "feed/reply.html", 201, **shown, **_fixed(app))
    return go(request, f"/squads/{who.squad}/posts/{post}")


def _reply_target(c: Connection, to: str, root: str) -> str:
    """A reply of that thread, or the thread's root when it is gone."""
    try:
        wanted = str(UUID(to))
    except ValueError:
        return root
    found = queries.some_replies(c, [wanted])
    return wanted if wanted in found and found[wanted].root == root else root


@router.post("/posts/{post}/reactions")
async def react(
    post: UUID,
    request: Request,
    who: Annotated[Who, Depends(ON_POST)],
    give: Text = "",
    take: Text = "",
) -> Response:
    """Gives the reaction named, or takes the caller's own back."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(actions.react, who, str(post), give or take, bool(give))
    return Response(status_code=204) if by_htmx(request) else go(request, f"/squads/{who.squad}#p-{post}")


@router.get("/posts/{post}/edit")
async def editing(post: UUID, request: Request, who: Annotated[Who, Depends(AUTHOR)]) -> Response:
    """The form to change one's own words."""
    app = request.app.state
    row = await app.db.read(actions.state, str(post))
    template = "feed/edit.html" if by_htmx(request) else "feed/editing.html"
    return page(request, template, post_id=str(post), typed=row["text"], errors={}, **_fixed(app))


@router.post("/posts/{post}/edit")
async def edit(
    post: UUID, request: Request, who: Annotated[Who, Depends(AUTHOR)], text: Text = ""
) -> Response:
    """Changes one's own words; the new ones come to every screen as a frame."""
    app = request.app.state
    await app.limits.write(who)
    try:
        await app.db.write(actions.edit, who, str(post), text, app.settings.text_max)
    except Invalid as refused:
        shown = {"post_id": str(post), "typed": text, "errors": explained(request, refused)}
        template = "feed/edit.html" if by_htmx(request) else "feed/editing.html"
        return page(request, template, 422, **shown, **_fixed(app))
    if not by_htmx(request):
        return go(request, f"/squads/{who.squad}")
    body = await app.db.read(_words, str(post))
    return HTMLResponse(f'<p class="note"><bdi>{body}</bdi></p>')


def _words(c: Connection, id: str) -> str:
    one = queries.some(c, [id]).get(id) or queries.some_replies(c, [id])[id]
    return str(one.html)


@router.get("/posts/{post}/revisions")
async def earlier(post: UUID, request: Request, who: Annotated[Who, Depends(ON_POST)]) -> Response:
    """What a post said before it was changed."""
    found = await request.app.state.db.read(_earlier, str(post))
    return page(request, "feed/revisions.html", **found)


def _earlier(c: Connection, id: str) -> dict[str, Any]:
    one: Post | Reply = queries.some(c, [id]).get(id) or queries.some_replies(c, [id])[id]
    root = one.root if isinstance(one, Reply) else one.id
    return {"one": one, "root": root, "before": revisions.of_post(c, id)}


@router.post("/posts/{post}/delete")
async def remove(post: UUID, request: Request, who: Annotated[Who, Depends(AUTHOR)]) -> Response:
    """Takes one's own words back."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(actions.remove, who, str(post))
    return Response(status_code=204) if by_htmx(request) else go(request, f"/squads/{who.squad}")
