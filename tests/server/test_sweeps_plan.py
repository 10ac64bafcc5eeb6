"""Who goes where: two leads at once, what a plan keeps, stops moved and handed on."""

from typing import Any

import anyio
import pytest

from server.schema import new_id
from server.squads import actions as squads
from tests.server.conftest import Town
from tests.server.sweeping import Sweep, open_doors, planned, running, visits

pytestmark = pytest.mark.anyio


async def test_two_leads_edit_the_same_plan(town: Town) -> None:
    """One is saved; the other is refused with what is there now, so that nothing is lost on either side."""
    sweep = await planned(town)
    await town.app.state.db.write(squads.make_lead, town.ids["wang"], town.squad, town.ids["zhang"], True)
    seen = (await sweep.get())["changed"]
    answers = []

    async def save(who: str, lanes: list[dict[str, Any]]) -> None:
        answers.append(await sweep.put(who, "plan", changed=seen, lanes=lanes))

    hotel, school = town.customers["hotel"], town.customers["school"]
    async with anyio.create_task_group() as group:
        group.start_soon(save, "wang", [{"member": town.ids["li"], "stops": [hotel, school]}])
        group.start_soon(save, "zhang", [{"member": town.ids["li"], "stops": [school, hotel]}])
    assert sorted(one.status_code for one in answers) == [200, 409]
    (refused,) = [one.json() for one in answers if one.status_code == 409]
    (saved,) = [one.json() for one in answers if one.status_code == 200]
    assert refused["now"] == saved == await sweep.get()
    assert refused["type"] == "urn:muster:problem:conflict"


