"""A sweep from its plan to the meeting: what the squad is told, and what nobody else is."""

from typing import Any

import anyio
import pytest

from server.schema import new_id
from tests.server.conftest import Town
from tests.server.sweeping import RALLY, Sweep, hours, planned, running, visits

pytestmark = pytest.mark.anyio


async def kinds(town: Town, after: int = 0) -> list[str]:
    """What was told of, from an offset on."""
    return [one["kind"] for one in await town.journal() if one["offset"] > after]


async def test_a_sweep_from_plan_to_meeting(town: Town) -> None:
    """Planned by the lead, agreed to, run, met: and each step is an entry that says what is now."""
    sweep = await planned(town)
    assert await sweep.plan() == {
        "zhang": [("canteen", "planned"), ("school", "planned")],
        "li": [("hotel", "planned"), ("bakery", "planned")],
        "": [],
    }
    for who in ("zhang", "li", "zhang"):
        assert (await sweep.put(who, "pact", v=1)).status_code == 200
    assert (await sweep.get())["yes"] == [town.ids["zhang"], town.ids["li"]]
    await sweep.start()
    for who, where in (("zhang", "canteen"), ("zhang", "school"), ("li", "hotel")):
        await visits(town, who, where)
    assert (await sweep.standing("zhang"))["done"] == 2
    assert (await sweep.standing("li"))["done"] == 1
    await visits(town, "li", "bakery")
    for who in ("zhang", "li"):
        assert (await sweep.put(who, "arrival", at=hours(0))).status_code == 200
    entries = [one for one in await town.journal() if one["subject"] == sweep.id]
    assert [one["kind"] for one in entries] == [
        *(
            "sweep",
            "lanes",
            "pact",
            "pact",
            "sweep",
            "stop",
            "stop",
            "stop",
            "stop",
            "arrived",
            "arrived",
            "met",
        )
    ]
    met = entries[-1]["data"]
    assert (met["visits"], met["wins"], met["value"]) == (4, 0, {})
    assert (await sweep.get())["met_at"] == met["at"]
    assert (await sweep.put("wang", "state", state="ended")).json()["ended_by"] == town.ids["wang"]


async def test_the_same_sweep_sent_twice_is_one(town: Town) -> None:
    """Three times at once as well; and somebody else's id tells nothing."""
    body = {"id": new_id(), "name": "Twice", "starts_at": hours(1), "rally_at": hours(3), "rally": RALLY}
    answers = []

    async def send() -> None:
        answers.append(await town["wang"].post(f"/api/v1/squads/{town.squad}/sweeps", json=body))

    async with anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(send)
    assert sorted(one.status_code for one in answers) == [200, 200, 201]
    assert (await kinds(town)).count("sweep") == 1
    theirs = await town["sun"].post(f"/api/v1/squads/{town.other}/sweeps", json=body)
    assert theirs.status_code == 201
    assert theirs.json()["id"] != body["id"]
    assert theirs.json()["squad"] == town.other


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"rally_at": hours(-3)}, "rally_at"),
        ({"ends_at": hours(1)}, "ends_at"),
        ({"ends_at": hours(40)}, "ends_at"),
        ({"rally": {"name": "Nowhere"}}, "rally"),
        ({"rally": {"name": " ", "position": {"lat": 1, "lon": 1}}}, "rally"),
        ({"rally": {"customer_id": new_id()}}, "rally"),
        ({"rally": {"name": "x", "position": {"lat": 200, "lon": 1}}}, "rally.position.lat"),
        ({"mode": "horse"}, "mode"),
        ({"speed_kmh": 0}, "speed_kmh"),
        ({"pact": "bell \x07"}, "pact"),
    ],
)
async def test_what_cannot_be_planned_is_refused_by_name(
    town: Town, wrong: dict[str, Any], field: str
) -> None:
    """With the field that is wrong, and nothing left behind."""
    before = len(await town.journal())
    body = {"id": new_id(), "name": "Sweep", "starts_at": hours(0), "rally_at": hours(2), "rally": RALLY}
    answer = await town["wang"].post(f"/api/v1/squads/{town.squad}/sweeps", json={**body, **wrong})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    assert len(await town.journal()) == before


async def test_only_leads_plan_and_start(town: Town) -> None:
    """A member sees the sweep and may not change it; their own lane they may put into another order."""
    sweep = await planned(town)
    for part, body in (("plan", {"changed": 1, "lanes": []}), ("state", {"state": "running"})):
        assert (await sweep.put("li", part, **body)).status_code == 403
    made = await sweep.get()
    by = {one["member"]: one for one in made["lanes"]}
    theirs, own = by[town.ids["zhang"]], by[town.ids["li"]]
    order = [one["customer"] for one in own["stops"]][::-1]
    assert (
        await town["li"].put(f"/api/v1/lanes/{theirs['id']}/stops", json={"stops": []})
    ).status_code == 403
    answer = await town["li"].put(f"/api/v1/lanes/{own['id']}/stops", json={"stops": order})
    assert [one["customer"] for one in answer.json()["stops"]] == order
    assert (await sweep.plan())["li"] == [("bakery", "planned"), ("hotel", "planned")]
    stale = await town["li"].put(f"/api/v1/lanes/{own['id']}/stops", json={"stops": order[:1]})
    assert (stale.status_code, stale.json()["now"]["id"]) == (409, own["id"])


