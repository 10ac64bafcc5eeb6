"""Sharing a position: off until one wants it, among those who share, gone in the end, never written."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import select, update

from server.access import COOKIE
from server.members import actions as members
from server.members import tokens
from server.schema import metadata, now
from server.squads import actions as squads
from server.sweeps import run
from server.sweeps.models import sweep as table
from tests.server.conftest import Town, client, place_of
from tests.server.ears import HERE, THERE, listening, move, share
from tests.server.sweeping import Sweep, planned, running

pytestmark = pytest.mark.anyio
UNSEEN = "Between check-ins, nobody sees you."


@pytest.fixture
def at_once(town: Town) -> None:
    """People move faster here than a phone may say so."""
    for app in (town.app, getattr(town.app.state, "twin", town.app)):
        app.state.settings.share_seconds = 0


@pytest.mark.usefixtures("at_once")
async def test_whoever_shares_sees_whoever_shares(town: Town, address: str) -> None:
    """And is seen; the lead, who takes part and does not share, and the other squad are told nothing."""
    sweep = await running(town, {"zhang": ["canteen"], "li": ["hotel"], "wang": ["bakery"]})
    async with listening(town, address, "zhang", "li", "wang", "sun") as (zhang, li, wang, sun):
        await share(sweep, "zhang", "li")
        assert (await move(sweep, "zhang")).json()["shown"] is True
        assert await zhang.hear() == [("zhang", HERE["lat"])]
        await move(sweep, "li", THERE)
        assert sorted(await li.hear(2)) == [("li", THERE["lat"]), ("zhang", HERE["lat"])]
        assert await zhang.hear() == [("li", THERE["lat"])]
        await wang.nothing(town)
        assert (await town["sun"].put(f"/api/v1/sweeps/{sweep.id}/position", json={})).status_code == 404
        async with listening(town, address, "li") as (tablet,):  # another page of hers
            assert len(await tablet.hear(2)) == 2
        await town["zhang"].delete(f"/api/v1/sweeps/{sweep.id}/sharing")
        assert await li.hear() == [("zhang", None)]
        assert await zhang.hear() == [("zhang", None)]
        await move(sweep, "li", HERE)
        assert await li.hear() == [("li", HERE["lat"])]
        await zhang.nothing(town)
        await sun.nothing(town, "sun")


@pytest.mark.usefixtures("at_once")
async def test_it_is_off_until_one_wants_it(town: Town) -> None:
    """A position sent unasked is refused, and nobody without a part can switch it on."""
    sweep = await running(town)
    assert (await move(sweep, "li")).status_code == 409
    off = {"sweep": sweep.id, "until": None, "here": False}
    assert await sweep.get(part="/sharing") == off
    await share(sweep, "li")
    on = await sweep.get(part="/sharing")
    assert (on["until"], on["here"]) == ((await sweep.get())["ends_at"], True)
    assert (await sweep.put("wang", "sharing")).status_code == 409  # leads, and has no lane
    assert await sweep.get("zhang", "/sharing") == off  # of the others one is not told
    early = await planned(town)
    assert (await early.put("li", "sharing")).status_code == 409


async def test_more_often_than_agreed_is_refused(town: Town) -> None:
    """By both servers together; standing still is no news, and may be said."""
    sweep = await running(town)
    await share(sweep, "li")
    assert (await move(sweep, "li")).status_code == 200
    assert [(await move(sweep, "li", THERE)).status_code for _ in range(4)] == [429] * 4
    near = {"lat": HERE["lat"] + 0.0001, "lon": HERE["lon"]}
    for at in (near, None):
        told = await move(sweep, "li", at)
        assert (told.status_code, told.json()["shown"]) == (200, True)


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("how", ["stop", "ended", "paused", "by itself", "left", "no lane", "revoked"])
async def test_after_the_end_nothing_is_taken(town: Town, address: str, how: str) -> None:
    """However it ended, it is gone from the others' screens at once."""
    sweep = await running(town)
    await share(sweep, "zhang", "li")
    async with listening(town, address, "zhang") as (zhang,):
        await move(sweep, "zhang")
        await move(sweep, "li", THERE)
        assert await zhang.hear(2) == [("zhang", HERE["lat"]), ("li", THERE["lat"])]
        await ENDS[how](town, sweep)
        all_of_them = how in (
            "ended",
            "paused",
            "by itself",
        )  # who is not seen sees nobody, and is told no more
        assert await zhang.hear() == [("zhang" if all_of_them else "li", None)]
        assert (await move(sweep, "li")).status_code in (401, 404, 409)
        if how == "paused":
            await sweep.start()
            assert (await move(sweep, "li")).status_code == 409


