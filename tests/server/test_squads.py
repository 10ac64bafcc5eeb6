"""Who is in a squad, who leads it, and who goes."""

import re

import anyio
import pytest

from server.squads import actions
from tests.server.conftest import Town
from tests.server.doors import members_of

pytestmark = pytest.mark.anyio


async def test_somebody_is_taken_out(town: Town) -> None:
    """At once and by name; what they said stays. Asked first on a page that changes nothing."""
    await town.say("zhang", "Still here")
    path = f"/squads/{town.squad}/people/{town.ids['zhang']}/remove"
    assert "Take Zhang Wei out?" in (await town["wang"].get(path)).text
    assert (await town["zhang"].get(f"/squads/{town.squad}")).status_code == 200
    assert (await town["wang"].post(path)).status_code == 303
    assert (await town["zhang"].get(f"/squads/{town.squad}")).status_code == 404
    assert (await town["zhang"].get("/api/v1/squads")).json() == []
    page = (await town["li"].get(f"/squads/{town.squad}")).text
    assert "Still here" in page
    assert "Zhang Wei left the squad" in page
    entry = (await town.journal())[-1]
    assert (entry["data"]["state"], entry["actor"]) == ("removed", town.ids["wang"])


async def test_a_last_lead_names_another_first(town: Town) -> None:
    """Leaving, stepping down and being taken out are refused alike; afterwards they are not."""
    leave = f"/squads/{town.squad}/leave"
    wang = f"/squads/{town.squad}/people/{town.ids['wang']}"
    li = f"/squads/{town.squad}/people/{town.ids['li']}"
    assert "You are the only lead" in (await town["wang"].get(leave)).text
    assert (await town["wang"].post(leave)).status_code == 409
    assert (await town["wang"].post(f"{wang}/lead", data={"on": "0"})).status_code == 409
    assert (await town["wang"].post(f"{wang}/remove")).status_code == 409
    await town["wang"].post(f"{li}/lead", data={"on": "1"})
    assert (await town["wang"].post(leave)).headers["location"] == "/squads"
    assert (await town["li"].get(f"/squads/{town.squad}/people")).status_code == 200


async def test_two_leads_leave_at_once(town: Town) -> None:
    """One of them stays."""
    db = town.app.state.db
    await db.write(actions.make_lead, town.ids["wang"], town.squad, town.ids["li"], True)
    answers: list[int] = []

    async def leave(name: str) -> None:
        answers.append((await town[name].post(f"/squads/{town.squad}/leave")).status_code)

    async with anyio.create_task_group() as group:
        group.start_soon(leave, "wang")
        group.start_soon(leave, "li")
    assert sorted(answers) == [303, 409]


async def test_a_squad_is_renamed(town: Town) -> None:
    """An entry; a zone that is none is refused with the name kept."""
    path = f"/squads/{town.squad}/settings"
    wrong = await town["wang"].post(path, data={"squad": "North Shore", "zone": "Nowhere"})
    assert (wrong.status_code, 'value="North Shore"' in wrong.text) == (422, True)
    await town["wang"].post(path, data={"squad": "North Shore", "zone": "Asia/Tokyo"})
    entry = (await town.journal())[-1]
    said = {"id": town.squad, "name": "North Shore", "zone": "Asia/Tokyo"}
    assert (entry["kind"], entry["data"]) == ("squad", said)


async def test_an_admin_sees_a_squad_once_they_joined_it(town: Town) -> None:
    """The name before that, nothing more; and the squad sees them come."""
    assert "South Gate" in (await town["wang"].get("/squads")).text
    assert "South Gate" not in (await town["zhang"].get("/squads")).text
    assert (await town["wang"].get(f"/squads/{town.other}/people")).status_code == 404
    await town["wang"].post(f"/squads/{town.other}/join")
    assert (await town["wang"].get(f"/squads/{town.other}/people")).status_code == 200
    assert (await town.journal(town.other))[-1]["data"]["state"] == "joined"


async def test_who_may_found_a_squad(town: Town) -> None:
    """An admin, or a lead of one; a rep is told who can."""
    form = {"squad": "West Hill", "zone": "Asia/Shanghai"}
    assert (await town["zhang"].post("/squads/new", data=form)).status_code == 403
    assert "New squad" not in (await town["zhang"].get("/squads")).text.replace("A new squad", "")
    made = await town["sun"].post("/squads/new", data=form)
    assert re.fullmatch(r"/squads/[0-9a-f-]{36}/people", made.headers["location"])
    mine = (await town["sun"].get("/api/v1/squads")).json()
    assert [(one["name"], one["lead"]) for one in mine] == [("South Gate", True), ("West Hill", True)]
    assert mine[1]["head"]["offset"] == 1


async def test_the_button_pressed_twice_founds_one_squad(town: Town) -> None:
    """Also at once; somebody who knows the id gets a squad of their own, and is told nothing."""
    page = (await town["sun"].get("/squads/new")).text
    found = re.search(r'name="new_id" value="([0-9a-f-]{36})"', page)
    assert found
    form = {"squad": "West Hill", "zone": "Asia/Shanghai", "new_id": found.group(1)}
    led: list[str] = []

    async def press(name: str) -> None:
        led.append((await town[name].post("/squads/new", data=form)).headers["location"])

    async with anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(press, "sun")
    assert set(led) == {f"/squads/{found.group(1)}/people"}
    assert [one["name"] for one in (await town["sun"].get("/api/v1/squads")).json()] == [
        "South Gate",
        "West Hill",
    ]
    await press("wang")
    assert led[-1] != led[0]
    assert (await town["wang"].get(led[0])).status_code == 404
    wrong = await town["sun"].post("/squads/new", data=form | {"new_id": "x", "zone": "Nowhere"})
    assert (wrong.status_code, 'value="West Hill"' in wrong.text) == (422, True)


async def test_a_lead_once_is_a_lead(town: Town) -> None:
    """Saying it again is no entry; and who changes their colour stays what they are."""
    lead = f"/squads/{town.squad}/people/{town.ids['zhang']}/lead"
    form = {"name": "Zhang Wei", "initials": "", "colour": "7", "locale": "en", "zone": "Asia/Shanghai"}
    for _ in range(2):
        await town["wang"].post(lead, data={"on": "1"})
        await town["zhang"].post("/me", data=form)
    entries = (await town.journal())[-2:]
    assert [(one["kind"], one["data"]["role"], one["data"]["colour"]) for one in entries] == [
        ("member", "lead", 2),
        ("member", "lead", 7),
    ]


async def test_an_account_is_closed(town: Town) -> None:
    """Out of everything at once, the name stays; the last admin's stays open."""
    zhang = f"/squads/{town.squad}/people/{town.ids['zhang']}/close"
    assert (await town["li"].post(zhang)).status_code == 403
    await town["wang"].post(zhang)
    assert (await town["zhang"].get("/api/v1/me")).status_code == 401
    assert await members_of(town) == ["Wang Fang", "Li Na"]
    wang = f"/squads/{town.squad}/people/{town.ids['wang']}/close"
    assert (await town["wang"].post(wang)).status_code == 409
