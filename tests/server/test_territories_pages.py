"""The pages and routes of territories: read by all, changed by admins, nothing typed lost."""

import re

import orjson
import pytest

from server import journal, live
from server.administration import queries
from server.administration.queries import Asked
from server.schema import new_id
from tests.server import land
from tests.server.conftest import Town
from tests.server.test_territories_area import BOW, POLYGON

pytestmark = pytest.mark.anyio


async def test_nothing_yet_says_what_to_do(town: Town) -> None:
    """An admin is led to the first; the others are told who makes it."""
    admin, rep = (await town["wang"].get("/territories")).text, (await town["li"].get("/territories")).text
    assert "No territories yet" in admin
    assert "No territories yet" in rep
    assert "Make the first" in admin
    assert "An admin makes the first one here." in rep
    assert "/territories/new" not in rep
    assert 'href="/territories"' in (await town["li"].get("/squads")).text


async def test_everybody_sees_who_looks_after_what(town: Town) -> None:
    """Territories, squads and managers by name; what only an admin does is there for admins alone."""
    places = await land.settled(town)
    gu = await land.arrives(town, "gu", "Gu Ming")
    await land.appoint(town, places["city"], gu)
    page = (await town["sun"].get("/territories")).text
    tree = page.partition('id="tree"')[2].partition("</ul>")[0]
    assert re.findall(r'class="in-(\d)"><p><a [^>]*><b>(\w+)', tree) == [
        ("0", "Country"),
        ("1", "City"),
        ("1", "Coast"),
    ]
    assert "Gu Ming" in tree
    assert "North Bank" in tree
    one = (await town["sun"].get(f"/territories/{places['city']}")).text
    assert "<form" not in one
    assert "Gu Ming" in one
    assert "Country" in one
    for path in ("managers", "area", "close"):
        assert (await town["sun"].post(f"/territories/{places['city']}/{path}")).status_code == 403
    assert (await town["sun"].get(f"/territories/{new_id()}")).status_code == 404


async def test_the_button_pressed_twice_makes_one(town: Town) -> None:
    """And a name that is taken beside it, or empty, comes back as it was typed."""
    form = {"name": "Country", "parent": "", "new_id": new_id()}
    for _ in range(2):
        answer = await town["wang"].post("/territories", data=form)
        assert answer.headers["location"] == f"/territories/{form['new_id']}"
    assert len((await town["wang"].get(land.API)).json()) == 1
    again = await town["wang"].post(
        "/territories", data={**form, "name": "  ＣＯＵＮＴＲＹ ", "new_id": new_id()}
    )
    assert again.status_code == 422
    assert 'value="  ＣＯＵＮＴＲＹ "' in again.text
    assert "There is a territory of this name here already." in again.text
    below = {"name": "Country", "parent": form["new_id"], "new_id": new_id()}
    assert (await town["wang"].post("/territories", data=below)).status_code == 303
    for parent in (new_id(), "nonsense"):
        lost = await town["wang"].post("/territories", data={"name": "X", "parent": parent})
        assert (lost.status_code, "not there any more" in lost.text) == (422, True)


async def test_a_territory_is_not_put_into_itself(town: Town) -> None:
    """Neither directly nor further down; the list does not offer it, and whoever sends it is told."""
    places = await land.settled(town)
    path = f"/territories/{places['country']}"
    page = (await town["wang"].get(path)).text
    offered = page.partition('id="f-parent"')[2].partition("</select>")[0]
    assert places["country"] not in offered
    assert places["city"] not in offered
    for parent in (places["country"], places["city"]):
        wrong = await town["wang"].post(path, data={"name": "Country", "parent": parent})
        assert wrong.status_code == 422
        assert "A territory cannot lie within itself." in wrong.text
    assert (await town["wang"].post(path, data={"name": "Land", "parent": ""})).status_code == 303
    assert (await town["wang"].get(land.API)).json()[0]["name"] == "Land"


async def test_squads_and_managers_come_and_go_by_form(town: Town) -> None:
    """Each form leads back to where it stood; what is not there is not put anywhere."""
    places = await land.settled(town)
    gu = await land.arrives(town, "gu", "Gu Ming")
    path = f"/territories/{places['city']}"
    ask = town["wang"]
    assert (await ask.post(f"{path}/managers", data={"member": gu})).headers["location"] == path
    assert (await ask.post(f"{path}/managers", data={"member": "x"})).status_code == 422
    assert (await ask.post(f"{path}/managers", data={"member": new_id()})).status_code == 404
    assert (await town["gu"].get(f"/squads/{town.squad}")).status_code == 200
    assert (await ask.post(f"{path}/managers/{gu}/relieve")).headers["location"] == path
    assert (await town["gu"].get(f"/squads/{town.squad}")).status_code == 404
    out = {"squad": town.squad, "back": places["city"]}
    assert (await ask.post("/territories/placing", data=out)).headers["location"] == path
    loose = (await ask.get("/territories")).text.partition('id="loose"')[2]
    assert "North Bank" in loose
    assert "South Gate" not in loose
    back = {"squad": town.squad, "territory": places["coast"]}
    assert (await ask.post("/territories/placing", data=back)).headers["location"] == "/territories"
    assert 'id="loose"' not in (await ask.get("/territories")).text
    gone = {"squad": town.squad, "territory": new_id()}
    assert (await ask.post("/territories/placing", data=gone)).status_code == 422
    assert (await ask.post("/territories/placing", data={"squad": new_id()})).status_code == 404
    assert "Territory: Coast" in (await town["li"].get(f"/squads/{town.squad}/people")).text