async def test_an_outsider_is_told_nothing(town: Town) -> None:
    """The lead of another squad: what is there looks like what is not."""
    sweep = await running(town)
    stop = (await sweep.stop("hotel"))["id"]
    lane = (await sweep.get())["lanes"][0]["id"]
    offer = {"id": new_id()}
    await town["li"].post(f"/api/v1/stops/{stop}/handovers", json=offer)
    there = [
        ("GET", f"/sweeps/{sweep.id}", None),
        ("GET", f"/sweeps/{sweep.id}/convergence", None),
        ("PUT", f"/sweeps/{sweep.id}/state", {"state": "ended"}),
        ("PUT", f"/sweeps/{sweep.id}/plan", {"changed": 1}),
        ("PUT", f"/lanes/{lane}/stops", {"stops": []}),
        ("PUT", f"/stops/{stop}", {"state": "skipped", "reason": "x"}),
        ("PUT", f"/handovers/{offer['id']}/accept", None),
        ("GET", f"/squads/{town.squad}/sweeps", None),
    ]
    for method, path, body in there:
        got = await town["sun"].request(method, f"/api/v1{path}", json=body)
        absent = path
        for id in (sweep.id, stop, lane, offer["id"], town.squad):
            absent = absent.replace(id, new_id())
        nothing = await town["sun"].request(method, f"/api/v1{absent}", json=body)
        assert (got.status_code, got.text) == (404, nothing.text), path
    assert (await sweep.get())["state"] == "running"


async def test_one_sweep_at_a_time(town: Town) -> None:
    """Two leads start two sweeps at once: one runs, the other's is told which."""
    first, second = await planned(town), await planned(town, {})
    answers = []

    async def start(one: Sweep) -> None:
        answers.append(await one.put("wang", "state", state="running"))

    async with anyio.create_task_group() as group:
        for one in (first, second):
            group.start_soon(start, one)
    assert sorted(one.status_code for one in answers) == [200, 409]
    (ran,) = [one.json()["id"] for one in answers if one.status_code == 200]
    (refused,) = [one.json() for one in answers if one.status_code == 409]
    assert refused["now"] == {"sweep": ran}
    on = first if ran == first.id else second
    for state in ("paused", "paused", "running", "ended"):
        assert (await on.put("wang", "state", state=state)).json()["state"] == state
    assert (await on.put("wang", "state", state="running")).status_code == 409
    other = second if ran == first.id else first
    assert (await other.put("wang", "state", state="running")).status_code == 200


async def test_the_pact_is_asked_again_when_it_changes(town: Town) -> None:
    """Who agreed to the old text has not agreed to the new one; an old yes is refused."""
    sweep = await planned(town)
    await sweep.put("li", "pact", v=1)
    now = await sweep.get()
    body = {"changed": now["changed"], "pact": "And tea at the end."}
    changed = (await town["wang"].patch(f"/api/v1/sweeps/{sweep.id}", json=body)).json()
    assert (changed["pact_v"], changed["yes"]) == (2, [])
    stale = await sweep.put("li", "pact", v=1)
    assert (stale.status_code, stale.json()["now"]["pact"]) == (409, "And tea at the end.")
    assert (await sweep.put("li", "pact", v=2)).json()["yes"] == [town.ids["li"]]


async def test_a_past_sweep_is_copied(town: Town) -> None:
    """Lanes, stops, rally and pact on another day; nothing done, nobody has agreed, nobody who left."""
    old = await running(town, {"zhang": ["canteen", "school"], "li": ["hotel"]})
    await visits(town, "zhang", "canteen")
    await old.put("wang", "state", state="ended")
    await town["wang"].post(f"/squads/{town.squad}/people/{town.ids['li']}/remove")
    body = {"id": new_id(), "starts_at": hours(24)}
    answer = await town["wang"].post(f"/api/v1/sweeps/{old.id}/copies", json=body)
    assert answer.status_code == 201
    again = await town["wang"].post(f"/api/v1/sweeps/{old.id}/copies", json=body)
    assert (again.status_code, again.json()) == (200, answer.json())
    made = answer.json()
    assert (made["copied_from"], made["state"], made["yes"]) == (old.id, "planned", [])
    copy = Sweep(town, made["id"])
    lanes = await town["wang"].get(f"/api/v1/sweeps/{copy.id}")
    stops = {one["member"]: [each["state"] for each in one["stops"]] for one in lanes.json()["lanes"]}
    assert stops == {town.ids["zhang"]: ["planned", "planned"]}
    assert [one["customer"] for one in made["loose"]] == [town.customers["hotel"]]
    assert made["rally_at"] > made["starts_at"] > hours(23)
