"""A sweep on its pages and on the live page: what each sees, what is told on, what an outsider is not."""

import re
from typing import Any

import orjson
import pytest
from websockets.asyncio.client import connect

from server.schema import new_id
from tests.server.conftest import Town
from tests.server.sweeping import Sweep, planned, running, visits

pytestmark = pytest.mark.anyio


def strip_of(html: str) -> str:
    """The strip, without the space between its parts."""
    found = re.search(r'<section class="strip".*?</section>', html, re.DOTALL)
    assert found
    return re.sub(r"\s+", " ", found.group())


async def live(town: Town, who: str) -> str:
    """The squad's page as somebody sees it."""
    answer = await town[who].get(f"/squads/{town.squad}", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return answer.text


async def test_the_strip_shows_who_is_how_far(town: Town) -> None:
    """Stops done and planned, where somebody was last, and how far it is from there to the rally."""
    await running(town)
    await visits(town, "zhang", "canteen")
    strip = strip_of(await live(town, "li"))
    assert "1 of 4 visits" in strip
    lanes = re.findall(r'<li class="lane.*?</li>', strip)
    assert [re.search(r"data-person=\"\S+\">(.*?)</b>", lane).group(1) for lane in lanes] == [
        "Zhang Wei",
        "Li Na",
    ]  # type: ignore[union-attr]
    assert "East Gate Canteen" in lanes[0]
    assert ">1/2<" in lanes[0]
    assert re.search(r"\d+ min", lanes[0])


async def test_a_frame_brings_the_strip_a_fresh_page_has(town: Town, address: str) -> None:
    """Check-in by check-in, handover by handover: the last frame's strip is the fresh page's."""
    sweep = await running(town)
    headers = {"Authorization": town["wang"].headers["authorization"]}
    async with connect(f"{address}?streams={town.squad}&as=html", additional_headers=headers) as ws:
        assert orjson.loads(await ws.recv())["kind"] == "ready"
        await visits(town, "zhang", "canteen")
        await town["zhang"].post(
            f"/stops/{(await sweep.stop('school'))['id']}/handovers", data={"new_id": new_id()}
        )
        head = (await town.journal())[-1]["offset"]
        seen: dict[str, Any] = {"offset": 0}
        while seen.get("offset", 0) < head:
            seen = orjson.loads(await ws.recv())
    assert seen["kind"] == "handover"
    assert strip_of(seen["content"]) == strip_of(await live(town, "wang"))


async def test_a_sweep_from_form_to_meeting(town: Town) -> None:
    """The whole way without script: planned, agreed to, started, visited, met."""
    await planned(town, {})
    form = {
        "new_id": new_id(),
        "name": "East side",
        "day": "2099-05-04",
        "starts": "09:00",
        "rally": "17:30",
        "rally_customer": town.customers["school"],
        "mode": "car",
        "pact": "All see all",
    }
    made = await town["wang"].post(f"/squads/{town.squad}/sweeps", data=form)
    assert made.status_code == 303
    home = made.headers["location"].removesuffix("/plan")
    page = (await town["li"].get(home)).text
    assert "All see all" in page
    assert "Willow School" in page
    assert (await town["li"].post(f"{home}/pact", data={"v": "1"})).status_code == 303
    assert "Li Na agreed" in re.sub(r"\s+", " ", (await town["zhang"].get(home)).text)
    assert (await town["li"].post(f"{home}/state", data={"state": "running"})).status_code == 403
    assert (await town["wang"].post(f"{home}/state", data={"state": "running"})).status_code == 303
    late = await town["wang"].post(f"{home}/state", data={"state": "sleeping"})
    assert late.status_code == 422


async def test_what_is_wrong_comes_back_with_what_was_typed(town: Town) -> None:
    """In the reader's language, at its field."""
    await town.speak("wang", "zh")
    form = {"new_id": new_id(), "name": "江北", "day": "tomorrow", "starts": "9", "pact": "<b>约定</b>"}
    answer = await town["wang"].post(f"/squads/{town.squad}/sweeps", data=form)
    assert answer.status_code == 422
    assert "请选择日期和时间" in answer.text
    assert "江北" in answer.text
    assert "&lt;b&gt;约定&lt;/b&gt;" in answer.text


async def test_a_night_market_is_swept_past_midnight(town: Town) -> None:
    """What comes after midnight is of the next day, also when it is edited; half a day back is a slip."""
    await planned(town, {})
    spot = {"rally_name": "Stage", "lat": "30.5", "lon": "114.3", "mode": "walk"}
    form = {"new_id": new_id(), "name": "Night market", "day": "2099-05-04", "starts": "21:30", **spot}
    slip = await town["wang"].post(f"/squads/{town.squad}/sweeps", data=form | {"rally": "09:45"})
    assert slip.status_code == 422
    assert "The rally comes after the start." in slip.text

    made = await town["wang"].post(
        f"/squads/{town.squad}/sweeps", data=form | {"new_id": new_id(), "rally": "23:45"}
    )
    assert made.status_code == 303
    home = made.headers["location"].removesuffix("/plan")
    shown = (await town["wang"].get(f"{home}/edit")).text
    given = {name: re.search(f'name="{name}"[^>]*value="([^"]*)"', shown) for name in ("starts", "ends")}
    assert {name: found and found[1] for name, found in given.items()} == {"starts": "21:30", "ends": "00:15"}
    changed = re.search(r'name="changed" value="(\d+)"', shown)
    assert changed
    again = form | {"changed": changed[1], "rally": "00:30", "ends": "01:00"}
    assert (await town["wang"].post(f"{home}/edit", data=again)).status_code == 303
    saved = (await town["wang"].get(f"/api/v1{home}")).json()
    assert [saved[name][:16] for name in ("starts_at", "rally_at", "ends_at")] == [
        "2099-05-04T13:30",
        "2099-05-04T16:30",
        "2099-05-04T17:00",
    ]


async def test_two_take_the_same_stop_and_one_is_told_who_has_it(town: Town) -> None:
    """The page of the second says so and is not an error page."""
    sweep = await running(town)
    stop = (await sweep.stop("school"))["id"]
    offered = await town["zhang"].post(f"/stops/{stop}/handovers", data={"new_id": new_id(), "to": ""})
    assert offered.status_code == 303
    (offer,) = (await sweep.get())["handovers"]
    first = await town["li"].post(f"/handovers/{offer['id']}/accept")
    assert first.status_code == 303
    second = await town["wang"].post(f"/handovers/{offer['id']}/accept")
    assert second.status_code == 409
    assert "Li Na has taken this stop." in second.text
    assert (await sweep.plan())["li"] == [("hotel", "planned"), ("bakery", "planned"), ("school", "planned")]


async def test_on_the_way_stops_are_skipped_moved_and_added(town: Town) -> None:
    """By whose lane it is; a reason is asked for, and what was typed without one is not lost silently."""
    sweep = await running(town)
    first, second = (await sweep.stop("canteen"))["id"], (await sweep.stop("school"))["id"]
    assert (await town["zhang"].post(f"/stops/{second}/place", data={"by": "-1"})).status_code == 303
    assert (await sweep.plan())["zhang"] == [("school", "planned"), ("canteen", "planned")]
    assert (await town["zhang"].post(f"/stops/{first}/state", data={"state": "skipped"})).status_code == 422
    why = {"state": "skipped", "reason": "Closed on Mondays"}
    assert (await town["zhang"].post(f"/stops/{first}/state", data=why)).status_code == 303
    page = (await town["li"].get(f"/sweeps/{sweep.id}")).text
    assert "Closed on Mondays" in page
    assert (await town["li"].post(f"/stops/{second}/state", data=why)).status_code == 403
    more = {"new_id": new_id(), "customer": "Corner Kiosk"}
    assert (await town["zhang"].post(f"/sweeps/{sweep.id}/stops", data=more)).status_code == 303
    assert ("new", "planned") in (await sweep.plan())["zhang"]


async def test_an_outsider_is_told_of_no_sweep(town: Town) -> None:
    """Neither its page nor its strip, nor that there is one."""
    sweep: Sweep = await running(town)
    for path in (f"/sweeps/{sweep.id}", f"/squads/{town.squad}/sweeps", f"/sweeps/{sweep.id}/edit"):
        answer = await town["sun"].get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 404
        assert "Linjiang" not in answer.text
    theirs = await town["sun"].get(f"/squads/{town.other}", headers={"Accept": "text/html"})
    assert "Linjiang sweep" not in theirs.text
    assert "Riverside" not in (await town["sun"].get(f"/api/v1/squads/{town.other}/map")).text


async def test_without_a_pact_nobody_is_asked_to_read_one(town: Town) -> None:
    """The strip leads to the next stop at once, as the API does; the page has no pact to agree to."""
    sweep = await running(town, pact=" ")
    strip = strip_of(await live(town, "zhang"))
    assert "Read it" not in strip
    assert re.search(r"Next.*?East Gate Canteen.*?Check in", strip)
    assert "I agree" not in (await town["zhang"].get(f"/sweeps/{sweep.id}")).text
    assert (await sweep.get("zhang", "/next"))["agreed"] is True
