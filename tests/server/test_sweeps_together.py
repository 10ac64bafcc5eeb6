"""Everybody at once on the same sweep: nobody waits for ever, nothing is half there, all see the same."""

import random
from typing import Any

import anyio
import pytest
from limits import parse

from server.schema import new_id, now
from server.sweeps import standing
from tests.server.conftest import Town
from tests.server.refolded import Folded
from tests.server.sweeping import PLACES, Sweep, hours, running

pytestmark = pytest.mark.anyio


async def test_all_at_once(town: Town) -> None:
    """Check-ins at known and new doors, undone ones, plans, moves, offers, pauses, arrivals, side by side."""
    town.app.state.limits.write_limit = parse("100000/minute")
    sweep = await running(town, {"zhang": ["canteen", "school"], "li": ["hotel"]})
    dice, refused = random.Random(7), list[str]()
    for _ in range(3):
        made = await sweep.get()
        async with anyio.create_task_group() as group:
            for _ in range(20):
                group.start_soon(one_thing, sweep, made, dice, refused)
    await sweep.put("wang", "state", state="running")
    entries = await town.journal()
    assert [one["offset"] for one in entries] == list(range(1, len(entries) + 1))
    assert set(refused) <= {"403", "404", "409", "422"}
    folded = Folded(entries, sweep.id)
    assert folded.state() == await sweep.get()
    fresh = standing.as_data(await town.app.state.db.read(standing.load, sweep.id), now())
    assert standing.as_data(folded.convergence(), now())["members"] == fresh["members"]


async def one_thing(sweep: Sweep, made: dict[str, Any], dice: random.Random, refused: list[str]) -> None:
    """One request of somebody's, by what they last saw."""
    town, who = sweep.town, dice.choice(("zhang", "li", "wang"))
    stops = [one for some in (*(each["stops"] for each in made["lanes"]), made["loose"]) for one in some]
    stop = dice.choice(stops)["id"]
    at = {"captured_at": hours(0), "position": None}
    doors = f"/api/v1/squads/{town.squad}/checkins"
    lanes = [
        {"member": town.ids[one], "stops": [town.customers[dice.choice(list(PLACES))]]}
        for one in ("zhang", "li")
    ]
    offer = new_id()
    asked: list[tuple[str, str, str, dict[str, Any] | None]] = {
        0: [(who, "POST", doors, {"id": new_id(), "customer_id": town.customers["canteen"], **at})],
        1: [(who, "POST", doors, {"id": new_id(), "customer": f"Door {dice.random():.6f}", **at})],
        2: [
            (who, "POST", doors, {"id": offer, "customer_id": town.customers["hotel"], **at}),
            (who, "DELETE", f"/api/v1/visits/{offer}", None),
        ],
        3: [("wang", "PUT", f"/api/v1/sweeps/{sweep.id}/plan", {"changed": made["changed"], "lanes": lanes})],
        4: [("wang", "PUT", f"/api/v1/stops/{stop}/lane", {"lane": None, "place": 0})],
        5: [
            (who, "POST", f"/api/v1/stops/{stop}/handovers", {"id": offer}),
            ("zhang", "PUT", f"/api/v1/handovers/{offer}/accept", None),
        ],
        6: [
            ("wang", "PUT", f"/api/v1/sweeps/{sweep.id}/state", {"state": "paused"}),
            ("wang", "PUT", f"/api/v1/sweeps/{sweep.id}/state", {"state": "running"}),
        ],
        7: [(who, "PUT", f"/api/v1/sweeps/{sweep.id}/arrival", {"at": hours(0)})],
        8: [(who, "POST", f"/api/v1/sweeps/{sweep.id}/stops", {"id": offer, "customer": f"Shop {offer}"})],
    }[dice.randrange(9)]
    for name, method, path, body in asked:
        answer = await town[name].request(method, path, json=body)
        if answer.is_error:
            refused.append(str(answer.status_code))
