"""The lanes of a sweep: who visits whom in which order, by hand or proposed."""

from datetime import timedelta
from typing import Annotated, Any, NamedTuple
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection, select
from starlette.datastructures import FormData
from starlette.responses import Response

from server import journal
from server.access import PLANNER, Who
from server.answers import go, page
from server.customers import queries as customers
from server.errors import Conflict, Invalid, NotFound
from server.feed.state import cursors
from server.members.queries import company
from server.schema import as_id, new_id, now
from server.squads import queries as squads
from server.sweeps import lanes, proposals, queries, show
from server.sweeps.forms import Ask, Plan, Take
from server.sweeps.pages import words
from server.territories.area import holds
from server.territories.models import territory
from server.visits.forms import parsed

router = APIRouter(include_in_schema=False)
OUT = "-"
"""Said of a stop that is to be in the sweep no longer."""


class Chosen(NamedTuple):
    """Which customers are offered: not visited for so many days, in a territory (empty: anywhere)."""

    since: int
    territory: str


def _read(c: Connection, who: Who, id: str, chosen: Chosen) -> dict[str, Any]:
    assert who.squad
    at = {key: journal.head(c, key) for key in (who.squad, f"me:{who.id}")}
    made = show.one(c, id)
    known = customers.nearest(c, who.squad, None, None, "", 2000)
    inside = {
        stop.customer_id for some in (*(lane.stops for lane in made.lanes), made.loose) for stop in some
    }
    line = now() - timedelta(days=chosen.since)
    free = [one for one in known if one.id not in inside and one.id != made.row.rally_customer]
    lands = _lands(c, free)
    if there := lands.get(chosen.territory):
        free = [one for one in free if one.id in there.customers]
    return {
        "streams": cursors(at),
        "sweep": made,
        "areas": {lane["member"]: lane["area"] for lane in queries.plan(c, id)["lanes"]},
        "places": {one.id: [one.lon, one.lat] for one in known if one.lat is not None},
        "lands": lands,
        "free": [one for one in free if one.last_visit is None or one.last_visit < line],
        "people": squads.people(c, who.squad),
        "proposal": _proposal(c, id),
        "town": company(c).demo,
    }


class Land(NamedTuple):
    """A territory with an outline, and the customers within it who are not in the sweep yet."""

    name: str
    customers: set[str]


def _lands(c: Connection, free: list[customers.Near]) -> dict[str, Land]:
    """The territories in whose outline some of them lie, by name."""
    query = select(territory.c.id, territory.c.name, territory.c.area).where(territory.c.closed_at.is_(None))
    found = {}
    for row in c.execute(
        query.where(territory.c.area.is_not(None)).order_by(territory.c.name, territory.c.id)
    ):
        placed = ((one.id, one.lat, one.lon) for one in free if one.lat is not None and one.lon is not None)
        if there := {id for id, lat, lon in placed if holds(row.area, lat, lon)}:
            found[row.id] = Land(row.name, there)
    return found


def _proposal(c: Connection, id: str) -> dict[str, Any] | None:
    try:
        return proposals.show(c, id)
    except NotFound:
        return None


async def shown(request: Request, who: Who, id: str, wrong: str = "", status: int = 200) -> Response:
    """The plan as it is; `wrong` says what could not be done."""
    app = request.app.state
    asked = request.query_params.get("since", "0")
    since = int(asked) if asked.isdecimal() and len(asked) < 5 else 0
    chosen = Chosen(since, as_id(request.query_params.get("territory")) or "")
    given = await app.db.read(_read, who, id, chosen)
    fixed = {"patience": round(app.settings.live_patience * 1000), "new_id": new_id(), "chosen": chosen}
    return page(request, "sweeps/plan.html", status, wrong=wrong, **fixed, **given)


@router.get("/sweeps/{sweep}/plan")
async def plan(sweep: UUID, request: Request, who: Annotated[Who, Depends(PLANNER)]) -> Response:
    """All lanes, and the customers that are in none."""
    return await shown(request, who, str(sweep))


