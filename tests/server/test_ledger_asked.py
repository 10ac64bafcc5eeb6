"""Help from a customer's file: one tap and a deadline; whoever answers sees who knows whom and what won."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from server.calls.models import call
from server.schema import new_id, now
from tests.server.calling import joins
from tests.server.conftest import Town
from tests.server.test_customers import api, page, tell
from tests.server.test_daylog import visit, words

pytestmark = pytest.mark.anyio


async def ask(town: Town, kind: str, who: str = "li", text: str = "") -> Any:
    """One tap on the file of Hengtai Hardware."""
    due = (now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    sent = {"new_id": new_id(), "customer": town.customers["hengtai"], "kind": kind, "text": text, "due": due}
    return await town[who].post(f"/squads/{town.squad}/calls", data=sent)


async def test_each_need_is_one_tap(town: Town) -> None:
    """A way in, care, a sample, somebody to go there with: each a call with a deadline."""
    file = (await town["li"].get(page(town))).text
    assert 'name="due" type="datetime-local" required value="20' in file
    for kind, said in (
        ("entry", "Help me find a way in"),
        ("care", "Care done for me"),
        ("sample", "A sample"),
        ("people", "Go there with me"),
    ):
        assert f'name="kind" value="{kind}"' in file
        assert said in file
        assert (await ask(town, kind)).status_code == 303
    calls = (await town["wang"].get(f"/api/v1/squads/{town.squad}/calls")).json()
    assert {one["kind"] for one in calls} == {"entry", "care", "sample", "people"}
    assert all(one["due_at"] for one in calls)
    shown = words((await town["zhang"].get(page(town))).text)
    assert shown.count("Li Na · Nobody is on it yet") == 4
    assert (await town["sun"].get(page(town))).status_code == 404


async def test_whoever_answers_sees_who_knows_whom_and_what_won(town: Town) -> None:
    """Contacts and facts with their givers, and customers like it: in what, by whom, with whose help."""
    await town["li"].post(api(town, "contacts"), json={"id": new_id(), "name": "Luo Min", "role": "Owner"})
    await tell(town, "zhang", "The owner's brother runs Lotus", kind="way_in")
    lotus = f"/api/v1/customers/{town.customers['lotus']}"
    for path in (api(town), lotus):
        await town["wang"].patch(path, json={"kind": "shop", "tags": ["riverside"]})
    made = await town.check_in("zhang", customer_id=town.customers["lotus"], captured_at=now().isoformat())
    within = made.json()["id"]
    sent = {"id": new_id(), "kind": "price", "text": "Lower?"}
    asked = (await town["zhang"].post(f"/api/v1/visits/{within}/calls", json=sent)).json()["id"]
    await town["wang"].post(f"/api/v1/calls/{asked}/answers", json={"id": new_id(), "text": "Yes"})
    ended = {"result": "won", "closed_at": now().isoformat(), "note": "Signed after the water test"}
    await town["zhang"].put(f"/api/v1/visits/{within}/outcome", json=ended)
    address = (await ask(town, "entry")).headers["location"]
    shown = words((await town["wang"].get(address)).text).partition("Who knows whom")[2]
    assert shown.startswith(" Luo Min Owner LN Li Na")
    assert "Way in: The owner&#39;s brother runs Lotus ZW Zhang Wei" in shown
    like = shown.partition("Customers like it that were won")[2]
    assert like.startswith(" Lotus Pharmacies same kind same tag Signed after the water test ZW Zhang Wei")
    assert "A price from Wang Fang" in like
    await joins(town, "desk", "Gu Lan", role="desk")
    assert "Signed after the water test" in (await town["desk"].get(address)).text


async def test_whoever_answers_sees_past_visits(town: Town) -> None:
    """Who was there, how it went and what they said; also where it is one with another by now."""
    made = await town.check_in("zhang", customer_id=town.customers["lotus"], captured_at=now().isoformat())
    ended = {"result": "advanced", "closed_at": now().isoformat(), "note": "They want a trial"}
    await town["zhang"].put(f"/api/v1/visits/{made.json()['id']}/outcome", json=ended)
    await town["li"].put(api(town, "parts", town.customers["lotus"]))
    address = (await ask(town, "entry")).headers["location"]
    shown = words((await town["wang"].get(address)).text).partition("The customer")[2]
    shown = shown.partition("Who knows whom")[0]
    assert "Zhang Wei · Moving They want a trial" in shown
    assert "none before this one" not in shown


async def test_wins_of_other_squads_stay_theirs(town: Town) -> None:
    """Nobody reads in a call what they may not see elsewhere."""
    sent = {"id": new_id(), "name": "Willow School", "kind": "shop"}
    made = await town["sun"].post(f"/api/v1/squads/{town.other}/customers", json=sent)
    theirs = made.json()["id"]
    await town["sun"].patch(f"/api/v1/customers/{theirs}", json={"kind": "shop"})
    body = {"id": new_id(), "customer_id": theirs, "captured_at": now().isoformat(), "note": ""}
    went = await town["sun"].post(f"/api/v1/squads/{town.other}/checkins", json=body)
    ended = {"result": "won", "closed_at": now().isoformat(), "note": "By the back door"}
    await town["sun"].put(f"/api/v1/visits/{went.json()['id']}/outcome", json=ended)
    await town["wang"].patch(api(town), json={"kind": "shop"})
    address = (await ask(town, "entry")).headers["location"]
    shown = (await town["wang"].get(address)).text
    assert "None so far" in shown
    assert "back door" not in shown
    assert "Willow" not in shown


async def test_the_file_has_its_own_account(town: Town) -> None:
    """What one gave and got back at this customer; each number leads to its entries there."""
    await visit(town, now().isoformat(), "Owner is in")
    await tell(town, "zhang", "Ms. Luo")
    await town.check_in("li", customer_id=town.customers["lotus"], captured_at=now().isoformat())
    shown = words((await town["li"].get(page(town))).text)
    account = shown.partition("Give and get back")[2].partition("Help with this customer")[0]
    assert account.split() == [
        "You",
        "gave",
        "1",
        "visit",
        "shared",
        "You",
        "got",
        "back",
        "1",
        "fact",
        "at",
        "a",
        "customer",
    ]
    there = f"/me/ledger?customer={town.customers['hengtai']}"
    assert f"{there}&amp;side=gave&amp;kind=visit#entries" in (await town["li"].get(page(town))).text
    entries = (await town["li"].get(f"/api/v1{there}")).json()
    assert entries["count"] == 2
    assert {one["customer"] for one in entries["entries"]} == {town.customers["hengtai"]}


async def test_what_one_owes_shows_at_the_desk(town: Town) -> None:
    """Calls past their deadline and logs that wait; with whoever owes them, and nowhere else."""
    address = (await ask(town, "care")).headers["location"]
    await town["zhang"].post(f"{address}/claim")
    assert "You owe" not in (await town["zhang"].get("/desk")).text
    late = update(call).values(due_at=now() - timedelta(hours=1))
    await town.app.state.db.write(lambda c: c.execute(late) and None)
    owed = words((await town["zhang"].get("/desk")).text).partition("You owe 1 answer")[2]
    assert owed.startswith(" Hengtai Hardware Li Na needed it by")
    assert "You owe" not in (await town["wang"].get("/desk")).text
    await joins(town, "desk", "Gu Lan", role="desk")
    assert "You owe" not in (await town["desk"].get("/desk")).text
    await town["zhang"].post(f"{address}/release")
    assert "You owe 1 answer" in words((await town["desk"].get("/desk")).text)
    day = (now() + timedelta(hours=8)).date().isoformat()
    await visit(town, now().isoformat(), "Closed")
    log = {"day": day, "lines": {"lesson": {"text": "Ask", "base": 0}}}
    await town["li"].post(f"/api/v1/squads/{town.squad}/logs", json=log)
    assert "You owe 1 answer Log of Li Na" in words((await town["wang"].get("/desk")).text)
