"""A squad's sweeps: the list, a new one, one with its lanes and its pact, and its course."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from server import journal
from server.access import IN_SQUAD, LEAD, ON_SWEEP, PLANNER, Who
from server.answers import explained, go, language, page
from server.customers import queries as customers
from server.errors import Conflict, Invalid
from server.feed.state import cursors
from server.members.queries import company
from server.schema import new_id, now
from server.squads import queries as squads
from server.sweeps import arriving, pact, plan, run, show
from server.sweeps.forms import Change, Copy, Make, Rally, State
from server.visits.forms import parsed
from web.render import N_, translate

router = APIRouter(include_in_schema=False)
MODES = {"walk": N_("On foot"), "bike": N_("By bike"), "car": N_("By car")}
PACT = N_(
    "We check in once at every customer, and all of us see it. Between check-ins nobody looks. "
    "Whoever is stuck says so early, and whoever is free goes and helps."
)
NIGHT = timedelta(hours=12)
"""So much earlier on the clock is the next day; more is taken for a slip of the hand."""
WRONG_TIME = N_("Choose a day and a time.")


@router.get("/squads/{squad}/sweeps")
async def of_squad(squad: UUID, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]) -> Response:
    """The squad's sweeps: what runs, what is planned, what was."""
    lines = await request.app.state.db.read(show.listed, str(squad))
    return page(request, "sweeps/list.html", lines=lines)


@router.get("/squads/{squad}/sweeps/new")
async def new(squad: UUID, request: Request, who: Annotated[Who, Depends(LEAD)]) -> Response:
    """The form, filled in with a day that is likely."""
    assert who.squad_zone
    today = now().astimezone(ZoneInfo(who.squad_zone))
    day = today.date() if today.hour < 14 else today.date() + timedelta(days=1)
    given = {"day": day.isoformat(), "starts": "09:00", "rally": "17:30", "mode": "walk"}
    return await _form(request, who, given | {"pact": translate(language(request), PACT)}, {})


def _ground(c: Connection, squad: str) -> tuple[list[Any], bool]:
    """The squad's customers, and whether the town is the demo's."""
    return customers.nearest(c, squad, None, None, "", 2000), company(c).demo


async def _form(
    request: Request,
    who: Who,
    values: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
    one: Any = None,
) -> Response:
    app = request.app.state
    known, demo = await app.db.read(_ground, who.squad)
    id = values.get("new_id") or new_id()
    fixed = {"modes": MODES, "text_max": app.settings.text_max, "one": one, "customers": known, "town": demo}
    return page(request, "sweeps/edit.html", status, values=values, errors=errors, new_id=id, **fixed)


async def typed(request: Request) -> dict[str, str]:
    """The fields of a form that are text."""
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


def _following(earlier: datetime, clock: time) -> datetime:
    """When a clock shows that time after `earlier`: on the same day, or in the night that follows."""
    same_day = datetime.combine(earlier.date(), clock, earlier.tzinfo)
    next_day = same_day + timedelta(days=1)
    return next_day if same_day < earlier and next_day - earlier <= NIGHT else same_day


def _when(who: Who, values: dict[str, str]) -> dict[str, Any]:
    """A day and times of it, as the squad's clock shows them; after midnight it is the next day."""
    assert who.squad_zone
    zone = ZoneInfo(who.squad_zone)
    try:
        day = date.fromisoformat(values.get("day", ""))
        start, rally = (time.fromisoformat(values.get(name, "")) for name in ("starts", "rally"))
        end = time.fromisoformat(values["ends"]) if values.get("ends") else None
        begins = datetime.combine(day, start, zone)
        meets = _following(begins, rally)
        ends = _following(meets, end) if end else meets + plan.AFTER_RALLY
    except (ValueError, OverflowError):
        raise Invalid({"day": WRONG_TIME}) from None
    return {"starts_at": begins, "rally_at": meets, "ends_at": ends}


def _rally(values: dict[str, str]) -> Rally | None:
    """A customer, or a point on the map with a name."""
    if customer_id := values.get("rally_customer"):
        return parsed(Rally, {"customer_id": customer_id})
    if not values.get("lat"):
        return None
    place = {"lat": values.get("lat"), "lon": values.get("lon")}
    return parsed(Rally, {"name": values.get("rally_name", ""), "position": place})


@router.post("/squads/{squad}/sweeps")
async def make(squad: UUID, request: Request, who: Annotated[Who, Depends(LEAD)]) -> Response:
    """Plans a sweep, then leads to its lanes."""
    app, values = request.app.state, await typed(request)
    await app.limits.write(who)
    try:
        rally = _rally(values) or Rally()
        given = {**_when(who, values), "id": values.get("new_id"), "rally": rally, "mode": values.get("mode")}
        form = parsed(Make, given | {"name": values.get("name", ""), "pact": values.get("pact", "")})
        made = await app.db.write(plan.make, who, form, app.settings)
    except Invalid as refused:
        return await _form(request, who, values, explained(request, refused), 422)
    return go(request, f"/sweeps/{made.data['id']}/plan")


def _read(c: Connection, who: Who, id: str) -> dict[str, Any]:
    assert who.squad
    at = {key: journal.head(c, key) for key in (who.squad, "company", f"me:{who.id}")}
    return {"streams": cursors(at), "sweep": show.one(c, id), "people": squads.people(c, who.squad)}


