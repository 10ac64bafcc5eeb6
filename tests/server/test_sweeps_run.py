"""A sweep under way: check-ins that do stops, late ones, undone ones, and what is changed on the way."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from server import jobs
from server.schema import new_id, now
from server.sweeps import run, standing
from server.sweeps.models import sweep as table
from tests.server.conftest import Town
from tests.server.refolded import Folded
from tests.server.sweeping import PLACES, RALLY, Sweep, hours, planned, running, visits

pytestmark = pytest.mark.anyio


async def begin_earlier(sweep: Sweep, number: float) -> None:
    """As if it had started so many hours ago."""
    started = datetime.now(UTC) - timedelta(hours=number)
    change = update(table).where(table.c.id == sweep.id).values(started_at=started)
    await sweep.town.app.state.db.write(lambda c: c.execute(change) and None)


async def test_a_check_in_does_the_stop(town: Town) -> None:
    """In one transaction with its entry; whoever's lane it is in, and by whom is there to be seen."""
    sweep = await running(town)
    own = await visits(town, "zhang", "canteen")
    others = await visits(town, "zhang", "hotel")
    await visits(town, "zhang", "hengtai")  # is in no plan
    told = [(one["kind"], one["data"].get("visit")) for one in (await town.journal())[-5:]]
    assert told == [
        ("checkin", None),
        ("stop", own["id"]),
        ("checkin", None),
        ("stop", others["id"]),
        ("checkin", None),
    ]
    stop = await sweep.stop("hotel")
    assert (stop["state"], stop["visit"], stop["by"]) == ("done", others["id"], town.ids["zhang"])
    assert (await sweep.standing("li"))["done"] == 1
    assert (await sweep.standing("zhang"))["done"] == 1
    await visits(town, "li", "hotel")
    assert (await sweep.stop("hotel"))["visit"] == others["id"]


async def test_no_sweep_no_stop(town: Town) -> None:
    """Before it starts, and in another squad, a check-in is a check-in."""
    sweep = await planned(town)
    await visits(town, "zhang", "canteen")
    assert (await sweep.stop("canteen"))["state"] == "planned"
    assert "stop" not in [one["kind"] for one in await town.journal()]


async def test_an_undone_check_in_opens_its_stop_again(town: Town) -> None:
    """Unless somebody else was there as well: then it is theirs."""
    sweep = await running(town)
    first = await visits(town, "zhang", "canteen")
    await town["zhang"].delete(f"/api/v1/visits/{first['id']}")
    assert await sweep.stop("canteen") == {**(await sweep.stop("canteen")), "state": "planned", "visit": None}
    again = await visits(town, "zhang", "canteen")
    other = await visits(town, "li", "canteen")
    await town["zhang"].delete(f"/api/v1/visits/{again['id']}")
    stop = await sweep.stop("canteen")
    assert (stop["state"], stop["visit"], stop["by"]) == ("done", other["id"], town.ids["li"])


async def test_check_ins_from_a_cellar_come_late(town: Town) -> None:
    """A phone without signal sends after the sweep has ended: what was done while it ran counts, no more."""
    sweep = await running(town)
    await begin_earlier(sweep, 2)
    await sweep.put("wang", "state", state="ended")
    await visits(town, "zhang", "canteen", captured_at=hours(-1))
    await visits(town, "zhang", "school", captured_at=hours(-3))
    await visits(town, "li", "hotel", captured_at=hours(0.5))
    plan = await sweep.plan()
    assert plan["zhang"] == [("canteen", "done"), ("school", "planned")]
    assert plan["li"] == [("hotel", "planned"), ("bakery", "planned")]
    assert (await sweep.get(part="/convergence"))["squad"]["visits"] == 1
    sign = (await sweep.standing("zhang"))["sign"]
    assert datetime.fromisoformat(sign) < now() - timedelta(minutes=59)


