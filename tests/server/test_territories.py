"""Who manages a territory is in its squads: listed, told, heard, and gone when the post ends."""

import asyncio
import contextlib

import orjson
import pytest
from websockets.exceptions import ConnectionClosed

from server.members import actions as members
from server.squads import actions as squads
from tests.server import land
from tests.server.conftest import Town
from tests.server.doors import invited, members_of
from tests.server.test_live import closed, listen, until

pytestmark = pytest.mark.anyio


@pytest.fixture
async def places(town: Town) -> dict[str, str]:
    """The land, and Gu Ming, who is in no squad."""
    await land.arrives(town, "gu", "Gu Ming")
    return await land.settled(town)


@pytest.mark.parametrize("where", ["city", "country"])
async def test_a_manager_is_one_of_the_squad(town: Town, places: dict[str, str], where: str) -> None:
    """Listed and counted, with a line in the feed; from then on they see what the others see."""
    await town.say("li", "Before he came")
    assert (await town["gu"].get(f"/squads/{town.squad}")).status_code == 404
    await land.appoint(town, places[where], town.ids["gu"])
    assert await members_of(town) == ["Wang Fang", "Zhang Wei", "Li Na", "Gu Ming"]
    last = (await town.journal())[-1]
    data = {"id": town.ids["gu"], "state": "manages", "role": "manager", "colour": 5, "post": last["subject"]}
    assert (last["kind"], last["actor"], last["data"]) == ("member", town.ids["wang"], data)
    page = (await town["li"].get(f"/squads/{town.squad}")).text
    assert "Gu Ming manages the squad’s territory now, and is in here with you" in page
    assert 'data-name="Gu Ming"' in page  # to be mentioned
    mine = (await town["gu"].get("/api/v1/squads")).json()
    expected = {"city": ["North Bank"], "country": ["North Bank", "South Gate"]}
    assert [one["name"] for one in mine] == expected[where]
    assert (mine[0]["members"], mine[0]["manages"], mine[0]["lead"], mine[0]["unread"]) == (4, True, False, 0)
    assert "Before he came" in (await town["gu"].get(f"/squads/{town.squad}")).text


async def test_a_manager_takes_part(town: Town, places: dict[str, str]) -> None:
    """Unread counts, mutes, mentions, check-ins and cheers, as for everybody."""
    await land.appoint(town, places["city"], town.ids["gu"])
    said = await town.say("li", "Who has the list, @Gu Ming?")
    assert (await town["gu"].get("/api/v1/squads")).json()[0]["unread"] == 1
    assert (await town["gu"].put(f"/api/v1/squads/{town.squad}/mute", json={})).status_code == 204
    assert (await town["gu"].get("/api/v1/squads")).json()[0]["muted"] is True
    mark = {"offset": len(await town.journal())}
    await town["gu"].put(f"/api/v1/squads/{town.squad}/read-mark", json=mark)
    assert (await town["gu"].get("/api/v1/squads")).json()[0]["unread"] == 0
    assert (await town["gu"].put(f"/api/v1/posts/{said['id']}/reactions/cheer")).status_code == 200
    assert (await town.check_in("gu")).status_code == 201
    feed = (await town["li"].get(f"/api/v1/squads/{town.squad}/posts")).json()
    assert feed[0]["author"] == town.ids["gu"]
    named = 'data-mentions="' + town.ids["gu"]
    assert named in (await town["li"].get(f"/squads/{town.squad}")).text


async def test_a_manager_may_what_a_lead_may(town: Town, places: dict[str, str]) -> None:
    """Announce, open the wins, invite; yet a lead they are not, and no lead gives their account away."""
    await land.appoint(town, places["city"], town.ids["gu"])
    here, gu = f"/squads/{town.squad}", f"/squads/{town.squad}/people/{town.ids['gu']}"
    news = {"id": places["city"], "title": "Prices", "text": "From Monday"}
    assert (await town["gu"].post(f"/api/v1{here}/announcements", json=news)).status_code == 201
    assert (await town["gu"].put(f"/api/v1{here}/hall", json={"on": True})).status_code == 200
    assert "Invite people" in (await town["gu"].get(f"{here}/people")).text
    assert (await town["wang"].post(f"{gu}/lead", data={"on": "1"})).status_code == 409
    await town.app.state.db.write(squads.make_lead, town.ids["wang"], town.squad, town.ids["li"], True)
    assert (await town["li"].post(f"{gu}/reset")).status_code == 403
    assert (await town["gu"].post(f"{here}/people/{town.ids['zhang']}/reset")).status_code == 200


async def test_a_manager_goes_with_the_post_alone(town: Town, places: dict[str, str]) -> None:
    """Neither by leaving nor by being taken out; whoever has joined as well stays for the other reason."""
    await land.appoint(town, places["city"], town.ids["gu"])
    here = f"/squads/{town.squad}"
    assert "You manage its territory" in (await town["gu"].get(f"{here}/leave")).text
    assert (await town["gu"].post(f"{here}/leave")).status_code == 409
    assert (await town["wang"].post(f"{here}/people/{town.ids['gu']}/remove")).status_code == 409
    link, _ = await invited(town)
    assert (await town["gu"].post(link)).status_code == 303
    assert len(await members_of(town)) == 4
    assert (await town["gu"].post(f"{here}/leave")).status_code == 303
    assert (await town["gu"].get("/api/v1/squads")).json()[0]["manages"] is True
    await town["gu"].post(link)
    await land.relieve(town, places["city"], town.ids["gu"])
    mine = (await town["gu"].get("/api/v1/squads")).json()
    assert [(one["name"], one["manages"]) for one in mine] == [("North Bank", False)]
    states = [one["data"]["state"] for one in await town.journal() if one["kind"] == "member"][-5:]
    assert states == ["manages", "joined", "left", "joined", "managed"]


