"""What time does to a call: up the territories and to the desk, back from an owner who is gone or silent."""

import asyncio
from datetime import timedelta

import pytest

from server.schema import new_id, now
from server.squads import actions as squads
from tests.server import land
from tests.server.calling import Call, called, joins
from tests.server.conftest import Town
from tests.server.work import soon

pytestmark = pytest.mark.anyio


async def later(town: Town, seconds: int) -> None:
    """So much time has passed."""
    await town.app.state.jobs.run_due(now() + timedelta(seconds=seconds))


async def test_unclaimed_it_goes_up_and_to_the_desk(town: Town) -> None:
    """Territory by territory, past one that nobody manages; each who is asked hears it themselves."""
    places = await land.settled(town)
    above = await land.arrives(town, "gu", "Gu Ming")
    await land.appoint(town, places["country"], above)
    await joins(town, "he", "He Jing", "desk")
    call = await called(town)
    await later(town, 30)
    assert (await call.now())["level"] == 0
    await later(town, 60)
    state = await call.now()
    assert (state["level"], state["asked"], state["state"]) == (1, "Country", "open")
    assert await call.did(f"me:{above}") == ["raised"]
    assert await call.did(f"me:{town.ids['he']}") == []
    assert "It went up to Country" in (await town["zhang"].get(f"/squads/{town.squad}")).text
    await later(town, 60)
    state = await call.now()
    assert (state["level"], state["asked"]) == (2, None)
    assert await call.did(f"me:{town.ids['he']}") == ["raised"]
    assert "It went up to the desk" in (await town["he"].get("/desk")).text
    await later(town, 600)
    assert await call.did() == ["called", "raised", "raised"]


async def test_each_kind_waits_as_long_as_its_setting_says(town: Town) -> None:
    """A price goes up after a minute, a service after an hour; a kind of one's own after its own time."""
    own = town.app.state.settings
    own.call_kinds = f"{own.call_kinds} legal=120"
    own.__dict__.pop("calls", None)
    each = {kind: await called(town, kind) for kind in ("price", "legal", "service")}
    for seconds, up in ((59, []), (60, ["price"]), (119, ["price"]), (120, ["price", "legal"])):
        await later(town, seconds)
        assert [kind for kind, call in each.items() if (await call.now())["level"]] == up, seconds
    await later(town, 3600)
    assert (await each["service"].now())["level"] == 1


async def test_once_somebody_has_it_it_goes_nowhere(town: Town) -> None:
    """Also when it was taken in the same moment in which it was due."""
    call = await called(town)
    await asyncio.gather(call.claim("zhang"), later(town, 60))
    state = await call.now()
    assert (state["state"], state["owner"]) == ("claimed", town.ids["zhang"])
    await call.answer("zhang")
    before = await call.did()
    await later(town, 3599)
    assert await call.did() == before


async def test_an_owner_who_is_silent_loses_it(town: Town) -> None:
    """A word in its thread is a sign of life; put back, it goes up from where it was."""
    call = await called(town)
    await call.claim("zhang")
    silence = town.app.state.settings.call_silence
    await call.do("zhang", "POST", "replies", id=new_id(), text="I look it up")
    await later(town, silence - 1)
    assert (await call.now())["state"] == "claimed"
    await later(town, silence)
    state = await call.now()
    assert (state["state"], state["owner"]) == ("open", None)
    assert await call.did() == ["called", "claimed", "silent", "raised"]


async def test_an_owner_who_leaves_loses_it_and_who_asked_takes_it_along(town: Town) -> None:
    """Removed from the squad; somebody of the desk keeps theirs."""
    await joins(town, "he", "He Jing", "desk")
    theirs, desks = await called(town), await called(town)
    await theirs.claim("zhang")
    await desks.claim("he")
    await town.app.state.db.write(squads.remove, town.ids["wang"], town.squad, town.ids["zhang"])
    await soon(lambda: stands(theirs, "open"))
    assert (await theirs.did())[-1] == "left"
    assert (await desks.now())["owner"] == town.ids["he"]
    assert (await theirs.claim("zhang")).status_code == 404
    await town.app.state.db.write(squads.remove, town.ids["wang"], town.squad, town.ids["li"])
    await soon(lambda: stands(theirs, "withdrawn"))
    await soon(lambda: stands(desks, "withdrawn"))


async def stands(call: Call, state: str) -> bool:
    """Whether it is in that state now, as the lead sees it."""
    return bool((await call.now("wang"))["state"] == state)