async def test_it_ends_by_itself(town: Town) -> None:
    """At its time, by nobody, once; a later end moves it."""
    sweep = await running(town, ends_at=hours(3))
    db = town.app.state.db
    (due,) = [at for at in [await db.read(jobs.next_due, [run.END])] if at]
    assert abs(due - now() - timedelta(hours=3)) < timedelta(minutes=5)
    changed = {"changed": (await sweep.get())["changed"], "ends_at": hours(5)}
    assert (await town["wang"].patch(f"/api/v1/sweeps/{sweep.id}", json=changed)).status_code == 200
    assert (await db.read(jobs.next_due, [run.END])) > due + timedelta(hours=1)
    await db.write(run.end_due, {"sweep": sweep.id})
    assert (await sweep.get())["state"] == "running"
    over = now() - timedelta(minutes=1)
    past = update(table).where(table.c.id == sweep.id).values(ends_at=over)
    await db.write(lambda c: c.execute(past) and None)
    for _ in range(2):
        await db.write(run.end_due, {"sweep": sweep.id})
    ended = await sweep.get()
    assert (ended["state"], ended["ended_by"]) == ("ended", None)
    assert ended["ended_at"] == ended["ends_at"]
    assert [one["kind"] for one in await town.journal()][-2:] == ["sweep", "sweep"]


async def test_a_stop_is_skipped_with_a_reason(town: Town) -> None:
    """By its member or a lead; it is no longer planned, and can be taken up again, or visited."""
    sweep = await running(town)
    id = (await sweep.stop("hotel"))["id"]

    async def put(who: str, **body: Any) -> int:
        return int((await town[who].put(f"/api/v1/stops/{id}", json=body)).status_code)

    assert await put("li", state="skipped", reason=" ") == 422
    assert await put("zhang", state="skipped", reason="Closed") == 403
    assert await put("li", state="skipped", reason="Closed on Mondays") == 200
    before = len(await town.journal())
    assert await put("li", state="skipped", reason="Closed on Mondays") == 200
    assert len(await town.journal()) == before
    standing = await sweep.standing("li")
    assert (standing["planned"], standing["skipped"]) == (1, 1)
    assert await put("wang", state="planned") == 200
    assert (await sweep.stop("hotel"))["reason"] == ""
    await put("li", state="skipped", reason="Closed")
    await visits(town, "li", "hotel")
    assert (await sweep.stop("hotel"))["state"] == "done"
    assert await put("li", state="planned") == 409


async def test_a_stop_is_added_on_the_way(town: Town) -> None:
    """Into one's own lane: a customer of the list or a new one, once; into others' only by a lead."""
    sweep = await running(town)
    path = f"/api/v1/sweeps/{sweep.id}/stops"
    body = {"id": new_id(), "customer_id": town.customers["lotus"]}
    added = await town["li"].post(path, json=body)
    assert added.status_code == 201
    assert (await town["zhang"].post(path, json={**body, "id": new_id()})).json()["id"] == added.json()["id"]
    new = {"id": new_id(), "customer": "Old Bridge Noodles", "position": {"lat": 31.2, "lon": 121.41}}
    answers = [await town["li"].post(path, json=new) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 200]
    assert answers[0].json() == answers[1].json()
    lanes = {one["member"]: one for one in (await sweep.get())["lanes"]}
    assert len(lanes[town.ids["li"]]["stops"]) == 4
    body = {"id": new_id(), "customer_id": town.customers["hengtai"], "lane": lanes[town.ids["zhang"]]["id"]}
    assert (await town["li"].post(path, json=body)).status_code == 403
    assert (await town["wang"].post(path, json=body)).status_code == 201
    assert (await sweep.plan())["zhang"][-1] == ("hengtai", "planned")
    strange = {"id": new_id(), "customer_id": new_id()}
    assert list((await town["li"].post(path, json=strange)).json()["errors"]) == ["customer_id"]