def planned(form: FormData) -> Plan:
    """The page's form as a plan: `stop`s in their order, each with the member it goes `in-…`."""
    did, _, about = str(form.get("do", "save")).partition(":")
    order = [str(one) for one in form.getlist("stop")]
    if did in ("up", "down") and about in order:
        order = _nudged(order, lambda one: str(form.get(f"in-{one}", "")), about, -1 if did == "up" else 1)
    to = {one: str(form.get(f"in-{one}", "")) for one in order}
    for added in form.getlist("add"):
        to.setdefault(str(added), str(form.get("to", "")))
    members = [str(one) for one in form.getlist("lane")]
    members += [one for one in dict.fromkeys(to.values()) if one not in ("", OUT, *members)]
    made = [
        {
            "member": one,
            "name": form.get(f"name-{one}", ""),
            "area": _area(str(form.get(f"area-{one}", ""))),
            "stops": [stop for stop, lane in to.items() if lane == one],
        }
        for one in members
        if one in to.values() or form.get(f"keep-{one}")
    ]
    loose = [stop for stop, lane in to.items() if lane == ""]
    return parsed(Plan, {"changed": form.get("changed"), "lanes": made, "loose": loose})


def _nudged(order: list[str], lane_of: Any, one: str, by: int) -> list[str]:
    """One place earlier or later among those of its lane."""
    mine = [other for other in order if lane_of(other) == lane_of(one)]
    at = mine.index(one) + by
    if 0 <= at < len(mine):
        here, there = order.index(one), order.index(mine[at])
        order[here], order[there] = order[there], order[here]
    return order


def _area(text: str) -> Any:
    try:
        return orjson.loads(text) if text else None
    except orjson.JSONDecodeError:
        return text


@router.post("/sweeps/{sweep}/plan")
async def save(sweep: UUID, request: Request, who: Annotated[Who, Depends(PLANNER)]) -> Response:
    """Saves all lanes at once; where somebody else was first, nothing is overwritten."""
    app = request.app.state
    await app.limits.write(who)
    form = await request.form()
    try:
        await app.db.write(lanes.save, who, str(sweep), planned(form))
    except (Conflict, Invalid) as refused:
        return await shown(request, who, str(sweep), words(request, refused), refused.status)
    return go(request, f"/sweeps/{sweep}/plan" if form.get("do", "save") != "save" else f"/sweeps/{sweep}")


@router.post("/sweeps/{sweep}/proposal")
async def propose(sweep: UUID, request: Request, who: Annotated[Who, Depends(PLANNER)]) -> Response:
    """Has lanes proposed for everything that is in the plan and not visited yet."""
    app = request.app.state
    await app.limits.write(who)
    form = await request.form()
    try:
        goers = [{"member": one} for one in form.getlist("goer")]
        asked = {"id": form.get("new_id"), "members": goers or None, "customers": form.getlist("add")}
        begun = await app.db.write(proposals.begin, who, str(sweep), parsed(Ask, asked))
    except (Conflict, Invalid) as refused:
        return await shown(request, who, str(sweep), words(request, refused), refused.status)
    if begun.problem is not None:
        app.proposing.start(str(sweep), str(asked["id"]), begun.problem)
    return go(request, f"/sweeps/{sweep}/plan")


@router.post("/sweeps/{sweep}/proposal/take")
async def take(sweep: UUID, request: Request, who: Annotated[Who, Depends(PLANNER)]) -> Response:
    """What was proposed is the plan from now on."""
    app = request.app.state
    await app.limits.write(who)
    form = await request.form()
    try:
        await app.db.write(proposals.take, who, str(sweep), parsed(Take, {"id": form.get("id")}))
    except (Conflict, Invalid) as refused:
        return await shown(request, who, str(sweep), words(request, refused), refused.status)
    return go(request, f"/sweeps/{sweep}/plan")


@router.post("/sweeps/{sweep}/proposal/drop")
async def drop(sweep: UUID, request: Request, who: Annotated[Who, Depends(PLANNER)]) -> Response:
    """The search ends; what it found is gone."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(proposals.drop, str(sweep))
    app.proposing.end(str(sweep))
    return go(request, f"/sweeps/{sweep}/plan")
