"""When one is left alone: quiet hours, visits, mute; and what comes through."""

from datetime import timedelta

import pytest

from server.calls.duty import set_duty
from server.schema import now
from tests.bed.receivers import Hooks
from tests.server.conftest import Town
from tests.server.noticing import SOON, Device, at, hooks, run, subscribe, told

pytestmark = pytest.mark.anyio

__all__ = ["hooks"]


async def test_quiet_hours_wait_for_their_end(town: Town, hooks: Hooks) -> None:
    """Where one lives; the bell counts all the same. What waited comes as one, at their end."""
    device = Device(hooks)
    await subscribe(town, "li", device)
    sent = {"from": at("Asia/Shanghai", -1), "to": at("Asia/Shanghai", 3), "visiting": "yes"}
    assert (await town["li"].post("/me/notices/calm", data=sent)).status_code == 303
    for word in ("one", "two"):
        await town.say("wang", f"@Li Na {word}")
    await run(town, timedelta(minutes=30))
    assert hooks.got == []
    assert len(await told(town, "li")) == 2
    await run(town, timedelta(hours=3, minutes=1))
    (got,) = hooks.got
    assert device.opens(got)["kind"] == "several"


async def test_quiet_while_visiting_and_one_summary_after(town: Town, hooks: Hooks) -> None:
    """The customer may see the screen: nothing until the visit is told, then all of it at once."""
    device = Device(hooks)
    await subscribe(town, "li", device)
    moment = now().isoformat()
    id = (await town.check_in("li", captured_at=moment)).json()["id"]
    for word in ("one", "two"):
        await town.say("wang", f"@Li Na {word}")
    await run(town, timedelta(minutes=30))
    assert hooks.got == []
    done = {"result": "lost", "closed_at": now().isoformat()}
    assert (await town["li"].put(f"/api/v1/visits/{id}/outcome", json=done)).status_code == 200
    await run(town, SOON)
    (got,) = hooks.got
    assert device.opens(got) == {"kind": "several", "link": "/notices"}


async def test_a_mention_out_of_a_visit_reaches_who_is_on_duty(town: Town, hooks: Hooks) -> None:
    """In quiet hours too; an ordinary one does not, and neither reaches who is not on duty."""
    lead, rep = Device(hooks, "lead"), Device(hooks, "rep")
    await subscribe(town, "wang", lead)
    await subscribe(town, "zhang", rep)
    for name, duty in (("wang", "yes"), ("zhang", "")):
        sent = {"from": at("Asia/Shanghai", -1), "to": at("Asia/Shanghai", 3), "duty": duty}
        await town[name].post("/me/notices/calm", data=sent)
    await town.say("li", "@Wang Fang @Zhang Wei tomorrow?")
    await run(town, SOON)
    assert hooks.got == []
    await town.check_in("li", captured_at=now().isoformat())
    await town.say("li", "@Wang Fang @Zhang Wei he wants four percent, now")
    await run(town, SOON)
    assert [got.line.split()[1] for got in hooks.got] == ["/push/lead"]
    await town.app.state.db.write(set_duty, town.ids["zhang"], True)
    await town.say("li", "@Zhang Wei you then, now")
    await run(town, SOON)
    assert [got.line.split()[1] for got in hooks.got] == ["/push/lead", "/push/rep"]


async def test_muted_for_a_while_or_a_squad(town: Town, hooks: Hooks) -> None:
    """Nothing leaves; the bell counts. Taken back, what waits comes."""
    device = Device(hooks)
    await subscribe(town, "li", device)
    await town["li"].put(f"/api/v1/squads/{town.squad}/mute", json={"until": None})
    await town.say("wang", "@Li Na one")
    await town["li"].delete(f"/api/v1/squads/{town.squad}/mute")
    await town["li"].post("/me/notices/calm", data={"mute": "hour"})
    await town.say("wang", "@Li Na two")
    await run(town, timedelta(minutes=5))
    assert hooks.got == []
    assert len(await told(town, "li")) == 2
    await town["li"].post("/me/notices/calm", data={"mute": ""})
    await run(town, SOON)
    (got,) = hooks.got
    assert device.opens(got)["kind"] == "mention"


async def test_hours_that_are_none_come_back(town: Town) -> None:
    """With what was typed, and a word at the field."""
    for sent in ({"from": "22:00", "to": ""}, {"from": "22:00", "to": "half past"}):
        page = await town["li"].post("/me/notices/calm", data=sent)
        assert page.status_code == 422
        assert 'value="22:00"' in page.text
        assert "Quiet hours have a beginning and an end" in page.text