async def _ends_by_itself(town: Town, sweep: Sweep) -> None:
    past = update(table).where(table.c.id == sweep.id).values(ends_at=now() - timedelta(seconds=1))
    await town.app.state.db.write(lambda c: c.execute(past) and None)
    await town.app.state.db.write(run.end_due, {"sweep": sweep.id})


async def _revoked(town: Town, sweep: Sweep) -> None:
    db, li = town.app.state.db, town.ids["li"]
    ((id, _, _),) = await db.read(tokens.standing, li)
    await db.write(tokens.revoke, await place_of(town.app, town, "li"), id)


ENDS: dict[str, Any] = {
    "stop": lambda town, sweep: town["li"].delete(f"/api/v1/sweeps/{sweep.id}/sharing"),
    "ended": lambda town, sweep: sweep.put("wang", "state", state="ended"),
    "paused": lambda town, sweep: sweep.put("wang", "state", state="paused"),
    "by itself": _ends_by_itself,
    "left": lambda town, sweep: town.app.state.db.write(
        squads.remove, town.ids["wang"], town.squad, town.ids["li"]
    ),
    "no lane": lambda town, sweep: sweep.save({"zhang": ["canteen", "school"]}),
    "revoked": _revoked,
}


@pytest.mark.usefixtures("at_once")
async def test_signing_out_ends_it(town: Town, address: str) -> None:
    """On the phone that shares; whoever signs in again starts unseen, and so does who joins again."""
    sweep = await running(town)
    db = town.app.state.db
    opened = await db.write(members.open_session, town.ids["li"], "phone", 60)
    phone = client(town.app, {"Cookie": f"{COOKIE}={opened.token}", "Sec-Fetch-Site": "same-origin"})
    await share(sweep, "zhang")
    assert (await phone.put(f"/api/v1/sweeps/{sweep.id}/sharing")).status_code == 200
    assert (await move(sweep, "li")).status_code == 409  # by another phone of hers than the one
    async with listening(town, address, "zhang") as (zhang,):
        await move(sweep, "zhang", THERE)
        await phone.put(f"/api/v1/sweeps/{sweep.id}/position", json={"position": HERE})
        assert await zhang.hear(2) == [("zhang", THERE["lat"]), ("li", HERE["lat"])]
        await phone.post("/signout")
        assert await zhang.hear() == [("li", None)]
    assert (
        await phone.put(f"/api/v1/sweeps/{sweep.id}/position", json={"position": HERE})
    ).status_code == 401
    assert (await sweep.get(part="/sharing"))["until"] is None
    await share(sweep, "li")
    await db.write(squads.remove, town.ids["wang"], town.squad, town.ids["li"])
    await db.write(squads.join, town.squad, town.ids["li"])
    assert (await sweep.get(part="/sharing"))["until"] is None
    await phone.aclose()


def files(folder: Path) -> list[bytes]:
    """What stands in the data folder."""
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


