"""The land of the stories: the country, in it the city with North Bank and the coast with South Gate."""

from httpx2 import Response

from server.members import actions as members
from server.schema import new_id
from tests.server.conftest import Town, client

API = "/api/v1/territories"


async def add(town: Town, name: str, parent: str | None = None) -> str:
    """A new territory; its id."""
    sent = {"id": new_id(), "name": name, "parent": parent}
    answer = await town["wang"].post(API, json=sent)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def settled(town: Town) -> dict[str, str]:
    """The three territories with both squads in them, by name; nobody manages any."""
    land = {"country": await add(town, "Country")}
    for name, squad in (("city", town.squad), ("coast", town.other)):
        land[name] = await add(town, name.title(), land["country"])
        await put(town, land[name], squad)
    return land


async def put(town: Town, territory: str, squad: str) -> None:
    """A squad goes into a territory."""
    answer = await town["wang"].put(f"{API}/{territory}/squads/{squad}")
    assert answer.status_code == 204, answer.text


async def move(town: Town, territory: str, parent: str | None) -> Response:
    """A territory goes below another."""
    return await town["wang"].patch(f"{API}/{territory}", json={"parent": parent})


async def appoint(town: Town, territory: str, member: str) -> None:
    """Somebody becomes its manager."""
    answer = await town["wang"].put(f"{API}/{territory}/managers/{member}")
    assert answer.status_code == 204, answer.text


async def relieve(town: Town, territory: str, member: str) -> None:
    """And is no longer."""
    answer = await town["wang"].delete(f"{API}/{territory}/managers/{member}")
    assert answer.status_code == 204, answer.text


async def arrives(town: Town, key: str, name: str) -> str:
    """Somebody who is in no squad, with a client of their own; the id."""
    db = town.app.state.db
    town.ids[key] = await db.write(lambda c: members.add_member(c, name=name, zone="Asia/Shanghai"))
    token = await db.write(members.new_token, town.ids[key], "test")
    town.clients[key] = client(town.app, {"Authorization": f"Bearer {token}"})
    return town.ids[key]


async def managed(town: Town, ids: dict[str, str]) -> str:
    """The land with a manager for each role; answers the territory North Bank is in."""
    places = await settled(town)
    await appoint(town, places["city"], ids["manager"])
    await appoint(town, places["country"], ids["manager above"])
    await appoint(town, places["coast"], ids["manager elsewhere"])
    await appoint(town, places["city"], ids["manager before"])
    await relieve(town, places["city"], ids["manager before"])
    return places["city"]
