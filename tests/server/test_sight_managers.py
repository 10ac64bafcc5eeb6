"""A manager has no seat from which they watch without being seen."""

import pytest

from tests.server.conftest import Town
from tests.server.land import appoint, arrives, settled
from tests.server.test_sight import looks

pytestmark = pytest.mark.anyio


async def test_managers_check_in_too_and_are_seen_the_same_way(town: Town) -> None:
    """Their visit is in everybody's feed and in their day; rep and manager may open the same pages of each
    other, and each sees that the other looked.
    """
    places = await settled(town)
    await arrives(town, "fan", "Fan Li")
    await appoint(town, places["city"], town.ids["fan"])
    assert (await town.check_in("fan", note="I went myself")).status_code == 201
    assert (await town.check_in("li")).status_code == 201
    feed = (await town["li"].get(f"/api/v1/squads/{town.squad}/posts")).text
    assert "I went myself" in feed
    for viewer, subject in (("fan", "li"), ("li", "fan")):
        home = f"/squads/{town.squad}/members/{town.ids[subject]}"
        day = (await town[viewer].get(f"/api/v1{home}/day?date=2026-05-04")).json()
        assert len(day["visits"]) == 1
        for page in ("ledger", "customers"):
            assert (await town[viewer].get(f"{home}/{page}")).status_code == 200
        assert {who for who, _ in await looks(town, subject)} == {viewer}
    assert (await town["sun"].get(f"/squads/{town.squad}/members/{town.ids['fan']}/day")).status_code == 404