async def test_a_plan_saved_twice_is_saved_once(town: Town) -> None:
    """An answer that got lost is asked for again: no conflict with oneself, and one entry."""
    sweep = await planned(town)
    seen, before = (await sweep.get())["changed"], len(await town.journal())
    answers = [await sweep.save({"li": ["school"]}, ("hotel",), changed=seen) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert len(await town.journal()) == before + 1
    assert (await sweep.plan()) == {"li": [("school", "planned")], "": [("hotel", "planned")]}


async def test_what_is_done_stays_in_the_plan(town: Town) -> None:
    """A plan saved while people are out keeps what they did, also where its writer left it out."""
    sweep = await running(town)
    await visits(town, "zhang", "canteen")
    await visits(town, "li", "bakery")
    assert (await sweep.save({"li": ["school", "hotel"]})).status_code == 200
    assert await sweep.plan() == {
        "li": [("bakery", "done"), ("school", "planned"), ("hotel", "planned")],
        "": [("canteen", "done")],
    }


@pytest.mark.parametrize(
    ("lanes", "field"),
    [
        ([{"member": "zhang", "stops": ["hotel"]}, {"member": "li", "stops": ["hotel"]}], "stops"),
        ([{"member": "zhang"}, {"member": "zhang"}], "lanes"),
        ([{"member": "sun"}], "lanes"),
        ([{"member": "li", "stops": ["strange"]}], "stops"),
        ([{"member": "li", "name": "x" * 81}], "name"),
        ([{"member": "li", "area": {"type": "Point", "coordinates": [1, 2]}}], "lanes.0.area"),
        ([{"member": "li", "area": {"type": "Polygon", "coordinates": [[[1, 2], [3, 4]]]}}], "lanes.0.area"),
        ([{"member": "li", "area": {"type": "Polygon", "coordinates": [[1, 2, 3, 1]]}}], "lanes.0.area"),
        ([{"member": "li", "area": {"type": "Polygon", "coordinates": "many"}}], "lanes.0.area"),
        ([{"member": "li", "area": {"type": "Polygon", "coordinates": [[[999, 0]] * 4]}}], "lanes.0.area"),
    ],
)
async def test_what_is_no_plan_is_refused(town: Town, lanes: list[dict[str, Any]], field: str) -> None:
    """By the field that is wrong, and the plan before stays."""
    sweep = await planned(town)
    before = await sweep.get()
    ids = {**town.customers, "strange": new_id()}
    sent = [
        {**one, "member": town.ids[one["member"]], "stops": [ids[name] for name in one.get("stops", [])]}
        for one in lanes
    ]
    answer = await sweep.put("wang", "plan", changed=before["changed"], lanes=sent)
    assert answer.status_code == 422
    assert all(name.startswith(field) for name in answer.json()["errors"])
    assert await sweep.get() == before


async def test_a_stop_is_moved_between_lanes(town: Town) -> None:
    """By the lead: to a place, to the end, to nobody; what was visited stays where it is."""
    sweep = await running(town)
    made = await sweep.get()
    east, west = (
        next(one["id"] for one in made["lanes"] if one["member"] == town.ids[who]) for who in ("zhang", "li")
    )
    id = (await sweep.stop("school"))["id"]

    async def move(**body: Any) -> int:
        return int((await town["wang"].put(f"/api/v1/stops/{id}/lane", json=body)).status_code)

    assert await move(lane=west, place=1) == 200
    assert (await sweep.plan())["li"] == [("hotel", "planned"), ("school", "planned"), ("bakery", "planned")]
    assert await move(lane=None) == 200
    assert (await sweep.plan())[""] == [("school", "planned")]
    assert await move(lane=new_id()) == 422
    assert await move(lane=east, place=0) == 200
    await visits(town, "zhang", "school")
    assert await move(lane=west) == 409
    assert (await sweep.plan())["zhang"] == [("school", "done"), ("canteen", "planned")]


async def offered(sweep: Sweep, name: str, to: str | None = None) -> str:
    """Li Na offers one of her stops."""
    id, stop = new_id(), await sweep.stop(name)
    body = {"id": id, "to": sweep.town.ids[to] if to else None}
    for status in (201, 200):
        answer = await sweep.town["li"].post(f"/api/v1/stops/{stop['id']}/handovers", json=body)
        assert answer.status_code == status, answer.text
    return id


async def test_two_take_the_same_stop_at_once(town: Town) -> None:
    """One has it, and the other is told who: at once, without a second lane or a lost stop."""
    sweep = await running(town)
    id, answers = await offered(sweep, "hotel"), {}

    async def take(who: str) -> None:
        answers[who] = await town[who].put(f"/api/v1/handovers/{id}/accept")

    async with anyio.create_task_group() as group:
        for who in ("zhang", "wang"):
            group.start_soon(take, who)
    assert sorted(one.status_code for one in answers.values()) == [200, 409]
    (winner,) = [who for who, one in answers.items() if one.status_code == 200]
    (other,) = [who for who in answers if who != winner]
    told = answers[other].json()
    assert told["now"]["answered_by"] == town.ids[winner]
    assert told["title"] == f"{'Zhang Wei' if winner == 'zhang' else 'Wang Fang'} has taken this stop."
    plan = await sweep.plan()
    assert ("hotel", "planned") in plan[winner]
    assert plan["li"] == [("bakery", "planned")]
    again = await town[winner].put(f"/api/v1/handovers/{id}/accept")
    assert (again.status_code, again.json()["state"]) == (200, "accepted")
    assert [one["kind"] for one in await town.journal()].count("handover") == 2


async def test_an_offer_to_one_is_for_that_one(town: Town) -> None:
    """Others see it and cannot take it; it can be declined, and taken back."""
    sweep = await running(town)
    id = await offered(sweep, "hotel", "zhang")
    assert (await sweep.get("wang"))["handovers"][0]["to"] == town.ids["zhang"]
    for who in ("wang", "li"):
        assert (await town[who].put(f"/api/v1/handovers/{id}/accept")).status_code == 403
    assert (await town["zhang"].put(f"/api/v1/handovers/{id}/decline")).json()["state"] == "declined"
    late = await town["zhang"].put(f"/api/v1/handovers/{id}/accept")
    assert (late.status_code, late.json()["now"]["state"]) == (409, "declined")
    id = await offered(sweep, "hotel", "zhang")
    assert (await town["zhang"].delete(f"/api/v1/handovers/{id}")).status_code == 403
    assert (await town["li"].delete(f"/api/v1/handovers/{id}")).json()["state"] == "withdrawn"
    assert (await sweep.get())["handovers"] == []
    assert (await sweep.plan())["li"][0] == ("hotel", "planned")
    strange = {"id": new_id(), "to": town.ids["sun"]}
    path = f"/api/v1/stops/{(await sweep.stop('hotel'))['id']}/handovers"
    assert list((await town["li"].post(path, json=strange)).json()["errors"]) == ["to"]


async def test_an_offer_ends_with_its_stop(town: Town) -> None:
    """Visited, skipped, moved, left out of the plan: nobody takes what is not there to be taken."""
    await open_doors(town)
    sweep = await running(town, {"li": ["hotel", "bakery", "school", "canteen"], "zhang": []})
    ids = {name: await offered(sweep, name) for name in ("hotel", "bakery", "school", "canteen")}
    await visits(town, "li", "hotel")
    stop = (await sweep.stop("bakery"))["id"]
    await town["li"].put(f"/api/v1/stops/{stop}", json={"state": "skipped", "reason": "Closed"})
    stop = (await sweep.stop("school"))["id"]
    await town["wang"].put(f"/api/v1/stops/{stop}/lane", json={"lane": None})
    for name in ("hotel", "bakery", "school"):
        late = await town["zhang"].put(f"/api/v1/handovers/{ids[name]}/accept")
        assert (late.status_code, late.json()["now"]["state"]) == (409, "withdrawn"), name
    await sweep.save({"li": [], "zhang": []}, ("school",))
    assert (await sweep.get())["handovers"] == []
    assert (await town["zhang"].put(f"/api/v1/handovers/{ids['canteen']}/accept")).status_code == 404
    withdrawn = [one["data"]["state"] for one in await town.journal() if one["kind"] == "handover"]
    assert withdrawn.count("withdrawn") == 4


async def test_who_takes_a_stop_takes_part(town: Town) -> None:
    """Somebody without a lane has one from then on, and is waited for at the rally."""
    sweep = await running(town)
    id = await offered(sweep, "hotel")
    await town["wang"].put(f"/api/v1/handovers/{id}/accept")
    assert (await sweep.plan())["wang"] == [("hotel", "planned")]
    assert (await sweep.standing("wang"))["planned"] == 1
