"""What waited on a phone arrives with its own time, in the name it was written in, and once."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from server.access import MEANT_FOR
from server.schema import new_id
from tests.server.conftest import NOON, Town
from tests.server.sweeping import hours, running

pytestmark = pytest.mark.anyio
SHOWN = NOON.replace("Z", ".000Z")


async def test_words_that_waited_keep_their_time(town: Town) -> None:
    """A message and a reply written at noon are shown at noon, as sent later, on top of the feed."""
    first = await town.say("zhang", "Now")
    path = f"/api/v1/squads/{town.squad}/messages"
    waited = {"id": new_id(), "text": "From the basement", "captured_at": NOON}
    said = (await town["li"].post(path, json=waited)).json()
    assert said["at"] == SHOWN
    assert (await town.journal())[-1]["at"] == SHOWN
    under = waited | {"id": new_id()}
    assert (await town["li"].post(f"/api/v1/posts/{first['id']}/replies", json=under)).json()["at"] == SHOWN
    feed = (await town["wang"].get(f"/api/v1/squads/{town.squad}/posts")).json()
    assert [one["text"] for one in feed[:2]] == ["From the basement", "Now"]
    page = (await town["wang"].get(f"/squads/{town.squad}/posts/{first['id']}")).text
    assert page.count("sent later") == 2


@pytest.mark.parametrize("moment", ["1970-01-01T00:00:00Z", "2026-05-04T12:00:00", "soon"])
async def test_a_time_that_cannot_be_is_refused(town: Town, moment: str) -> None:
    """By decades, without a zone, or no time at all."""
    body = {"id": new_id(), "text": "When?", "captured_at": moment}
    answer = await town["li"].post(f"/api/v1/squads/{town.squad}/messages", json=body)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["captured_at"])


async def test_a_clock_that_runs_ahead_is_shown_as_now(town: Town) -> None:
    """The words are taken; nobody reads a message from tomorrow."""
    body = {"id": new_id(), "text": "Hello", "captured_at": "2099-01-01T00:00:00Z"}
    assert (await town["li"].post(f"/api/v1/squads/{town.squad}/messages", json=body)).status_code == 201
    assert "2099" not in (await town["wang"].get(f"/squads/{town.squad}")).text


async def test_nothing_is_sent_in_another_name(town: Town) -> None:
    """Li Na signs in where words of Zhang Wei wait: they go on waiting, and nobody reads them."""
    body = {"id": new_id(), "text": "Mine"}
    path = f"/api/v1/squads/{town.squad}/messages"
    his = {MEANT_FOR: town.ids["zhang"]}
    before = await town.journal()
    for other in ("li", "sun"):
        assert (await town[other].post(path, json=body, headers=his)).status_code == 401
    assert await town.journal() == before
    assert (await town["zhang"].post(path, json=body, headers=his)).status_code == 201


async def test_three_at_once_are_one(town: Town) -> None:
    """Two tabs and a service worker send the same item together: one entry, and each is told it is there."""
    body = {"id": new_id(), "text": "Once", "captured_at": NOON}
    before = len(await town.journal())
    path = f"/api/v1/squads/{town.squad}/messages"
    answers = await asyncio.gather(*(town["li"].post(path, json=body) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 201]
    assert len(await town.journal()) == before + 1


async def test_a_page_says_whose_it_is(town: Town) -> None:
    """What a phone keeps of pages is kept by member; the door to the house is nobody's."""
    assert (await town["li"].get(f"/squads/{town.squad}")).headers[MEANT_FOR] == town.ids["li"]
    del town["li"].headers["authorization"]
    assert MEANT_FOR not in (await town["li"].get("/signin")).headers


async def test_a_skip_that_waited_on_a_phone_is_done_once(town: Town) -> None:
    """Its answer was lost and it comes again: what the lead said since stands. It has the phone's time."""
    sweep = await running(town)
    id = (await sweep.stop("hotel"))["id"]
    skip = {"state": "skipped", "reason": "Closed", "at": hours(-0.05)}
    for _ in range(2):
        assert (await town["li"].put(f"/api/v1/stops/{id}", json=skip)).status_code == 200
    told = (await sweep.stop("hotel"))["at"]
    assert datetime.fromisoformat(told) < datetime.now(UTC) - timedelta(minutes=2)
    assert (await town["wang"].put(f"/api/v1/stops/{id}", json={"state": "planned"})).status_code == 200
    before = len(await town.journal())
    again = await town["li"].put(f"/api/v1/stops/{id}", json=skip)
    assert (again.status_code, again.json()["state"]) == (200, "planned")
    assert len(await town.journal()) == before
    assert (await town["li"].put(f"/api/v1/stops/{id}", json=skip | {"at": hours(0)})).status_code == 200
    assert (await sweep.stop("hotel"))["state"] == "skipped"
    late = await town["li"].put(f"/api/v1/stops/{id}", json=skip | {"reason": "Moved", "at": hours(5)})
    assert datetime.fromisoformat(late.json()["at"]) <= datetime.now(UTC)
