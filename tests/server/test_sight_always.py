"""Nobody sees somebody's work unseen: every route that shows it notes the look, or says why it is none."""

import pytest

from server.schema import new_id
from server.sight import actions
from tests.server.conftest import Town
from tests.server.packed import unpacked
from tests.server.test_access import World, routes, world
from tests.server.test_daylog import publish
from tests.server.test_sight import looks

__all__ = ["world"]
pytestmark = pytest.mark.anyio
MARK = "quagga"
"""A word that stands in all that Li Na says and does, and nowhere else."""
LOOKS = {
    "GET /squads/{squad}/members/{member}/day",
    "GET /api/v1/squads/{squad}/members/{member}/day",
    "GET /squads/{squad}/members/{member}/ledger",
    "GET /api/v1/squads/{squad}/members/{member}/ledger",
    "GET /search",
    "GET /search.xlsx",
    "GET /api/v1/search",
}
TOGETHER = {
    "the squad's map, feed and threads: there everyone sees everyone": {
        "GET /squads/{squad}",
        "GET /squads/{squad}/posts/{post}",
        "GET /api/v1/squads/{squad}/posts",
        "GET /api/v1/squads/{squad}/journal",
        "GET /api/v1/posts/{post}/replies",
        "GET /api/v1/visits/{visit}",
    },
    "sent to the squad to be read and answered: who has read a log stands on it": {
        "GET /logs/{post}",
        "GET /logs/{post}.xlsx",
        "GET /api/v1/logs/{post}",
        "GET /squads/{squad}/plays",
        "GET /api/v1/squads/{squad}/plays",
    },
    "a document is there for whoever may open its folder, whoever brought it": {"GET /drive/search"},
    "a call is there to be answered by whoever can": {"GET /calls/{call}"},
    "a plan of all, with what became of each stop": {"GET /sweeps/{sweep}", "GET /api/v1/sweeps/{sweep}"},
    "the company's file of a customer, whoever gave what stands in it": {
        "GET /customers/{customer}",
        "GET /api/v1/customers/{customer}",
    },
    "the company's list of customers; that somebody took it along the whole squad sees": {
        "GET /squads/{squad}/customers.csv",
        "GET /squads/{squad}/customers.xlsx",
        "GET /api/v1/squads/{squad}/customers.csv",
        "GET /api/v1/squads/{squad}/customers.xlsx",
    },
    "what was said to the reader": {"GET /notices", "GET /api/v1/me/notices"},
}
"""By the reason why it is no look: routes that show what was said to all, or to the reader."""


async def work(world: World) -> None:
    """A day of Li Na's: everything with words that one can do."""
    town, li = world.town, world.town["li"]
    visit, customer = world.about["visit"], world.about["customer"]
    ended = {"result": "won", "amount": "1", "note": MARK, "next_step": MARK}
    await li.patch(f"/api/v1/posts/{world.about['post']}", json={"text": MARK})
    await li.put(f"/api/v1/visits/{visit}/outcome", json=ended | {"closed_at": "2026-05-04T05:00:00Z"})
    await li.patch(f"/api/v1/visits/{visit}", json={"note": MARK})
    await li.post(f"/api/v1/posts/{world.about['post']}/replies", json={"id": new_id(), "text": MARK})
    fact = {"id": new_id(), "kind": "has", "text": MARK}
    await li.post(f"/api/v1/customers/{customer}/facts", json=fact)
    await li.post(f"/api/v1/customers/{customer}/contacts", json={"id": new_id(), "name": MARK})
    await li.put(f"/api/v1/customers/{customer}/touch", json={"day": "2036-01-01", "note": MARK})
    log = await publish(town, "li", lesson=(MARK, 0))
    line = next(one["id"] for one in log["lines"] if one["id"])
    await li.post(f"/api/v1/logs/{log['id']}/plays", json={"id": new_id(), "line": line})
    await li.post(f"/api/v1/calls/{world.about['call']}/replies", json={"id": new_id(), "text": MARK})
    await li.put(f"/api/v1/stops/{world.about['stop']}", json={"state": "skipped", "reason": MARK})
    await li.patch(f"/api/v1/drive/documents/{world.about['item']}", json={"name": MARK})
    world.about |= {"member": town.ids["li"], "log": log["id"]}


async def test_every_route_that_shows_ones_work(world: World) -> None:
    """Each is asked by the lead about Li Na; what shows her words is a look she sees, or stands above."""
    await work(world)
    town: Town = world.town
    why = {name: reason for reason, names in TOGETHER.items() for name in names}
    found: dict[str, bool] = {}
    for route in routes(town):
        if "GET" not in route.methods:
            continue
        await town.app.state.db.write(actions.forget, True)
        asked = {"q": MARK, "person": town.ids["li"]} if "search" in route.path else {}
        asked |= {"date": "2026-05-04"} if route.path.endswith("/day") else {}
        for about in ({"post": world.about["post"]}, {"post": world.about["log"]}):
            answer = await world.clients["lead"].get(world.path(route, **about), params=asked)
            if answer.status_code == 200 and MARK.encode() in unpacked(answer):
                found[f"GET {route.path_format}"] = bool(await looks(town, "li"))
    unseen = {name for name, seen in found.items() if not seen}
    assert unseen - set(why) == set(), "shows somebody's work, and they are not told"
    assert set(why) - unseen == set(), "shows nothing, or is a look: it needs no reason"
    assert set(found) - unseen == LOOKS
