"""Planning a sweep: make one, change what it says, copy a past one."""

from datetime import timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, insert, select, update

from config.settings import Settings
from server.access import Who
from server.customers.models import customer, customer_squad
from server.errors import Conflict, Invalid, together
from server.schema import new_id, now
from server.sweeps import queries, run, telling
from server.sweeps.forms import Change, Copy, Make, Mode, Rally
from server.sweeps.models import lane, stop, sweep
from server.text import checked
from server.text import name as checked_name
from web.render import N_

AFTER_RALLY = timedelta(minutes=30)
LONGEST = timedelta(hours=24)
MEANWHILE = N_("Somebody else has changed this sweep meanwhile. Look at it as it is now, then go on.")


class Made(NamedTuple):
    """A sweep, a stop or an offer as outsiders see it, and whether this request made it."""

    data: dict[str, Any]
    created: bool


def make(c: Connection, who: Who, form: Make, settings: Settings) -> Made:
    """A new sweep of the caller's squad, planned. The same id again answers with the first result."""
    assert who.squad
    if (known := _same(c, who, str(form.id))) is not None:
        return Made(queries.state(c, known), False)
    ends = form.ends_at or form.rally_at + AFTER_RALLY
    values = {
        "starts_at": form.starts_at,
        "rally_at": form.rally_at,
        "ends_at": ends,
        **_words(form.name, form.pact, settings.text_max),
        **_rally(c, who, form.rally),
        **_pace(form, settings),
    }
    return Made(_insert(c, who, str(form.id), values), True)


def copy(c: Connection, who: Who, id: str, form: Copy) -> Made:
    """A past sweep once more on another day: rally, lanes, stops and pact as they were, nothing done yet."""
    if (known := _same(c, who, str(form.id))) is not None:
        return Made(queries.state(c, known), False)
    old = c.execute(select(sweep).where(sweep.c.id == id)).one()
    later = form.starts_at - old.starts_at
    kept = ("rally_name", "rally_lat", "rally_lon", "rally_customer", "mode", "speed_kmh", "detour")
    values = {key: old._mapping[key] for key in (*kept, "visit_minutes", "pact")}
    values |= {key: old._mapping[key] + later for key in ("starts_at", "rally_at", "ends_at")}
    values |= {"name": checked_name("name", form.name or old.name), "copied_from": id}
    made = _insert(c, who, str(form.id), values)
    _copy_plan(c, id, made["id"], queries.participants(c, id))
    row = telling.locked(c, made["id"])
    lanes = {one["id"] for one in queries.plan(c, row.id)["lanes"]}
    telling.tell_lanes(c, row, who.id, lanes, loose=True)
    return Made(queries.state(c, row.id), True)


def change(c: Connection, who: Who, id: str, form: Change, settings: Settings) -> dict[str, Any]:
    """Other words, times, rally or pace. A changed pact is asked of everybody again."""
    row = telling.locked(c, id, planning=True)
    values: dict[str, Any] = {
        key: value
        for key in ("starts_at", "rally_at", "ends_at", "speed_kmh", "detour", "visit_minutes")
        if (value := getattr(form, key)) is not None
    }
    if form.mode is not None and form.mode != row.mode:
        values = {**_defaults(form.mode, settings), **values}
    name, pact = form.name, form.pact
    values |= _words(
        row.name if name is None else name, row.pact if pact is None else pact, settings.text_max
    )
    if form.rally is not None:
        values |= _rally(c, who, form.rally)
    values = {key: value for key, value in values.items() if row._mapping[key] != value}
    if not values:
        return queries.state(c, id)
    if form.changed != row.changed:
        raise Conflict(MEANWHILE, now=queries.state(c, id))
    if "pact" in values:
        values["pact_v"] = row.pact_v + 1
    values |= _times(who, {**row._mapping, **values})
    c.execute(update(sweep).where(sweep.c.id == id).values(**values))
    if "ends_at" in values and row.state in queries.LIVE:
        run.end_at(c, id, values["ends_at"])
    telling.count(c, id)
    telling.tell_head(c, id, who.id)
    return queries.state(c, id)


def _same(c: Connection, who: Who, client_id: str) -> str | None:
    mine = (sweep.c.made_by == who.id) & (sweep.c.client_id == client_id)
    return c.scalar(select(sweep.c.id).where(mine))


