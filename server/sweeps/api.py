"""JSON routes of sweeps."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from server.access import IN_SQUAD, LEAD, ON_SWEEP, PLANNER, Who
from server.schema import now
from server.sweeps import ahead, arriving, lanes, pact, plan, queries, run, standing, stops
from server.sweeps.forms import Change, Copy, Make, Plan, State, Stop, There, Yes
from server.visits.api import answer

router = APIRouter(prefix="/api/v1", tags=["sweeps"])


@router.get("/squads/{squad}/sweeps")
async def of_squad(squad: UUID, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]) -> Response:
    """The squad's sweeps, the latest day first, without their plans."""
    return answer(await request.app.state.db.read(queries.of_squad, str(squad)))


@router.post("/squads/{squad}/sweeps", status_code=201)
async def make(squad: UUID, form: Make, request: Request, who: Annotated[Who, Depends(LEAD)]) -> Response:
    """Plans a sweep; the same author and id again: 200, the same sweep."""
    app = request.app.state
    await app.limits.write(who)
    made = await app.db.write(plan.make, who, form, app.settings)
    return answer(made.data, 201 if made.created else 200)


@router.get("/sweeps/{sweep}")
async def one(sweep: UUID, request: Request, who: Annotated[Who, Depends(ON_SWEEP)]) -> Response:
    """A sweep: its lanes and stops, who agreed to the pact, open offers, who has arrived."""
    return answer(await request.app.state.db.read(queries.state, str(sweep)))


@router.patch("/sweeps/{sweep}")
async def change(
    sweep: UUID, form: Change, request: Request, who: Annotated[Who, Depends(PLANNER)]
) -> Response:
    """Changes what it says; 409 with the sweep as it is where somebody else was first."""
    app = request.app.state
    await app.limits.write(who)
    return answer(await app.db.write(plan.change, who, str(sweep), form, app.settings))


@router.post("/sweeps/{sweep}/copies", status_code=201)
async def copy(sweep: UUID, form: Copy, request: Request, who: Annotated[Who, Depends(PLANNER)]) -> Response:
    """The same once more on another day; the same author and id again: 200, the first copy."""
    app = request.app.state
    await app.limits.write(who)
    made = await app.db.write(plan.copy, who, str(sweep), form)
    return answer(made.data, 201 if made.created else 200)


@router.put("/sweeps/{sweep}/plan")
async def save(sweep: UUID, form: Plan, request: Request, who: Annotated[Who, Depends(PLANNER)]) -> Response:
    """Saves all lanes and stops; 409 with the sweep as it is where somebody else was first."""
    app = request.app.state
    await app.limits.write(who)
    return answer(await app.db.write(lanes.save, who, str(sweep), form))


@router.put("/sweeps/{sweep}/state")
async def set_state(
    sweep: UUID, form: State, request: Request, who: Annotated[Who, Depends(PLANNER)]
) -> Response:
    """Starts, pauses, goes on or ends; the same again changes nothing."""
    app = request.app.state
    await app.limits.write(who)
    return answer(await app.db.write(run.set_state, who, str(sweep), form))


@router.put("/sweeps/{sweep}/pact")
async def agree(sweep: UUID, form: Yes, request: Request, who: Annotated[Who, Depends(ON_SWEEP)]) -> Response:
    """Agrees to the pact in the version that was read; 409 where it reads otherwise now."""
    app = request.app.state
    await app.limits.write(who)
    members = await app.db.write(pact.agree, who, str(sweep), form.v)
    return answer({"sweep": str(sweep), "v": form.v, "yes": members})


@router.post("/sweeps/{sweep}/stops", status_code=201)
async def add_stop(
    sweep: UUID, form: Stop, request: Request, who: Annotated[Who, Depends(ON_SWEEP)]
) -> Response:
    """One more stop, also on the way; a customer who is in the sweep already: 200, that stop."""
    app = request.app.state
    await app.limits.write(who)
    made = await app.db.write(stops.add, who, str(sweep), form)
    return answer(made.data, 201 if made.created else 200)


@router.put("/sweeps/{sweep}/arrival")
async def arrive(
    sweep: UUID, form: There, request: Request, who: Annotated[Who, Depends(ON_SWEEP)]
) -> Response:
    """The caller is at the rally point."""
    app = request.app.state
    await app.limits.write(who)
    there = await app.db.write(arriving.arrive, who, str(sweep), form.at)
    return answer({"sweep": str(sweep), "arrived": there})


@router.delete("/sweeps/{sweep}/arrival")
async def go_on(sweep: UUID, request: Request, who: Annotated[Who, Depends(ON_SWEEP)]) -> Response:
    """The caller is not there after all; 409 once all have met."""
    app = request.app.state
    await app.limits.write(who)
    there = await app.db.write(arriving.go_on, who, str(sweep))
    return answer({"sweep": str(sweep), "arrived": there})


@router.get("/sweeps/{sweep}/convergence")
async def convergence(sweep: UUID, request: Request, who: Annotated[Who, Depends(ON_SWEEP)]) -> Response:
    """Who is how far from the rally, nearest first, and the squad's sums."""
    return answer(await request.app.state.db.read(_convergence, str(sweep)))


def _convergence(c: Connection, id: str) -> dict[str, Any]:
    return {"sweep": id, **standing.as_data(standing.load(c, id), now())}


@router.get("/sweeps/{sweep}/next")
async def next_up(sweep: UUID, request: Request, who: Annotated[Who, Depends(ON_SWEEP)]) -> Response:
    """Where the caller goes next: a stop, then the rally point; and whether they agreed to the pact."""
    made = await request.app.state.db.read(ahead.mine, str(sweep), who.id)
    return answer(ahead.as_data(made, str(sweep), who.locale))
