"""What somebody who leaves had in hand: who takes what, on one screen; and what one took over."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from server.access import IN_SQUAD, LEAD, Who
from server.answers import explained, go, page
from server.customers import leaving
from server.errors import Invalid
from server.members.doors import typed
from server.schema import as_id

router = APIRouter(include_in_schema=False)
Leader = Annotated[Who, Depends(LEAD)]


@router.get("/squads/{squad}/members/{member}/handover")
async def ask(squad: UUID, member: UUID, request: Request, who: Leader) -> Response:
    """All they have in hand, and who could take it. They see that the caller looked."""
    await request.app.state.limits.write(who)
    return await _ask(request, who, member, {}, {})


async def _ask(
    request: Request,
    who: Who,
    member: UUID,
    values: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    it: Any = await request.app.state.db.write(leaving.looked_at, who, str(member))
    done = request.query_params.get("done") == "1"
    return page(
        request,
        "customers/leaving.html",
        status,
        it=it,
        values=values,
        errors=errors,
        kinds=leaving.KINDS,
        done=done,
    )


@router.post("/squads/{squad}/members/{member}/handover")
async def hand(squad: UUID, member: UUID, request: Request, who: Leader) -> Response:
    """Each to whoever is chosen for it, the others to whoever takes all of their kind."""
    app, values = request.app.state, await typed(request)
    await app.limits.write(who)
    it = await app.db.read(leaving.of, who, str(member))
    wishes = {}
    for one in it.things:
        chosen = values.get(f"{one.kind}-{one.id}") or values.get(f"all-{one.kind}", "")
        if taker := as_id(chosen):
            wishes[one.kind, one.id] = taker
    try:
        await app.db.write(leaving.hand, who, str(member), wishes, app.settings)
    except Invalid as refused:
        return await _ask(request, who, member, values, explained(request, refused), 422)
    return go(request, f"/squads/{squad}/members/{member}/handover?done=1")


@router.get("/squads/{squad}/taken")
async def taken(squad: UUID, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]) -> Response:
    """What the caller took over from those who left."""
    found = await request.app.state.db.read(leaving.taken, who)
    return page(request, "customers/taken.html", found=found)