async def shown(request: Request, who: Who, id: str, wrong: str = "", status: int = 200) -> Response:
    """The sweep's page; `wrong` says what could not be done."""
    app = request.app.state
    given = await app.db.read(_read, who, id)
    fixed = {"patience": round(app.settings.live_patience * 1000), "modes": MODES}
    mine = given["sweep"].lane_of(who.id)
    return page(request, "sweeps/sweep.html", status, wrong=wrong, mine=mine, new_id=new_id, **fixed, **given)


def words(request: Request, refused: Conflict | Invalid) -> str:
    """What a refusal says, in the reader's language."""
    if isinstance(refused, Invalid):
        return " ".join(explained(request, refused).values())
    return translate(language(request), str(refused.args[0]), **refused.values)


@router.get("/sweeps/{sweep}")
async def one(sweep: UUID, request: Request, who: Annotated[Who, Depends(ON_SWEEP)]) -> Response:
    """Who goes where, what all agreed to, and how it goes."""
    return await shown(request, who, str(sweep))


@router.get("/sweeps/{sweep}/edit")
async def edit(sweep: UUID, request: Request, who: Annotated[Who, Depends(PLANNER)]) -> Response:
    """Its words, times and rally point."""
    assert who.squad_zone
    found = await request.app.state.db.read(show.one, str(sweep))
    row, zone = found.row, ZoneInfo(who.squad_zone)
    clocks = {
        name: getattr(row, column).astimezone(zone).strftime("%H:%M")
        for name, column in (("starts", "starts_at"), ("rally", "rally_at"), ("ends", "ends_at"))
    }
    values = {"name": row.name, "day": row.local_date.isoformat(), "mode": row.mode, "pact": row.pact}
    values |= clocks | {"rally_customer": row.rally_customer or "", "rally_name": row.rally_name}
    values |= {"lat": str(row.rally_lat), "lon": str(row.rally_lon), "changed": str(row.changed)}
    return await _form(request, who, values, {}, one=found)


@router.post("/sweeps/{sweep}/edit")
async def change(sweep: UUID, request: Request, who: Annotated[Who, Depends(PLANNER)]) -> Response:
    """Changes them; whoever agreed to another pact is asked again."""
    app, values = request.app.state, await typed(request)
    await app.limits.write(who)
    try:
        given: dict[str, Any] = {**_when(who, values), "rally": _rally(values)}
        given |= {name: values.get(name) for name in ("changed", "name", "mode", "pact")}
        await app.db.write(plan.change, who, str(sweep), parsed(Change, given), app.settings)
    except (Invalid, Conflict) as refused:
        found = await app.db.read(show.one, str(sweep))
        stale = isinstance(refused, Conflict)
        errors = {"form": words(request, refused)} if stale else explained(request, refused)  # type: ignore[arg-type]
        return await _form(request, who, values, errors, 409 if stale else 422, found)
    return go(request, f"/sweeps/{sweep}")


@router.post("/sweeps/{sweep}/state")
async def set_state(sweep: UUID, request: Request, who: Annotated[Who, Depends(PLANNER)]) -> Response:
    """Starts, pauses, goes on, ends."""
    app, values = request.app.state, await typed(request)
    await app.limits.write(who)
    try:
        await app.db.write(run.set_state, who, str(sweep), parsed(State, values))
    except (Conflict, Invalid) as refused:
        return await shown(request, who, str(sweep), words(request, refused), refused.status)
    return go(request, f"/squads/{who.squad}" if values["state"] == "running" else f"/sweeps/{sweep}")


@router.post("/sweeps/{sweep}/copies")
async def copy(sweep: UUID, request: Request, who: Annotated[Who, Depends(PLANNER)]) -> Response:
    """The same once more on another day."""
    app, values = request.app.state, await typed(request)
    await app.limits.write(who)
    assert who.squad_zone
    found = await app.db.read(show.one, str(sweep))
    try:
        first = found.row.starts_at.astimezone(ZoneInfo(who.squad_zone))
        try:
            day = date.fromisoformat(values.get("day", ""))
        except ValueError:
            raise Invalid({"day": WRONG_TIME}) from None
        start = datetime.combine(day, first.time(), first.tzinfo)
        made = await app.db.write(
            plan.copy, who, str(sweep), parsed(Copy, {"id": values.get("new_id"), "starts_at": start})
        )
    except (Conflict, Invalid) as refused:
        return await shown(request, who, str(sweep), words(request, refused), refused.status)
    return go(request, f"/sweeps/{made.data['id']}")


@router.post("/sweeps/{sweep}/pact")
async def agree(sweep: UUID, request: Request, who: Annotated[Who, Depends(ON_SWEEP)]) -> Response:
    """Agrees to the pact as it was read."""
    app, values = request.app.state, await typed(request)
    await app.limits.write(who)
    read = values.get("v", "")
    try:
        await app.db.write(
            pact.agree, who, str(sweep), int(read) if read.isdecimal() and len(read) < 9 else 0
        )
    except Conflict as refused:
        return await shown(request, who, str(sweep), words(request, refused), refused.status)
    return go(request, f"/sweeps/{sweep}")


@router.post("/sweeps/{sweep}/arrival")
async def arrive(sweep: UUID, request: Request, who: Annotated[Who, Depends(ON_SWEEP)]) -> Response:
    """The caller is at the rally point."""
    app = request.app.state
    await app.limits.write(who)
    try:
        await app.db.write(arriving.arrive, who, str(sweep), now())
    except Conflict as refused:
        return await shown(request, who, str(sweep), words(request, refused), refused.status)
    return go(request, f"/squads/{who.squad}")
