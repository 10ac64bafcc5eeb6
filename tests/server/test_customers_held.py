"""A customer somebody works on: the second hears by whom and can ask, and nobody is refused anything."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from server.customers.models import customer_hold
from server.schema import new_id, now
from tests.server.conftest import Town
from tests.server.test_customers import api, page, share

pytestmark = pytest.mark.anyio


async def told(town: Town, name: str) -> list[str]:
    """The kinds of somebody's notices, the newest first."""
    return [one["kind"] for one in (await town[name].get("/api/v1/me/notices")).json()]


async def test_the_second_is_told_by_whom_and_is_refused_nothing(town: Town) -> None:
    """At the check-in and at a call; they ask, the holder shares it, and nobody is told any more."""
    await town["zhang"].post(f"{page(town)}/hold")
    held = (await town["li"].get(api(town))).json()["held"]
    assert (held["by"], held["asked"]) == (town.ids["zhang"], [])
    for path in ("checkin?lat=31.21&lon=121.41", "nearby?q=Hengtai", "customers"):
        listed = (await town["li"].get(f"/squads/{town.squad}/{path}")).text
        assert listed.count("Zhang Wei is working on it") == 1
        mine = (await town["zhang"].get(f"/squads/{town.squad}/{path}")).text
        assert "You are working on it" in mine
    visit = await town.check_in("li")
    assert visit.status_code == 201
    assert await told(town, "li") == ["hold_met"]
    path = f"/visits/{visit.json()['id']}"
    shown = (await town["li"].get(path)).text
    assert "Zhang Wei is working on this customer" in shown
    back = await town["li"].post(f"{page(town)}/ask", data={"visit": visit.json()["id"]})
    assert back.headers["location"] == f"{path}#held"
    await town["li"].post(f"{page(town)}/ask")
    assert await told(town, "zhang") == ["hold_asked"]
    assert "Li Na would like to share it" in (await town["zhang"].get(page(town))).text
    assert (await town["li"].post(f"{page(town)}/share/{town.ids['li']}")).status_code == 404
    await town["zhang"].post(f"{page(town)}/share/{town.ids['li']}")
    assert await told(town, "li") == ["hold_shared", "hold_met"]
    assert "is working on this customer" not in (await town["li"].get(path)).text
    assert "Zhang Wei shares it with you" in (await town["li"].get(page(town))).text
    await town.check_in("zhang")
    assert await told(town, "zhang") == ["hold_asked"]
    wangs = await town.check_in("wang")
    call = {"id": new_id(), "kind": "price", "text": "Down to 7,200?", "captured_at": now().isoformat()}
    asked = await town["wang"].post(f"/api/v1/visits/{wangs.json()['id']}/calls", json=call)
    assert asked.status_code == 201
    assert await told(town, "wang") == ["hold_met"]


async def test_one_holds_it_and_for_so_long(town: Town) -> None:
    """Another has to ask; let go or run out, it is free; strangers hear nothing of it."""
    await town["zhang"].put(api(town, "hold"))
    assert (await town["li"].put(api(town, "hold"))).status_code == 409
    await town["li"].post(f"{page(town)}/hold")
    assert (await town["li"].get(api(town))).json()["held"]["by"] == town.ids["zhang"]
    await town["li"].delete(api(town, "hold"))
    assert (await town["li"].get(api(town))).json()["held"]["by"] == town.ids["zhang"]
    assert (await town["sun"].put(api(town, "hold"))).status_code == 404
    await town["zhang"].delete(api(town, "hold"))
    assert (await town["li"].get(api(town))).json()["held"] is None
    await town["li"].put(api(town, "hold"))
    over = update(customer_hold).values(until=now() - timedelta(minutes=1))
    await town.app.state.db.write(lambda c: c.execute(over) and None)
    assert (await town["li"].get(api(town))).json()["held"] is None
    await town.check_in("zhang")
    assert await told(town, "zhang") == []
    await share(town)
    await town["sun"].put(api(town, "hold"))
    assert "Sun Yue is working" in (await town["zhang"].get(page(town))).text


async def test_what_is_held_is_held_as_part_of_another_too(town: Town) -> None:
    """Made one with another, whoever goes to that one hears it as well."""
    lotus = town.customers["lotus"]
    await town["zhang"].put(f"/api/v1/customers/{lotus}/hold")
    await town["li"].put(api(town, "parts", lotus))
    assert (await town["li"].get(api(town))).json()["held"]["by"] == town.ids["zhang"]
    assert "Zhang Wei is working on it" in (await town["li"].get(f"/squads/{town.squad}/customers")).text
    await town.check_in("li")
    assert await told(town, "li") == ["hold_met"]
    await town["zhang"].delete(api(town, "hold"))
    assert (await town["li"].get(api(town))).json()["held"] is None
