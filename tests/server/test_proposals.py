"""A lead has lanes proposed, looks, and takes them or not; nobody else hears of it before."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import pytest

from server.customers.actions import add as add_customer
from server.schema import new_id
from server.sweeps import proposals
from server.sweeps.proposing import Proposing
from tests.server.conftest import Town, place_of
from tests.server.sweeping import Sweep, hours, planned, visits

pytestmark = pytest.mark.anyio


async def asked(sweep: Sweep, who: str = "wang", status: int = 201, **body: Any) -> dict[str, Any]:
    """A proposal is asked for."""
    path = f"/api/v1/sweeps/{sweep.id}/proposal"
    answer = await sweep.town[who].post(path, json={"id": new_id(), **body})
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def servers(town: Town) -> set[Proposing]:
    """What searches on each of the servers there are."""
    return {one.state.proposing for one in (town.app, getattr(town.app.state, "twin", town.app))}


async def over(town: Town) -> None:
    """Until nobody searches any more."""
    await asyncio.gather(*(search for one in servers(town) for search in one.searches.values()))


async def day(town: Town, lanes: dict[str, list[str]] | None = None, **changes: Any) -> Sweep:
    """A sweep with time for everything."""
    return await planned(town, lanes, rally_at=hours(9), mode="car", **changes)


async def found(sweep: Sweep, **body: Any) -> dict[str, Any]:
    """Asked for and waited for."""
    await asked(sweep, **body)
    await over(sweep.town)
    made = await sweep.get("wang", "/proposal")
    assert made["state"] == "ready"
    return made


async def taken(sweep: Sweep, made: dict[str, Any]) -> None:
    """The lead takes it."""
    answer = await sweep.put("wang", "proposal", id=made["id"])
    assert answer.status_code == 200, answer.text


def names(town: Town, ids: list[str]) -> set[str]:
    """Customers by the town's names."""
    known = {id: name for name, id in town.customers.items()}
    return {known[one] for one in ids}


def shared(town: Town, made: dict[str, Any]) -> dict[str, set[str]]:
    """Who is to visit whom."""
    people = {id: name for name, id in town.ids.items()}
    lanes = made["found"]["lanes"]
    return {people[one["member"]]: names(town, [each["customer"] for each in one["stops"]]) for one in lanes}


async def test_proposed_looked_at_and_taken(town: Town) -> None:
    """The journal knows nothing of it until it is the plan; then the whole squad does."""
    sweep = await day(town, {})
    before = await town.journal()
    wanted = [town.customers[one] for one in ("canteen", "school", "hotel", "bakery")]
    members = [{"member": town.ids[one]} for one in ("zhang", "li")]
    made = await found(sweep, customers=wanted, members=members)
    assert await town.journal() == before
    assert made["progress"]["share"] <= 1
    assert {frozenset(one) for one in shared(town, made).values()} == {
        frozenset({"canteen", "school"}),
        frozenset({"hotel", "bakery"}),
    }
    assert {one["side"] for one in made["found"]["lanes"]} == {"east", "west"}
    assert made["found"]["unfit"] == []
    await taken(sweep, made)
    plan = await sweep.plan()
    assert {who: {one for one, _ in stops} for who, stops in plan.items() if who} == shared(town, made)
    lanes = (await sweep.get())["lanes"]
    assert {one["name"] for one in lanes} == {"East", "West"}
    assert all(one["area"]["type"] == "Polygon" and one["start"] is None for one in lanes)
    assert [one["kind"] for one in (await town.journal())[len(before) :]] == ["lanes"]
    await taken(sweep, made)
    assert await sweep.plan() == plan


async def test_what_does_not_fit_is_named_and_in_nobodys_lane(town: Town) -> None:
    """A customer nobody knows the place of, and one at the other end of the country."""
    sweep = await day(town)
    lead = await place_of(town.app, town, "wang")
    town.customers["nowhere"] = await town.app.state.db.write(add_customer, lead, "Nowhere Ltd", None)
    wanted = [town.customers["nowhere"], town.customers["lotus"]]
    made = await found(sweep, customers=wanted)
    assert made["found"]["unfit"] == [{"customer": town.customers["nowhere"], "reason": "no_position"}]
    await taken(sweep, made)
    plan = await sweep.plan()
    assert plan[""] == [("nowhere", "planned")]
    assert sum(len(stops) for stops in plan.values()) == 6


async def test_whom_nobody_has_visited_since(town: Town) -> None:
    """The squad's customers but those who were visited lately."""
    sweep = await day(town, {})
    await visits(town, "zhang", "hotel")
    since = (datetime.now(UTC) - timedelta(days=30)).isoformat()
    made = await found(sweep, not_visited_since=since)
    stops = set[str]().union(*shared(town, made).values())
    assert stops == {"canteen", "school", "bakery", "hengtai", "lotus"}


async def test_what_is_settled_stays_with_whoever_has_it(town: Town) -> None:
    """However long the way."""
    sweep = await day(town, {"zhang": ["hotel", "canteen"], "li": ["bakery", "school"]})
    made = await found(sweep, keep=[town.customers["hotel"], town.customers["school"]])
    assert "hotel" in shared(town, made)["zhang"]
    assert "school" in shared(town, made)["li"]