async def test_being_at_the_rally_is_arriving(town: Town) -> None:
    """A check-in there with nothing left to do; not while stops wait. An undone check-in told nothing."""
    here = {"lat": 31.2002, "lon": 121.4001, "accuracy": 9, "fix_at": hours(0), "source": "gps"}
    sweep = await running(town, {"zhang": ["canteen"], "li": ["hotel", "bakery"]})
    await visits(town, "li", "hotel", position=here)
    assert (await sweep.get())["arrived"] == []
    there = await visits(town, "zhang", "canteen", position=here)
    assert [one["member"] for one in (await sweep.get())["arrived"]] == [town.ids["zhang"]]
    await town["zhang"].delete(f"/api/v1/visits/{there['id']}")
    assert (await sweep.get())["arrived"] == []
    await sweep.put("zhang", "arrival", at=hours(0))
    assert (await town["zhang"].delete(f"/api/v1/sweeps/{sweep.id}/arrival")).json()["arrived"] == []
    assert (await sweep.put("wang", "arrival", at=hours(0))).status_code == 409
    await visits(town, "zhang", "canteen", position=here)
    assert (await sweep.get())["met_at"] is None
    await visits(town, "li", "bakery", position=here)
    assert (await sweep.get())["met_at"]
    assert (await town["li"].delete(f"/api/v1/sweeps/{sweep.id}/arrival")).status_code == 409
    assert [one["kind"] for one in await town.journal()].count("met") == 1


async def test_a_sweep_without_lanes(town: Town) -> None:
    """The whole squad takes part; stops are everybody's."""
    sweep = await running(town, {}, rally={**RALLY, "customer_id": (town.customers["lotus"])})
    await sweep.save({}, loose=("canteen", "hotel"))
    await visits(town, "li", "canteen")
    assert (await sweep.plan())[""] == [("canteen", "done"), ("hotel", "planned")]
    stop = (await sweep.stop("hotel"))["id"]
    skipped = {"state": "skipped", "reason": "Closed"}
    assert (await town["zhang"].put(f"/api/v1/stops/{stop}", json=skipped)).status_code == 200
    members = (await sweep.get(part="/convergence"))["members"]
    assert {one["member"] for one in members} == {town.ids[who] for who in ("wang", "zhang", "li")}
    assert members[0]["member"] == town.ids["li"]
    for who in ("wang", "zhang", "li"):
        await sweep.put(who, "arrival", at=hours(0))
    assert (await sweep.get())["met_at"]


async def test_what_is_next(town: Town) -> None:
    """The pact first; then stop after stop with its way, the rally point, and nothing once one is there."""
    sweep = await running(town)

    async def ahead(who: str = "zhang") -> tuple[bool | None, str | None]:
        made = await sweep.get(who, "/next")
        return made["agreed"], made["next"] and made["next"]["name"]

    assert await ahead() == (False, "East Gate Canteen")
    assert (await sweep.get("zhang", "/next"))["next"]["metres"] is None  # has not been seen anywhere yet
    await sweep.put("zhang", "pact", v=1)
    await visits(town, "zhang", "canteen")
    assert await ahead() == (True, "Willow School")
    step = (await sweep.get("zhang", "/next"))["next"]
    assert step["metres"] == pytest.approx(1102, abs=5)
    assert step["minutes"] == pytest.approx(1.102 * 1.25 / 4.5 * 60, abs=0.2)
    assert step["left"] == 0
    assert [one["app"] for one in step["ways"]][:2] == ["phone", "apple"]
    assert step["ways"][0]["url"].startswith("geo:31.205000,121.420000?q=")
    stop = {"state": "skipped", "reason": "Holidays"}
    await town["zhang"].put(f"/api/v1/stops/{step['stop']}", json=stop)
    assert await ahead() == (True, "Riverside Teahouse")
    await sweep.put("zhang", "arrival", at=hours(0))
    assert await ahead() == (True, None)
    assert await ahead("wang") == (None, None)


async def test_without_a_lane_the_nearest_is_next(town: Town) -> None:
    """Of the stops that are everybody's; where nobody knows where one is, the first."""
    sweep = await running(town, {}, pact="")
    await sweep.save({}, loose=("hotel", "canteen", "school"))
    assert (await sweep.get("li", "/next"))["next"]["name"] == "Golden Harbour Hotel"
    await visits(town, "li", "canteen")
    assert (await sweep.get("li", "/next"))["next"]["name"] == "Willow School"


