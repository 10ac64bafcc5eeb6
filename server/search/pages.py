"""The page one searches on: a box, filters, results with what was looked for marked."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError
from sqlalchemy import Connection, select
from starlette.responses import Response

from server.access import SIGNED_IN, Who
from server.answers import page
from server.feed.queries import persons
from server.feed.views import Person
from server.members.queries import last_squad
from server.search.documents import everything
from server.search.queries import KINDS, PAGE, Results, Wanted
from server.squads import queries as squads
from server.squads.models import membership

router = APIRouter(include_in_schema=False)


@router.get("/search")
async def search(
    request: Request, who: Annotated[Who, Depends(SIGNED_IN)], q: str = "", person: str = ""
) -> Response:
    """Everything with these words that the caller may see; who looks for one person's is seen by them."""
    asked = wanted(request)
    found = await results(request, who, asked)
    shown = await request.app.state.db.read(_frame, who)
    return page(request, "search/search.html", it=found, wanted=asked, kinds=KINDS, **shown)


async def results(request: Request, who: Who, asked: Wanted, most: int = PAGE) -> Results:
    """What is found, with what was said a moment ago; another's words are gone through before their eyes."""
    app = request.app.state
    await app.search.settled()
    if asked.person and str(asked.person) != who.id:
        await app.limits.write(who)
        looked: Results = await app.db.write(everything, who, asked, most)
        return looked
    found: Results = await app.db.read(everything, who, asked, most)
    return found


def wanted(request: Request) -> Wanted:
    """What the address asks for; a field of nonsense is nothing."""
    asked = {
        name: request.query_params[name] for name in Wanted.model_fields if request.query_params.get(name)
    }
    asked["q"] = asked.get("q", "")[:120]
    try:
        return Wanted.model_validate(asked)
    except ValidationError as wrong:
        bad = {error["loc"][0] for error in wrong.errors()}
        return Wanted.model_validate({name: value for name, value in asked.items() if name not in bad})


def _frame(c: Connection, who: Who) -> dict[str, Any]:
    mine = squads.mine(c, who.id)
    return {"squads": mine, "squad_id": last_squad(c, who.id), "people": _people(c, [one.id for one in mine])}


def _people(c: Connection, mine: list[str]) -> list[Person]:
    """Who is in the caller's squads, by name."""
    here = membership.c.squad.in_(mine) & membership.c.left_at.is_(None)
    found = persons(c, set(c.scalars(select(membership.c.member).where(here).distinct())))
    return sorted(found.values(), key=lambda one: one.name)