def _insert(c: Connection, who: Who, client_id: str, values: dict[str, Any]) -> dict[str, Any]:
    taken = c.scalar(select(sweep.c.id).where(sweep.c.id == client_id)) is not None
    id = new_id() if taken else client_id  # somebody else's id: nothing is told of it
    row = {
        "id": id,
        "squad": who.squad,
        "made_by": who.id,
        "client_id": client_id,
        "pact_v": 1,
        "state": "planned",
        "created_at": now(),
        "changed": 1,
        **values,
        **_times(who, values),
    }
    c.execute(insert(sweep), row)
    telling.tell_head(c, id, who.id)
    return queries.state(c, id)


def _words(name: str, pact: str, text_max: int) -> dict[str, str]:
    together(lambda: checked_name("name", name), lambda: checked("pact", pact, text_max))
    return {"name": checked_name("name", name), "pact": pact}


def _times(who: Who, values: dict[str, Any]) -> dict[str, Any]:
    """In order, and within a day; `local_date` is the squad's."""
    assert who.squad_zone
    if values["rally_at"] <= values["starts_at"]:
        raise Invalid({"rally_at": N_("The rally comes after the start.")})
    if values["ends_at"] < values["rally_at"]:
        raise Invalid({"ends_at": N_("The end comes after the rally.")})
    if values["ends_at"] - values["starts_at"] > LONGEST:
        raise Invalid({"ends_at": N_("A sweep is over within a day.")})
    return {"local_date": values["starts_at"].astimezone(ZoneInfo(who.squad_zone)).date()}


def _defaults(mode: Mode, settings: Settings) -> dict[str, float]:
    """Speed and detour of a way of travelling."""
    speed, detour = {
        "walk": (settings.speed_walk, settings.detour_walk),
        "bike": (settings.speed_bike, settings.detour_bike),
        "car": (settings.speed_car, settings.detour_car),
    }[mode]
    return {"speed_kmh": speed, "detour": detour}


def _pace(form: Make, settings: Settings) -> dict[str, Any]:
    usual = _defaults(form.mode, settings)
    return {
        "mode": form.mode,
        "speed_kmh": form.speed_kmh or usual["speed_kmh"],
        "detour": form.detour or usual["detour"],
        "visit_minutes": form.visit_minutes or settings.visit_minutes,
    }


def _rally(c: Connection, who: Who, form: Rally) -> dict[str, Any]:
    """Where it is: at a customer of the squad whose place is known, or at a place with a name."""
    home, name, spot = None, form.name, form.position
    if form.customer_id is not None:
        home = str(form.customer_id)
        known = c.execute(
            select(customer.c.name, customer.c.lat, customer.c.lon)
            .join(customer_squad, customer_squad.c.customer == customer.c.id)
            .where(customer.c.id == home, customer_squad.c.squad == who.squad)
        ).one_or_none()
        if known is None:
            raise Invalid({"rally": N_("This customer is not on the squad's list.")})
        name = name.strip() or known.name
        if spot is None and known.lat is not None:
            place = {"rally_lat": known.lat, "rally_lon": known.lon}
            return {"rally_name": checked_name("rally", name, 120), "rally_customer": home, **place}
    if spot is None:
        raise Invalid({"rally": N_("Place the rally point on the map.")})
    place = {"rally_lat": spot.lat, "rally_lon": spot.lon}
    return {"rally_name": checked_name("rally", name, 120), "rally_customer": home, **place}


def _copy_plan(c: Connection, old: str, made: str, here: list[str]) -> None:
    """Lanes of those who are still in the squad; what was in the others' is nobody's."""
    lanes: dict[str, str] = {}
    for row in c.execute(select(lane).where(lane.c.sweep == old)).all():
        if row.member in here:
            lanes[row.id] = new_id()
            c.execute(insert(lane), {**row._mapping, "id": lanes[row.id], "sweep": made})
    start = c.scalar(select(func.count()).select_from(stop).where(stop.c.sweep == old)) or 0
    for row in c.execute(select(stop).where(stop.c.sweep == old)).all():
        home = lanes.get(row.lane)
        fresh = {"id": new_id(), "sweep": made, "lane": home, "state": "planned", "reason": ""}
        fresh |= {"visit": None, "by": None, "at": None, "customer": row.customer}
        fresh |= {"place": row.place if home else start + row.place}
        c.execute(insert(stop), fresh)