async def test_the_rest_anew_from_where_everyone_is(town: Town) -> None:
    """What is done stays done and where it is; who has gone west goes on in the west."""
    sweep = await day(town, {"zhang": ["hotel", "canteen", "school"], "li": ["bakery"]})
    await sweep.start()
    await visits(town, "zhang", "hotel")
    await visits(town, "li", "canteen")
    made = await found(sweep, keep=[])
    stops = shared(town, made)
    assert stops["zhang"] == {"bakery"}
    assert stops["li"] == {"school"}
    lanes = {one["member"]: one for one in made["found"]["lanes"]}
    assert lanes[town.ids["zhang"]]["start"] == {"lat": 31.21, "lon": 121.37}
    await taken(sweep, made)
    assert await sweep.plan() == {
        "zhang": [("hotel", "done"), ("canteen", "done"), ("bakery", "planned")],
        "li": [("school", "planned")],
        "": [],
    }


async def test_who_has_arrived_is_sent_nowhere(town: Town) -> None:
    """They are at the rally point, and stay there."""
    sweep = await day(town)
    await sweep.start()
    assert (await sweep.put("zhang", "arrival", at=hours(0))).status_code == 200
    stops = shared(town, await found(sweep))
    assert stops == {"zhang": set(), "li": {"canteen", "school", "hotel", "bakery"}}


async def test_a_plan_that_was_changed_meanwhile_is_not_overwritten(town: Town) -> None:
    """The lead is told, and asks again."""
    sweep = await day(town)
    made = await found(sweep)
    assert (await sweep.save({"zhang": ["canteen"]})).status_code == 200
    answer = await sweep.put("wang", "proposal", id=made["id"])
    assert answer.status_code == 409
    assert answer.json()["now"]["id"] == sweep.id
    assert await sweep.plan() == {"zhang": [("canteen", "planned")], "": []}


async def test_a_search_is_stopped_from_any_server(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its process ends soon, and nothing is shown any more."""
    sweep = await day(town)
    for one in servers(town):
        one.planner.seconds = 3600
    more = [await _customer(town, number) for number in range(60)]
    await asked(sweep, customers=more)
    assert (await sweep.get("wang", "/proposal"))["state"] == "searching"
    for one in servers(town):  # as if another server were asked
        monkeypatch.setattr(one, "end", lambda sweep: None)
    path = f"/api/v1/sweeps/{sweep.id}/proposal"
    assert (await town["wang"].delete(path)).status_code == 204
    assert (await town["wang"].get(path)).status_code == 404
    with anyio.fail_after(20):
        await over(town)


async def _customer(town: Town, number: int) -> str:
    """One more of the squad's."""
    place = {"lat": 31.2 + number % 8 / 100, "lon": 121.4 + number // 8 / 100}
    body = {"id": new_id(), "name": f"Shop {number}", "position": place}
    answer = await town["wang"].post(f"/api/v1/squads/{town.squad}/customers", json=body)
    return str(answer.json()["id"])


async def test_another_search_takes_the_place_of_the_first(town: Town) -> None:
    """There is one proposal to a sweep: the one that was asked for last."""
    sweep = await day(town)
    first = await asked(sweep)
    second = await found(sweep, seed=2)
    assert second["id"] != first["id"]
    assert (await sweep.put("wang", "proposal", id=first["id"])).status_code == 404
    again = await town["wang"].post(f"/api/v1/sweeps/{sweep.id}/proposal", json={"id": second["id"]})
    assert (again.status_code, again.json()["state"]) == (200, "ready")


async def test_a_planner_that_fails_is_told_of(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """And it can be asked again. So is one whose server was killed."""
    monkeypatch.setattr("server.sweeps.proposing.COMMAND", ("/bin/false",))
    sweep = await day(town)
    await asked(sweep)
    await over(town)
    made = await sweep.get("wang", "/proposal")
    assert made["state"] == "failed"
    assert (await sweep.put("wang", "proposal", id=made["id"])).status_code == 409
    monkeypatch.undo()
    for one in servers(town):
        monkeypatch.setattr(one, "start", lambda *search: None)
    await asked(sweep)
    assert (await sweep.get("wang", "/proposal"))["state"] == "searching"
    monkeypatch.setattr(proposals, "LOST", timedelta(seconds=-1))
    assert (await sweep.get("wang", "/proposal"))["state"] == "failed"


async def test_only_leads_and_only_of_this_squad(town: Town) -> None:
    """A member of the squad may not; for others there is nothing. Nor can others be sent out."""
    sweep = await day(town)
    await asked(sweep, "zhang", 403)
    await asked(sweep, "sun", 404)
    await asked(sweep, status=422, members=[{"member": town.ids["sun"]}])
    await asked(sweep, status=422, customers=[new_id()])
    await asked(sweep, status=422, members=[{"member": town.ids["li"], "side": "upwards"}])
    assert (await sweep.put("wang", "state", state="ended")).status_code == 200
    await asked(sweep, status=409)


async def test_a_side_and_a_start_are_the_leads_to_choose(town: Town) -> None:
    """Zhang comes from the west, Li from the station; a start that was said is in the plan."""
    sweep = await day(town, {})
    station = {"lat": 31.23, "lon": 121.45}
    members = [
        {"member": town.ids["zhang"], "side": "west"},
        {"member": town.ids["li"], "start": station},
    ]
    made = await found(sweep, customers=list(town.customers.values()), members=members)
    assert made["found"]["lanes"][0]["side"] == "west"
    await taken(sweep, made)
    assert [one["start"] for one in (await sweep.get())["lanes"]] == [None, station]
