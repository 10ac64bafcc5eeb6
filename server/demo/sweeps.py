"""The sweep each squad is in the middle of today: agreed in the morning, from all sides to one place."""

import math
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import Connection, update

from channels.frame import Entry
from config.settings import Settings
from server.access import Who
from server.demo import history
from server.demo.lanes import SWEEPS, Side
from server.demo.places import PLACES, TODAY
from server.demo.scene import Scene
from server.demo.steps import made_id
from server.sweeps import lanes, pact, plan, run
from server.sweeps.forms import LanePlan, Make, Plan, Polygon, Rally, Spot, State
from server.sweeps.models import sweep
from web.town import place as on_earth

LEFT = timedelta(minutes=78)
"""Until the rally."""
BENT = 14.0
"""Pixels from a corner of a lane's area to where it begins to bend."""


def plant(
    c: Connection, scene: Scene, who: Mapping[tuple[str, str], Who], now: datetime, settings: Settings
) -> str:
    """Plans and starts today's sweep as of this morning; what is told of today after it counts for it."""
    told, team = SWEEPS[scene.team.key], scene.team
    lead = who[team.key, team.people[0].handle]
    begins = history.begins(now)
    before = len(c.info["told"])
    made = plan.make(
        c,
        lead,
        Make(
            id=UUID(made_id(scene.rng)),
            name=told.name,
            starts_at=begins,
            rally_at=now + LEFT,
            rally=Rally(customer_id=UUID(scene.customers[told.rally])),
            speed_kmh=8,
            visit_minutes=20,
            pact=told.pact,
        ),
        settings,
    ).data
    drawn = [
        lane_plan(scene, one, side, [*(call.place for call in TODAY[team.key][one]), *side.then])
        for one, side in told.sides.items()
    ]
    lanes.save(c, lead, made["id"], Plan(changed=made["changed"], lanes=drawn))
    for handle in told.sides:
        pact.agree(c, who[team.key, handle], made["id"], made["pact_v"])
    run.set_state(c, lead, made["id"], State(state="running"))
    c.execute(update(sweep).where(sweep.c.id == made["id"]).values(created_at=begins, started_at=begins))
    entries = [one for one in c.info["told"][before:] if isinstance(one, Entry)]
    history.date_back(c, [(begins, entry) for entry in entries])
    return str(made["id"])


def plant_next(
    c: Connection, scene: Scene, who: Mapping[tuple[str, str], Who], now: datetime, settings: Settings
) -> str:
    """Plans tomorrow's sweep: the stops that were still ahead and the first of today; the lead has agreed."""
    told, team = SWEEPS[scene.team.key], scene.team
    lead = who[team.key, team.people[0].handle]
    begins = datetime.combine(now.date() + timedelta(days=1), time(13, 30), now.tzinfo)
    asked = Make(
        id=UUID(made_id(scene.rng)),
        name=told.name,
        starts_at=begins,
        rally_at=begins + timedelta(hours=4),
        rally=Rally(customer_id=UUID(scene.customers[told.rally])),
        speed_kmh=8,
        visit_minutes=20,
        pact=told.pact,
    )
    made = plan.make(c, lead, asked, settings).data
    drawn = [
        lane_plan(scene, one, side, [*side.then, TODAY[team.key][one][0].place])
        for one, side in told.sides.items()
    ]
    lanes.save(c, lead, made["id"], Plan(changed=made["changed"], lanes=drawn))
    pact.agree(c, lead, made["id"], made["pact_v"])
    return str(made["id"])


def lane_plan(scene: Scene, handle: str, side: Side, stops: list[str]) -> LanePlan:
    """Somebody's side with its stops in order; it starts at the first."""
    key = scene.team.key
    corners = [on_earth(x, y) for x, y in rounded(side.corners)]
    ring = [(lon, lat) for lat, lon in corners]
    first = next(place for place in PLACES[key] if place.name == stops[0])
    lat, lon = on_earth(first.x, first.y)
    return LanePlan(
        member=UUID(scene.ids[handle]),
        name=side.name,
        area=Polygon(type="Polygon", coordinates=[[*ring, ring[0]]]),
        start=Spot(lat=lat, lon=lon),
        stops=[UUID(scene.customers[name]) for name in stops],
    )


def rounded(corners: tuple[tuple[int, int], ...]) -> Iterator[tuple[float, float]]:
    """The same outline with bent corners."""
    for n, corner in enumerate(corners):
        start, end = (_towards(corner, corners[other % len(corners)]) for other in (n - 1, n + 1))
        for t in (0.0, 0.33, 0.67, 1.0):
            a, b, d = (1 - t) ** 2, 2 * t * (1 - t), t * t
            yield a * start[0] + b * corner[0] + d * end[0], a * start[1] + b * corner[1] + d * end[1]


def _towards(corner: tuple[int, int], other: tuple[int, int]) -> tuple[float, float]:
    share = BENT / max(math.dist(corner, other), 2 * BENT)
    return corner[0] + share * (other[0] - corner[0]), corner[1] + share * (other[1] - corner[1])
