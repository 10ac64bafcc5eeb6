"""Routes of what is marked on logs: problems, for pages and programs, and the plays a squad has kept."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.responses import Response

from server import journal
from server.access import ADMIN, IN_SQUAD, ON_POST, SIGNED_IN, Who
from server.answers import explained, go, page
from server.errors import Invalid
from server.logs import filing, marks
from server.logs.forms import Filed, Kept, Marked
from server.logs.pages import again
from server.logs.views import Play
from server.members.doors import typed
from server.members.queries import last_squad
from server.schema import as_id, new_id
from server.visits.api import answer
from server.visits.forms import parsed
from web.prose import prose

api = APIRouter(prefix="/api/v1", tags=["logs"])
pages = APIRouter(include_in_schema=False)
On = Annotated[Who, Depends(ON_POST)]
Admin = Annotated[Who, Depends(ADMIN)]


class NewProblem(BaseModel):
    """One more for the company's list."""

    id: UUID
    name: str


@api.get("/problems")
async def listed(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """The problems a line may be marked with."""
    found = await request.app.state.db.read(marks.problems)
    return answer([{"id": one.id, "name": one.name} for one in found])


@api.post("/problems", status_code=201)
async def add(form: NewProblem, request: Request, who: Admin) -> Response:
    """Puts one on the list; a name that is there is the same one."""
    app = request.app.state
    await app.limits.write(who)
    id, created = await app.db.write(marks.add_problem, who, str(form.id), form.name)
    return answer({"id": id, "name": form.name}, 201 if created else 200)


@api.delete("/problems/{problem}", status_code=204)
async def close(problem: UUID, request: Request, who: Admin) -> Response:
    """Takes one off; lines that have it keep it."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(marks.close_problem, who, str(problem))
    return Response(status_code=204)


@api.put("/logs/{post}/problems", status_code=204)
async def mark(post: UUID, form: Marked, request: Request, who: On) -> Response:
    """Which problems a line shows."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(marks.mark, who, str(post), form)
    return Response(status_code=204)


@api.post("/logs/{post}/plays", status_code=201)
async def keep(post: UUID, form: Kept, request: Request, who: On) -> Response:
    """Keeps a line as a play; without words of one's own in its own."""
    app = request.app.state
    await app.limits.write(who)
    id, created = await app.db.write(marks.keep, who, str(post), form)
    found = await app.db.read(marks.plays, who.squad, [str(form.line)])
    return answer(_data(next(one for one in found if one.id == id)), 201 if created else 200)


@api.post("/logs/{post}/file", status_code=201)
async def file(post: UUID, form: Filed, request: Request, who: On) -> Response:
    """Puts something of a line into its customer's file, in the caller's name."""
    app = request.app.state
    await app.limits.write(who)
    id, created = await app.db.write(filing.put, who, str(post), form)
    shown = {"id": id, "line": str(form.line), "kind": form.kind, "text": form.text}
    return answer(shown, 201 if created else 200)


@api.get("/squads/{squad}/plays")
async def kept(squad: UUID, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]) -> Response:
    """What the squad has kept, the last first, each with its source."""
    return answer([_data(one) for one in await request.app.state.db.read(marks.plays, str(squad))])


def _data(one: Play) -> dict[str, Any]:
    return {
        "id": one.id,
        "text": one.text,
        "by": one.by.id,
        "at": journal.stamp(one.at),
        "log": one.log,
        "line": one.line,
        "source": one.source,
        "author": one.author.id,
        "day": one.day.isoformat(),
    }


@pages.get("/squads/{squad}/plays")
async def plays(squad: UUID, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]) -> Response:
    """What the squad has kept from its logs."""
    found = await request.app.state.db.read(marks.plays, str(squad))
    return page(request, "logs/plays.html", plays=found, prose=prose)


@pages.post("/logs/{post}/plays")
async def keep_here(post: UUID, request: Request, who: On) -> Response:
    """Keeps a line."""
    app, values = request.app.state, await typed(request)
    await app.limits.write(who)
    try:
        form = parsed(Kept, {**values, "id": values.get("new_id", "")})
        await app.db.write(marks.keep, who, str(post), form)
    except Invalid as refused:
        return await again(request, who, str(post), {**values, "form": "keep"}, refused)
    return go(request, f"/logs/{post}#le-{form.line}")


@pages.post("/logs/{post}/problems")
async def mark_here(post: UUID, request: Request, who: On) -> Response:
    """Marks a line with what was chosen."""
    app, sent = request.app.state, await request.form()
    await app.limits.write(who)
    values = {"line": str(sent.get("line", "")), "form": "mark"}
    try:
        form = parsed(Marked, {"line": values["line"], "problems": sent.getlist("problem")})
        await app.db.write(marks.mark, who, str(post), form)
    except Invalid as refused:
        return await again(request, who, str(post), values, refused)
    return go(request, f"/logs/{post}#le-{form.line}")


@pages.post("/logs/{post}/file")
async def file_here(post: UUID, request: Request, who: On) -> Response:
    """Puts something of a line into its customer's file."""
    app, values = request.app.state, await typed(request)
    await app.limits.write(who)
    try:
        form = parsed(Filed, {**values, "id": values.get("new_id", "")})
        await app.db.write(filing.put, who, str(post), form)
    except Invalid as refused:
        return await again(request, who, str(post), {**values, "form": "file"}, refused)
    return go(request, f"/logs/{post}#le-{form.line}")


@pages.get("/problems")
async def problems(request: Request, who: Admin) -> Response:
    """The company's list, and on how many lines each stands."""
    return await _list(request, who, {}, {})


async def _list(
    request: Request, who: Who, values: dict[str, str], errors: dict[str, str], status: int = 200
) -> Response:
    shown = await request.app.state.db.read(_shown, who)
    fixed = {"values": values, "errors": errors, "new_id": new_id()}
    return page(request, "logs/problems.html", status, **fixed, **shown)


def _shown(c: Connection, who: Who) -> dict[str, Any]:
    return {"problems": marks.problems(c, closed=True), "squad_id": last_squad(c, who.id)}


@pages.post("/problems")
async def add_here(request: Request, who: Admin) -> Response:
    """Puts one on the list, or back on it."""
    app, values = request.app.state, await typed(request)
    await app.limits.write(who)
    try:
        id = as_id(values.get("new_id")) or new_id()
        await app.db.write(marks.add_problem, who, id, values.get("name", ""))
    except Invalid as refused:
        return await _list(request, who, values, explained(request, refused), 422)
    return go(request, "/problems")


@pages.post("/problems/{problem}/close")
async def close_here(problem: UUID, request: Request, who: Admin) -> Response:
    """Takes one off the list."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(marks.close_problem, who, str(problem))
    return go(request, "/problems")
