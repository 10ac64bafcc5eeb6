"""All have reached the rally point: a moment in the feed, once, with the day's sums, whoever made it so."""

import asyncio
from typing import Any

import orjson
import pytest
from websockets.asyncio.client import connect

from server.squads import actions as squads
from tests.server.conftest import Town
from tests.server.sweeping import Sweep, hours, running, visits
from tests.server.work import soon

pytestmark = pytest.mark.anyio


async def arrives(sweep: Sweep, who: str) -> None:
    """Says so by hand."""
    assert (await sweep.put(who, "arrival", at=hours(0))).status_code == 200


async def moments(town: Town) -> list[dict[str, Any]]:
    """What the feed says of meetings."""
    posts = (await town["wang"].get(f"/api/v1/squads/{town.squad}/posts")).json()
    return [one for one in posts if one["kind"] == "met"]


async def met(town: Town) -> bool:
    """Whether the feed says so."""
    return bool(await moments(town))


async def test_it_stands_in_the_feed_with_the_days_sums(town: Town, address: str) -> None:
    """On every open page with a burst, on a fresh one without; it can be cheered, and does not come twice."""
    sweep = await running(town)
    won = await visits(town, "zhang", "canteen")
    outcome = {"result": "won", "amount": "5200", "currency": "CNY", "closed_at": hours(0)}
    await town["zhang"].put(f"/api/v1/visits/{won['id']}/outcome", json=outcome)
    await visits(town, "li", "hotel")
    headers = {"Authorization": town["wang"].headers["authorization"]}
    async with connect(f"{address}?streams={town.squad}&as=html", additional_headers=headers) as ws:
        await arrives(sweep, "zhang")
        assert await moments(town) == []
        await arrives(sweep, "li")
        async with asyncio.timeout(10):
            while (frame := orjson.loads(await ws.recv()))["kind"] != "met":
                pass
    sums = {"visits": 2, "wins": 1, "value": {"CNY": "5200"}}
    assert {key: frame["data"][key] for key in sums} == sums
    said = "Everybody is at Riverside Teahouse."
    assert said in frame["content"]
    assert 'class="burst"' in frame["content"]
    await arrives(sweep, "li")
    (one,) = await moments(town)
    await town["li"].put(f"/api/v1/posts/{one['id']}/reactions/cheer")
    page = (await town["wang"].get(f"/squads/{town.squad}")).text
    card = page.split(f'id="p-{one["id"]}"')[1].split("</article>")[0]
    assert said in card
    assert "2 visits, <b>1 win, ¥5,200</b>" in card
    assert "burst" not in card
    await town.speak("wang", "zh")
    assert "¥5,200" in (await town["wang"].get(f"/squads/{town.squad}")).text


@pytest.mark.parametrize("how", ["leaves", "has no lane"])
async def test_whoever_was_missing_goes(town: Town, how: str) -> None:
    """Nobody waits for who takes no part any more: the others have met."""
    sweep = await running(town)
    await arrives(sweep, "zhang")
    if how == "leaves":
        await town.app.state.db.write(squads.leave, town.squad, town.ids["li"])
        await soon(lambda: met(town))
    else:
        assert (await sweep.save({"zhang": ["canteen", "school"]})).status_code == 200
    assert len(await moments(town)) == 1
    assert (await sweep.get("wang"))["met_at"]


async def test_somebody_who_is_still_waited_for(town: Town) -> None:
    """Another one's going is no meeting, and neither is a squad of which nobody is left."""
    sweep = await running(town, {"zhang": ["canteen"], "li": ["hotel"], "wang": ["bakery"]})
    await arrives(sweep, "zhang")
    await town.app.state.db.write(squads.leave, town.squad, town.ids["li"])
    await arrives(sweep, "zhang")
    assert (await sweep.get("wang"))["met_at"] is None
    saved = await sweep.put("wang", "plan", changed=(await sweep.get("wang"))["changed"], lanes=[], loose=[])
    assert saved.status_code == 200
    assert await moments(town) == []