@pytest.mark.usefixtures("at_once")
async def test_nothing_of_it_is_written(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """Not in a table, the journal, a file, Redis or the log, whatever was sent and refused."""
    caplog.set_level(logging.DEBUG)
    sweep = await running(town)
    await share(sweep, "li", "zhang")
    await move(sweep, "li")
    await move(sweep, "zhang", {"lat": 31.2000123, "lon": 121.4000456, "accuracy": 8})  # at the rally point
    await move(sweep, "li", {**THERE, "lat": 231.219953})
    await town["li"].delete(f"/api/v1/sweeps/{sweep.id}/sharing")
    await move(sweep, "li", THERE)
    digits = [b"31.218642", b"121.437791", b"219953", b"438864", b"2000123", b"4000456"]

    def all_rows(c: Any) -> bytes:
        return b"".join(str(row).encode() for one in metadata.sorted_tables for row in c.execute(select(one)))

    settings = town.app.state.settings
    places = [await town.app.state.db.read(all_rows), caplog.text.encode()]
    places += files(settings.data_dir)
    if settings.redis_url:
        with Redis.from_url(settings.redis_url) as redis:
            places += [redis.dump(key) or b"" for key in redis.scan_iter()]
            assert len(places) > 2
    assert len(places[0]) > 5000
    for place in places:
        assert [one for one in digits if one in place] == []
    assert [one["kind"] for one in await town.journal()][-1] != "shared"


@pytest.mark.usefixtures("at_once")
async def test_near_the_rally_point_one_has_arrived(town: Town) -> None:
    """With nothing left to do, and where the phone is sure of it."""
    sweep = await running(town, {"zhang": ["canteen"], "li": []})
    await share(sweep, "zhang", "li")
    at = {"lat": 31.2003, "lon": 121.4003}
    await move(sweep, "zhang", at)  # passes by
    await move(sweep, "li", {**at, "accuracy": 900})
    assert (await sweep.get())["arrived"] == []
    await move(sweep, "li", {"lat": 31.2006, "lon": 121.4, "accuracy": 20})
    assert [one["member"] for one in (await sweep.get())["arrived"]] == [town.ids["li"]]
    for _ in range(2):
        await move(sweep, "li", at)
    assert [one["kind"] for one in await town.journal()].count("arrived") == 1


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    "at",
    [
        *(
            {},
            {"lat": 31.2},
            {"lat": 91, "lon": 0},
            {"lat": "NaN", "lon": 1},
            {"lat": 31, "lon": 181},
            "here",
        ),
        *("here", [31, 121], {"lat": None, "lon": 121}, {"lat": 31, "lon": 121, "accuracy": -1}),
        {"lat": 31, "lon": 121, "accuracy": "Infinity"},
    ],
)
async def test_what_means_nothing_is_refused(town: Town, at: Any) -> None:
    """And is not said back."""
    sweep = await running(town)
    await share(sweep, "li")
    refused = await sweep.put("li", "position", position=at)
    assert refused.status_code == 422
    assert "121" not in refused.text


@pytest.mark.usefixtures("at_once")
async def test_the_pages_say_until_when(town: Town) -> None:
    """The check-in sheet and the pact; a plain form switches it on and off."""
    sweep = await running(town)
    said = "your position is shared between check-ins too"
    sheets = [f"/squads/{town.squad}/checkin", f"/squads/{town.squad}/pact"]
    for on, there in (("1", True), ("0", False)):
        led = await town["li"].post(f"/sweeps/{sweep.id}/sharing", data={"on": on})
        assert (led.status_code, led.headers["location"]) == (303, f"/squads/{town.squad}")
        for sheet in sheets:
            page = (await town["li"].get(sheet)).text
            assert (said in page, UNSEEN in page) == (there, not there)
            assert UNSEEN in (await town["zhang"].get(sheet)).text
        live = (await town["li"].get(f"/squads/{town.squad}")).text
        assert ('id="sharing"' in live and "data-sends" in live) is there
    refused = await town["wang"].post(f"/sweeps/{sweep.id}/sharing", data={"on": "1"})
    assert (refused.status_code, "no lane" in refused.text) == (409, True)