async def loses(town: Town, places: dict[str, str], how: str) -> None:
    """The ways in which a manager of the city loses North Bank."""
    if how == "relieved":
        await land.relieve(town, places["city"], town.ids["gu"])
    elif how == "squad moved":
        await land.put(town, places["coast"], town.squad)
    elif how == "squad taken out":
        answer = await town["wang"].delete(f"{land.API}/{places['city']}/squads/{town.squad}")
        assert answer.status_code == 204
    else:
        await town.app.state.db.write(squads.deactivate, town.ids["wang"], town.ids["gu"])


@pytest.mark.parametrize("how", ["relieved", "squad moved", "squad taken out", "account closed"])
async def test_who_loses_the_post_is_closed_at_once(
    town: Town, places: dict[str, str], address: str, how: str
) -> None:
    """Heard to the end, then 1008 and nothing of what follows; a colleague hears on, and that he went."""
    await land.appoint(town, places["city"], town.ids["gu"])
    async with (
        listen(address, town, "gu", town.squad) as gu,
        listen(address, town, "li", town.squad) as li,
    ):
        for ws in (gu, li):
            assert orjson.loads(await ws.recv())["kind"] == "ready"
        await town.say("zhang", "While he is here")
        assert (await until(gu, len(await town.journal())))[-1]["data"]["text"] == "While he is here"
        await loses(town, places, how)
        await town.say("zhang", "Among ourselves")
        assert await closed(gu) == 1008
        heard = []
        with contextlib.suppress(ConnectionClosed):
            async for frame in gu:
                heard.append(str(frame))
        assert not any("Among ourselves" in frame for frame in heard)
        frames = await until(li, len(await town.journal()))
    states = [one["data"]["state"] for one in frames if one["kind"] == "member"]
    assert states == ["removed" if how == "account closed" else "managed"]
    assert (await town["gu"].get(f"/squads/{town.squad}")).status_code in (404, 303)
    assert "Gu Ming" not in await members_of(town)


async def test_a_branch_moves_with_all_that_is_in_it(
    town: Town, places: dict[str, str], address: str
) -> None:
    """Who manages above changes: one is out at once, another is in, and one who manages both stays."""
    for key, name in (("xu", "Xu Lan"), ("he", "He Jing")):
        await land.arrives(town, key, name)
    north = await land.add(town, "North")
    await land.appoint(town, places["country"], town.ids["gu"])
    await land.appoint(town, north, town.ids["xu"])
    for where in (places["country"], north):
        await land.appoint(town, where, town.ids["he"])
    async with listen(address, town, "gu", town.squad) as gu, listen(address, town, "he", town.squad) as he:
        for ws in (gu, he):
            assert orjson.loads(await ws.recv())["kind"] == "ready"
        assert (await land.move(town, places["city"], north)).status_code == 200
        assert await closed(gu) == 1008
        frames = await until(he, len(await town.journal()))
    told = {(one["data"]["id"], one["data"]["state"]) for one in frames if one["kind"] == "member"}
    assert told == {(town.ids["gu"], "managed"), (town.ids["xu"], "manages")}
    assert [one["name"] for one in (await town["gu"].get("/api/v1/squads")).json()] == ["South Gate"]
    assert sorted(await members_of(town)) == ["He Jing", "Li Na", "Wang Fang", "Xu Lan", "Zhang Wei"]


async def test_a_manager_elsewhere_hears_nothing(town: Town, places: dict[str, str], address: str) -> None:
    """The coast's is let into South Gate and closed at North Bank's door."""
    await land.appoint(town, places["coast"], town.ids["gu"])
    async with listen(address, town, "gu", town.other) as there:
        assert orjson.loads(await there.recv())["kind"] == "ready"
        async with listen(address, town, "gu", town.squad) as here:
            await town.check_in("zhang")
            assert await closed(here) == 1008


async def test_what_a_manager_gave_out_ends_with_the_post(town: Town, places: dict[str, str]) -> None:
    """An invitation they made leads nowhere; what a lead made before them stands elsewhere."""
    await land.appoint(town, places["city"], town.ids["gu"])
    link, _ = await invited(town, "gu")
    await land.relieve(town, places["city"], town.ids["gu"])
    assert (await town["sun"].get(link)).status_code == 404


async def test_a_full_squad_takes_its_managers(town: Town, places: dict[str, str]) -> None:
    """They take nobody's place: the limit is of those who joined."""
    await land.appoint(town, places["city"], town.ids["gu"])
    db = town.app.state.db
    new = await db.write(lambda c: members.add_member(c, name="Zhao Lei"))
    await db.write(squads.join, town.squad, new, False, 4)
    assert len(await members_of(town)) == 5


async def test_two_who_move_at_once_make_no_ring(town: Town, places: dict[str, str]) -> None:
    """Each below the other: one of them is refused."""
    moves = (("city", "coast"), ("coast", "city"))
    answers = await asyncio.gather(*(land.move(town, places[one], places[other]) for one, other in moves))
    assert sorted(one.status_code for one in answers) == [200, 422]
    found = (await town["li"].get(land.API)).json()
    assert sorted(one["name"] for one in found) == ["City", "Coast", "Country"]
