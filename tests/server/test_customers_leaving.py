"""Somebody leaves: who takes what on one screen, and what they did keeps their name."""

from datetime import date
from typing import Any

import pytest

from server.schema import new_id, now
from tests.server.conftest import Town
from tests.server.sweeping import planned, visits
from tests.server.test_customers import api, page, tell
from tests.server.test_sight import looks

pytestmark = pytest.mark.anyio


async def in_hand(town: Town) -> dict[str, Any]:
    """Zhang Wei holds Hengtai, means to go there, has a visit, a call of Li Na's and a draft."""
    await town["zhang"].put(api(town, "hold"))
    await town["zhang"].put(api(town, "touch"), json={"day": "2026-12-24", "note": "Bring the filters"})
    fact = await tell(town, "zhang", "Ms. Luo")
    visit = (await town.check_in("zhang")).json()["id"]
    lis = (await town.check_in("li", customer_id=town.customers["lotus"])).json()["id"]
    call = {"id": new_id(), "kind": "price", "text": "Down to 7,200?", "captured_at": now().isoformat()}
    await town["li"].post(f"/api/v1/visits/{lis}/calls", json=call)
    await town["zhang"].put(f"/api/v1/calls/{call['id']}/claim")
    day = date(2026, 5, 4).isoformat()
    said = {"lines": {"lesson": {"text": "Take the report along"}}}
    kept = await town["zhang"].patch(f"/api/v1/squads/{town.squad}/logs/{day}", json=said)
    return {"fact": fact, "visit": visit, "call": call["id"], "kept": kept}


async def test_who_takes_what_on_one_screen(town: Town) -> None:
    """Each goes to whoever is chosen, who is told; visits, facts and credit keep their name."""
    had = await in_hand(town)
    assert had["kept"].status_code < 300, had["kept"].text
    path = f"/squads/{town.squad}/members/{town.ids['zhang']}/handover"
    shown = (await town["wang"].get(path)).text
    for title in ("Customers", "Visits without an outcome", "Calls for help", "Drafts of logs"):
        assert title in shown
    wang = town.ids["wang"]
    chosen = {
        "all-customer": town.ids["li"],
        "all-visit": town.ids["li"],
        "all-draft": wang,
        "all-call": wang,
    }
    nobody = await town["wang"].post(path, data=chosen | {"all-customer": town.ids["sun"]})
    assert nobody.status_code == 422
    for _ in range(2):
        assert (await town["wang"].post(path, data=chosen)).status_code == 303
    audit = (await town["li"].get(f"/squads/{town.squad}/audit")).text
    assert audit.count("Wang Fang handed over what Zhang Wei had in hand: 4") == 1
    assert "Nothing is left in hand" in (await town["wang"].get(path)).text
    file = (await town["li"].get(api(town))).json()
    assert (file["held"]["by"], file["touch"]["by"]) == (town.ids["li"], town.ids["li"])
    assert (file["touch"]["note"], file["touch"]["day"]) == ("Bring the filters", "2026-12-24")
    assert file["facts"][0]["by"] == town.ids["zhang"]
    assert [one["member"] for one in file["story"] if one["kind"] == "visit"] == [town.ids["zhang"]]
    visit = (await town["li"].get(f"/api/v1/visits/{had['visit']}")).json()
    assert (visit["member"], visit["outcome"]) == (town.ids["zhang"], None)
    call = (await town["wang"].get(f"/api/v1/calls/{had['call']}")).json()
    assert call["owner"] == wang
    for name in ("li", "wang"):
        notices = (await town[name].get("/api/v1/me/notices")).json()
        assert "handed" in [one["kind"] for one in notices]
    mine = (await town["li"].get(f"/squads/{town.squad}/taken")).text
    assert f'href="{page(town)}"' in mine
    assert "Take the report along" not in mine
    assert "Take the report along" in (await town["wang"].get(f"/squads/{town.squad}/taken")).text


async def test_it_is_for_who_leads_also_after_they_left(town: Town) -> None:
    """Others are told nothing; whoever was never in the squad has nothing there."""
    await in_hand(town)
    path = f"/squads/{town.squad}/members/{town.ids['zhang']}/handover"
    assert (await town["li"].get(path)).status_code == 403
    assert (await town["wang"].get(path)).status_code == 200
    assert [who for who, _ in await looks(town, "zhang")] == ["wang"]
    assert (await town["sun"].get(path)).status_code == 404
    other = path.replace(town.ids["zhang"], town.ids["sun"])
    assert (await town["wang"].get(other)).status_code == 404
    await town["wang"].post(f"/squads/{town.squad}/people/{town.ids['zhang']}/remove")
    done = await town["wang"].post(path, data={f"customer-{town.customers['hengtai']}": town.ids["li"]})
    assert done.status_code == 303
    assert (await town["li"].get(api(town))).json()["held"]["by"] == town.ids["li"]
    assert "Visits without an outcome" in (await town["wang"].get(path)).text


async def test_stops_to_come_go_over_too(town: Town) -> None:
    """Into the taker's lane, behind what they had; what was visited stays, and an offer is taken back."""
    made = await planned(town, {"zhang": ["canteen", "school"], "li": ["hotel"]})
    await made.start()
    await visits(town, "zhang", "school")
    stop = await made.stop("canteen")
    offered = {"id": new_id(), "to": town.ids["wang"]}
    assert (
        await town["zhang"].post(f"/api/v1/stops/{stop['id']}/handovers", json=offered)
    ).status_code == 201
    await town["zhang"].put(api(town, "hold"))
    path = f"/squads/{town.squad}/members/{town.ids['zhang']}/handover"
    shown = (await town["wang"].get(path)).text
    for words in ("Stops to come", "East Gate Canteen", "Linjiang sweep", "works on it"):
        assert words in shown
    assert f'"t-stop-{(await made.stop("school"))["id"]}"' not in shown
    before = len(await town.journal())
    for _ in range(2):
        assert (await town["wang"].post(path, data={"all-stop": town.ids["li"]})).status_code == 303
    assert await made.plan() == {
        "zhang": [("school", "done")],
        "li": [("hotel", "planned"), ("canteen", "planned")],
        "": [],
    }
    entries = (await town.journal())[before:]
    assert [one["kind"] for one in entries] == ["handover", "lanes"]
    assert (await made.get())["handovers"] == []
    assert "Stops to come" not in (await town["wang"].get(path)).text
    assert f'href="/sweeps/{made.id}"' in (await town["li"].get(f"/squads/{town.squad}/taken")).text


async def test_who_takes_a_stop_takes_part(town: Town) -> None:
    """Also in the place of one who is gone already, and where they had no lane."""
    made = await planned(town, {"zhang": ["canteen"]})
    path = f"/squads/{town.squad}/members/{town.ids['zhang']}/handover"
    await town["wang"].post(f"/squads/{town.squad}/people/{town.ids['zhang']}/remove")
    one = await made.stop("canteen")
    assert (await town["wang"].post(path, data={f"stop-{one['id']}": town.ids["li"]})).status_code == 303
    assert (await made.plan())["li"] == [("canteen", "planned")]
    await made.start()
    assert (await made.standing("li"))["planned"] == 1
