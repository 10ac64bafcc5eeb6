"""What a squad sees alike is kept while its streams stand still, and never a moment longer."""

import pytest

from server import journal
from server.feed.common import Common, common
from server.schema import new_id
from server.squads import actions as squads
from tests.server.calling import called
from tests.server.cast import ZONE
from tests.server.conftest import Town
from web.kept import Kept

pytestmark = pytest.mark.anyio


async def test_it_is_read_once_until_something_happens(town: Town) -> None:
    """The very same for the next reader; another as soon as the squad's stream moves."""
    kept: Kept[Common] = Kept(2)

    async def shown() -> Common:
        at = await town.app.state.db.read(journal.heads, {town.squad: None, "company": None})
        return await town.app.state.db.read(common, town.squad, ZONE, at, 50, kept)

    await town.say("li", "One")
    first = await shown()
    assert await shown() is first
    await town.say("li", "Two")
    assert [one.text for one in (await shown()).posts][:2] == ["Two", "One"]


async def test_who_calls_and_goes_on_elsewhere_has_left(town: Town) -> None:
    """Also to another squad's customer: whoever could help hears it, on every page that says so."""
    await town.app.state.db.write(squads.join, town.other, town.ids["li"])
    call = await called(town)
    page = f"/squads/{town.squad}"
    assert (await town["zhang"].get(page)).status_code == 200
    assert (await call.now("zhang"))["inside"]
    sent = {"id": new_id(), "customer": "Gate Tea", "captured_at": "2026-05-04T04:20:00Z"}
    gone = await town["li"].post(f"/api/v1/squads/{town.other}/checkins", json=sent)
    assert gone.status_code == 201, gone.text
    assert not (await call.now("zhang"))["inside"]
    assert (await town["zhang"].get(page)).status_code == 200
    for stream in (town.squad, "desk", f"me:{town.ids['li']}"):
        assert await call.did(stream) == ["called", "moved"]
    await town["li"].delete(f"/api/v1/visits/{gone.json()['id']}")
    assert (await call.now("zhang"))["inside"]
    assert (await town["zhang"].get(page)).status_code == 200
    assert await call.did("desk") == ["called", "moved", "moved"]
