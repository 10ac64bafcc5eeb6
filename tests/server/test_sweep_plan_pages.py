"""The page on which lanes are planned, as a plain form: order, other lanes, more customers, a proposal."""

import pytest

from server.schema import new_id
from tests.server.conftest import Town
from tests.server.land import settled
from tests.server.sweeping import Sweep, planned, running, visits
from tests.server.test_proposals import over

pytestmark = pytest.mark.anyio


async def form(town: Town, sweep: Sweep, **more: object) -> dict[str, object]:
    """The page's form as it stands, and what is changed in it."""
    made = await sweep.get()
    stops = [(stop, lane["member"]) for lane in made["lanes"] for stop in lane["stops"]]
    stops += [(stop, "") for stop in made["loose"]]
    fields: dict[str, object] = {
        "changed": str(made["changed"]),
        "stop": [stop["customer"] for stop, _ in stops],
    }
    fields |= {"lane": [lane["member"] for lane in made["lanes"]], "do": "save"}
    fields |= {f"in-{stop['customer']}": member for stop, member in stops}
    return fields | more


async def save(town: Town, sweep: Sweep, status: int = 303, **more: object) -> str:
    """Sends it; the page that follows, or that comes back."""
    answer = await town["wang"].post(f"/sweeps/{sweep.id}/plan", data=await form(town, sweep, **more))
    assert answer.status_code == status, answer.text
    return answer.headers.get("location") or answer.text


async def test_stops_change_their_order_and_their_lane(town: Town) -> None:
    """By a button each, or by choosing another member; taken out they are in the sweep no longer."""
    sweep = await planned(town)
    at = town.customers
    assert (await save(town, sweep, do=f"up:{at['school']}")).endswith("/plan")
    assert (await sweep.plan())["zhang"] == [("school", "planned"), ("canteen", "planned")]
    assert await save(town, sweep, **{f"in-{at['canteen']}": town.ids["li"]}) == f"/sweeps/{sweep.id}"
    assert (await sweep.plan())["zhang"] == [("school", "planned")]
    assert ("canteen", "planned") in (await sweep.plan())["li"]
    await save(town, sweep, **{f"in-{at['canteen']}": "-", f"in-{at['hotel']}": ""})
    assert await sweep.plan() == {
        "zhang": [("school", "planned")],
        "li": [("bakery", "planned")],
        "": [("hotel", "planned")],
    }


async def test_more_customers_come_into_a_lane(town: Town) -> None:
    """Ticked ones, into the lane of somebody who had none, or nobody's."""
    sweep = await planned(town)
    page = (await town["wang"].get(f"/sweeps/{sweep.id}/plan")).text
    assert "Lotus Pharmacies" in page
    more = {"add": [town.customers["lotus"]], "to": town.ids["wang"]}
    await save(town, sweep, do="add", **more)
    assert (await sweep.plan())["wang"] == [("lotus", "planned")]


async def test_what_another_lead_has_changed_is_not_overwritten(town: Town) -> None:
    """The page comes back as it is now, and says why."""
    sweep = await planned(town)
    stale = await form(town, sweep)
    await save(town, sweep, do=f"up:{town.customers['school']}")
    stale[f"in-{town.customers['bakery']}"] = ""
    answer = await town["wang"].post(f"/sweeps/{sweep.id}/plan", data=stale)
    assert answer.status_code == 409
    assert "Somebody else has changed this sweep meanwhile" in answer.text
    assert ("bakery", "planned") in (await sweep.plan())["li"]


async def test_nonsense_is_refused_and_nothing_is_lost(town: Town) -> None:
    """No shape, no number, no customer of ours: the plan stays as it was."""
    sweep = await planned(town)
    before = await sweep.plan()
    for wrong in (
        {"changed": "x"},
        {f"area-{town.ids['li']}": "{"},
        {"stop": ["nobody"], "in-nobody": ""},
        {"add": [new_id()], "to": town.ids["li"]},
    ):
        await save(town, sweep, 422, **wrong)
    assert await sweep.plan() == before


async def test_lanes_are_proposed_and_taken(town: Town) -> None:
    """Asked for on the page, looked at, and then they are the plan."""
    sweep = await planned(town, {})
    await sweep.save({}, ("canteen", "school", "hotel", "bakery"))
    goers = [town.ids["zhang"], town.ids["li"]]
    asked = await town["wang"].post(f"/sweeps/{sweep.id}/proposal", data={"new_id": new_id(), "goer": goers})
    assert asked.status_code == 303
    await over(town)
    found = await sweep.get("wang", "/proposal")
    assert "Take these lanes" in (await town["wang"].get(f"/sweeps/{sweep.id}/plan")).text
    taken = await town["wang"].post(f"/sweeps/{sweep.id}/proposal/take", data={"id": found["id"]})
    assert taken.status_code == 303
    plan = await sweep.plan()
    assert sorted(name for who in ("zhang", "li") for name, _ in plan[who]) == [
        "bakery",
        "canteen",
        "hotel",
        "school",
    ]
    assert (await town["zhang"].get(f"/sweeps/{sweep.id}/plan")).status_code == 403


async def test_the_rest_is_proposed_anew_on_the_way(town: Town) -> None:
    """While it runs, from the page: what is visited stays with whoever did it, the rest is divided again."""
    sweep = await running(town, {"zhang": ["canteen", "school", "hotel", "bakery"], "li": []})
    assert "Propose the rest anew" in (await town["wang"].get(f"/sweeps/{sweep.id}")).text
    await visits(town, "zhang", "canteen")
    page = (await town["wang"].get(f"/sweeps/{sweep.id}/plan")).text
    assert "who has arrived gets nothing more" in page
    goers = [town.ids["zhang"], town.ids["li"]]
    await town["wang"].post(f"/sweeps/{sweep.id}/proposal", data={"new_id": new_id(), "goer": goers})
    await over(town)
    found = await sweep.get("wang", "/proposal")
    await town["wang"].post(f"/sweeps/{sweep.id}/proposal/take", data={"id": found["id"]})
    plan = await sweep.plan()
    assert plan["zhang"][0] == ("canteen", "done")
    rest = [one for some in plan.values() for one in some if one[1] == "planned"]
    assert sorted(name for name, _ in rest) == ["bakery", "hotel", "school"]


async def test_customers_are_chosen_by_territory(town: Town) -> None:
    """Those within its outline and out of its holes; a territory without one, or none, chooses nothing."""
    sweep = await planned(town, {})
    places = await settled(town)
    west = [[121.36, 31.2], [121.39, 31.2], [121.39, 31.22], [121.36, 31.22], [121.36, 31.2]]
    hole = [[121.375, 31.2], [121.385, 31.2], [121.385, 31.207], [121.375, 31.207], [121.375, 31.2]]
    area = {"type": "Polygon", "coordinates": [west, hole]}
    drawn = await town["wang"].patch(f"/api/v1/territories/{places['city']}", json={"area": area})
    assert drawn.status_code == 200, drawn.text
    all_of_them = {"Golden Harbour Hotel", "North Star Bakery", "Hengtai Hardware"}
    for chosen, names in (
        (places["city"], {"Golden Harbour Hotel"}),
        (places["coast"], all_of_them),
        ("x", all_of_them),
    ):
        page = (await town["wang"].get(f"/sweeps/{sweep.id}/plan?territory={chosen}")).text
        offered = page.split('id="more"')[1].split("</section>")[0]
        assert {name for name in all_of_them if name in offered} == names
        assert "City" in offered
        assert "Coast" not in offered
