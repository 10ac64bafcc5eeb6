"""The sweep each squad went on the last working day: over, with everybody met, to be played back."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, update

from channels.frame import Entry
from config.settings import Settings
from server.access import Who
from server.demo import history
from server.demo.eves import EVES
from server.demo.lanes import SWEEPS
from server.demo.scene import Scene
from server.demo.steps import Step, made_id
from server.demo.sweeps import lane_plan
from server.sweeps import handing, lanes, pact, plan, run
from server.sweeps.forms import Make, Offer, Plan, Rally, State
from server.sweeps.models import handover, stop, sweep

BEGIN, RALLY, END = time(13, 15), time(17, 30), time(18, 0)


def plant(
    c: Connection,
    scene: Scene,
    who: Mapping[tuple[str, str], Who],
    day: date,
    settings: Settings,
) -> str:
    """Plans that day's sweep and lets it be over; what is told of that afternoon after it counts for it."""
    told, team, eve = SWEEPS[scene.team.key], scene.team, EVES[scene.team.key]
    lead = who[team.key, team.people[0].handle]
    begin, rally, end = (
        datetime.combine(day, at, ZoneInfo(lead.squad_zone or "UTC")) for at in (BEGIN, RALLY, END)
    )
    before = len(c.info["told"])
    asked = Make(
        id=UUID(made_id(scene.rng)),
        name=told.name,
        starts_at=begin,
        rally_at=rally,
        ends_at=end,
        rally=Rally(customer_id=UUID(scene.customers[told.rally])),
        speed_kmh=8,
        visit_minutes=20,
        pact=told.pact,
    )
    made = plan.make(c, lead, asked, settings).data
    id = str(made["id"])
    drawn = [
        lane_plan(scene, handle, told.sides[handle], [leg.place for leg in way.legs])
        for handle, way in eve.ways.items()
    ]
    lanes.save(c, lead, id, Plan(changed=made["changed"], lanes=drawn))
    for handle in eve.ways:
        pact.agree(c, who[team.key, handle], id, made["pact_v"])
    _so_far_back(c, id, ends_at=begin + timedelta(days=30))  # while it starts, it has not ended
    run.set_state(c, lead, id, State(state="running"))
    entries: list[tuple[datetime, Any]] = [(begin, one) for one in c.info["told"][before:]]
    entries += _hand_on(c, scene, who, id, begin)
    _so_far_back(c, id, created_at=begin - timedelta(days=1), started_at=begin, ends_at=end)
    ended = len(c.info["told"])
    run.end_due(c, {"sweep": id})
    entries += [(end, one) for one in c.info["told"][ended:]]
    history.date_back(c, [(moment, one) for moment, one in entries if isinstance(one, Entry)])
    return id


def _so_far_back(c: Connection, id: str, **values: datetime) -> None:
    c.execute(update(sweep).where(sweep.c.id == id).values(**values))


def _hand_on(
    c: Connection, scene: Scene, who: Mapping[tuple[str, str], Who], id: str, begin: datetime
) -> list[tuple[datetime, Any]]:
    """Somebody has too much left, and somebody is near."""
    place, taker, minutes = EVES[scene.team.key].handed
    giver = next(
        handle
        for handle, way in EVES[scene.team.key].ways.items()
        if place in [leg.place for leg in way.legs]
    )
    before, moment = len(c.info["told"]), begin + timedelta(minutes=minutes)
    there = (stop.c.sweep == id) & (stop.c.customer == scene.customers[place])
    held = c.execute(stop.select().where(there)).one()
    key = scene.team.key
    offered = handing.offer(c, who[key, giver], held.id, Offer(id=UUID(made_id(scene.rng)))).data["id"]
    handing.accept(c, who[key, taker], offered)
    times = {"at": moment - timedelta(minutes=4), "answered_at": moment}
    c.execute(update(handover).where(handover.c.id == offered).values(**times))
    return [(moment, one) for one in c.info["told"][before:]]


def afternoon(scene: Scene, id: str, day: date, zone: ZoneInfo) -> history.Moments:
    """That day's visits and arrivals."""
    eve, found = EVES[scene.team.key], history.Moments()
    begin = datetime.combine(day, BEGIN, zone)
    scene.new_day()
    place, taker, _ = eve.handed
    for handle, way in eve.ways.items():
        for leg in way.legs:
            if leg.result:
                goer = taker if leg.place == place else handle
                steps = scene.past_visit(goer, leg.place, leg.result, leg.late)
                found += history.dated(scene, steps, begin + timedelta(minutes=leg.after))
        arrive = Step(0.0, handle, "arrive", id)
        found += history.dated(scene, [arrive], begin + timedelta(minutes=way.there))
    for hour in (8.4, 12.3, 18.2):
        at = datetime.combine(day, time(0), zone) + timedelta(hours=hour + scene.rng.uniform(0, 0.4))
        found += history.dated(scene, scene.message(), at)
    return found