async def test_the_squads_sums(town: Town) -> None:
    """Visits, wins and their value in each currency, of all who were out."""
    sweep = await running(town)
    for who, where, money in (
        ("zhang", "canteen", ("0.10", "CNY")),
        ("li", "hotel", ("0.20", "CNY")),
        ("wang", "lotus", ("5", "EUR")),
    ):
        visit = await visits(town, who, where)
        won = {"result": "won", "amount": money[0], "currency": money[1], "closed_at": hours(0)}
        await town[who].put(f"/api/v1/visits/{visit['id']}/outcome", json=won)
    await visits(town, "li", "bakery")
    squad = (await sweep.get(part="/convergence"))["squad"]
    assert (squad["visits"], squad["wins"], squad["value"]) == (4, 3, {"CNY": "0.30", "EUR": "5"})


@pytest.mark.parametrize("seed", range(3))
async def test_what_the_journal_says_is_what_is_there(town: Town, seed: int) -> None:
    """After any day: a sweep folded from its entries, and its convergence, equal fresh ones."""
    dice, keys = random.Random(seed), list(PLACES)
    start = {"lat": 31.25, "lon": 121.45}
    sweep = await planned(town, {"zhang": ["canteen", "school"], "li": ["hotel"]})
    made = await sweep.get()
    lanes = [
        {"member": one["member"], "start": start, "stops": [each["customer"] for each in one["stops"]]}
        for one in made["lanes"]
    ]
    await sweep.put("wang", "plan", changed=made["changed"], lanes=lanes)
    await sweep.start()
    for _ in range(25):
        await something(sweep, dice, keys)
    folded = Folded(await town.journal(), sweep.id)
    assert folded.state() == await sweep.get()
    db = town.app.state.db
    fresh, other = await db.read(standing.load, sweep.id), folded.convergence()
    assert standing.as_data(other, now()) == standing.as_data(fresh, now())


async def something(sweep: Sweep, dice: random.Random, keys: list[str]) -> None:
    """One thing somebody does, whether it can be done or not."""
    town, who, where = sweep.town, dice.choice(("zhang", "li", "wang")), dice.choice(keys)
    made = await sweep.get()
    stops = [one for some in (*(each["stops"] for each in made["lanes"]), made["loose"]) for one in some]
    one = dice.choice(stops)
    what = dice.randrange(9)
    if what <= 2:
        visit = await visits(town, who, where)
        if dice.random() < 0.3:
            await town[who].delete(f"/api/v1/visits/{visit['id']}")
        elif dice.random() < 0.6:
            won = {"result": "won", "amount": "7.50", "currency": "CNY", "closed_at": hours(0)}
            await town[who].put(f"/api/v1/visits/{visit['id']}/outcome", json=won)
    elif what == 3:
        state = dice.choice(("skipped", "planned"))
        await town[who].put(f"/api/v1/stops/{one['id']}", json={"state": state, "reason": "Closed"})
    elif what == 4:
        lane = dice.choice([None, *(each["id"] for each in made["lanes"])])
        await town["wang"].put(f"/api/v1/stops/{one['id']}/lane", json={"lane": lane, "place": 0})
    elif what == 5:
        offer = {"id": new_id()}
        await town[who].post(f"/api/v1/stops/{one['id']}/handovers", json=offer)
        if dice.random() < 0.7:
            await town[dice.choice(("zhang", "li"))].put(f"/api/v1/handovers/{offer['id']}/accept")
    elif what == 6:
        body = {"id": new_id(), "customer_id": town.customers[where]}
        await town[who].post(f"/api/v1/sweeps/{sweep.id}/stops", json=body)
    elif what == 7:
        await sweep.put(who, "pact", v=1)
        await sweep.put(dice.choice(("zhang", "li")), "arrival", at=hours(0))
    else:
        dice.shuffle(keys)
        await sweep.save({"zhang": keys[:2], "li": keys[2:3]}, loose=(keys[3],))