async def test_an_outline_is_pasted_sent_and_taken_away(town: Town) -> None:
    """Drawn on the page; what is wrong comes back whole, also from a file."""
    id = await land.add(town, "Country")
    path = f"/territories/{id}"
    text = orjson.dumps(POLYGON).decode()
    assert (await town["wang"].post(f"{path}/area", data={"area": text})).status_code == 303
    assert '<path d="M' in (await town["li"].get(path)).text
    assert (await town["li"].get(f"{land.API}/{id}")).json()["area"] == POLYGON
    bow = orjson.dumps({"type": "Polygon", "coordinates": [BOW]})
    wrong = await town["wang"].post(f"{path}/area", files={"file": ("bow.geojson", bow)}, data={"area": text})
    assert wrong.status_code == 422
    assert "crosses itself, near 121" in wrong.text
    assert bow.decode().replace('"', "&#34;") in wrong.text
    assert (await town["li"].get(f"{land.API}/{id}")).json()["area"] == POLYGON
    assert (await town["wang"].post(f"{path}/area", data={"area": ""})).status_code == 303
    assert (await town["li"].get(f"{land.API}/{id}")).json()["area"] is None


async def test_only_what_is_empty_is_closed(town: Town) -> None:
    """Asked first; then it is gone with the posts of its managers, and its name is free."""
    places = await land.settled(town)
    gu = await land.arrives(town, "gu", "Gu Ming")
    await land.appoint(town, places["city"], gu)
    for name in ("country", "city"):
        path = f"/territories/{places[name]}/close"
        assert "It is not empty" in (await town["wang"].get(path)).text
        assert (await town["wang"].post(path)).status_code == 409
        assert (await town["wang"].delete(f"{land.API}/{places[name]}")).status_code == 409
    await town["wang"].post("/territories/placing", data={"squad": town.squad})
    assert "Close City?" in (await town["wang"].get(f"/territories/{places['city']}/close")).text
    answer = await town["wang"].post(f"/territories/{places['city']}/close")
    assert answer.headers["location"] == "/territories"
    for path in (f"/territories/{places['city']}", f"{land.API}/{places['city']}"):
        assert (await town["wang"].get(path)).status_code == 404
    await land.put(town, await land.add(town, "City", places["country"]), town.squad)
    assert (await town["gu"].get("/api/v1/squads")).json() == []


async def test_the_tree_is_told_to_all(town: Town) -> None:
    """An entry on the company's stream for each change, and with it the tree as it is now."""
    places = await land.settled(town)
    gu = await land.arrives(town, "gu", "Gu Ming")
    await land.appoint(town, places["city"], gu)
    await town["wang"].patch(f"{land.API}/{places['coast']}", json={"name": "Shore", "parent": None})
    await town["wang"].patch(f"{land.API}/{places['coast']}", json={"name": "Shore"})
    db = town.app.state.db
    entries = [one for one in await db.read(journal.history, "company", 0, 100) if one.kind == "territory"]
    assert [one.data["did"] for one in entries] == [
        *("made", "made", "placed", "made", "placed"),
        *("appointed", "moved"),
    ]
    assert entries[-2].data == {"id": places["city"], "did": "appointed", "member": gu}
    shown = (await live.Source(db).contents(entries[-1:], "zh"))[0] or ""
    assert 'hx-target="#tree"' in shown
    for name in ("Country", "Shore", "Gu Ming", "North Bank"):
        assert name in shown


async def test_every_act_is_written_down(town: Town) -> None:
    """For the company, and what concerns a squad for all who are in it; what changes nothing is not."""
    places = await land.settled(town)
    gu = await land.arrives(town, "gu", "Gu Ming")
    for _ in range(2):
        await land.appoint(town, places["city"], gu)
        await town["wang"].patch(f"{land.API}/{places['city']}", json={"name": "Town"})
        await land.put(town, places["coast"], town.squad)
    await land.relieve(town, places["city"], gu)
    await town["wang"].patch(f"{land.API}/{places['city']}", json={"area": POLYGON})
    await town["wang"].delete(f"{land.API}/{places['city']}")
    acts = await town.app.state.db.read(queries.acts, Asked(), 50)
    assert [(one.kind, one.about, one.squad) for one in acts[:9]] == [
        ("territory_closed", None, None),
        ("territory_drawn", None, None),
        ("manager_ended", "Gu Ming", None),
        ("squad_placed", None, "North Bank"),
        ("squad_unplaced", None, "North Bank"),
        ("manager_went", "Gu Ming", "North Bank"),
        ("territory_changed", None, None),
        ("manager_made", "Gu Ming", None),
        ("manager_came", "Gu Ming", "North Bank"),
    ]
    page = (await town["li"].get(f"/squads/{town.squad}/audit")).text
    assert "Gu Ming manages the squad’s territory now, by Wang Fang’s doing" in page
    assert "Wang Fang put the squad into the territory Coast" in page
