"""Calls for help reach who is on duty, until somebody has them; the answer reaches the visit."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from server.members.models import member
from server.notices.models import notice
from server.schema import now
from tests.bed.receivers import Hooks
from tests.server.calling import called, joins
from tests.server.conftest import Town
from tests.server.noticing import Device, at, bell, hooks, rows, run, subscribe, told

pytestmark = pytest.mark.anyio

__all__ = ["hooks"]
WORDS = "30 units, they hold 7,100 against us"


async def test_squad_and_desk_are_told_until_somebody_has_it(town: Town) -> None:
    """With the asker's words; taken, nobody need hear of it any more but the asker, who hears by whom."""
    await joins(town, "he", "He Jing", "desk")
    call = await called(town)
    for name in ("zhang", "wang", "he"):
        assert await told(town, name) == [("Li Na calls for help", WORDS)]
        assert await bell(town, name) == 1
    assert (await told(town, "li"), await told(town, "sun")) == ([], [])
    await call.claim("he")
    for name in ("zhang", "wang", "he"):
        assert await told(town, name) == []
    assert await told(town, "li") == [("He Jing is on your call", WORDS)]
    await call.do("he", "DELETE", "claim")
    assert await told(town, "zhang") == [("Li Na calls for help", WORDS)]


async def test_the_answer_alone_reaches_who_is_in_the_visit(town: Town, hooks: Hooks) -> None:
    """At once; that somebody has taken it, and what others say, waits."""
    device = Device(hooks)
    await subscribe(town, "li", device)
    call = await called(town)
    await town["li"].patch(f"/api/v1/visits/{call.visit}", json={"note": "In"})
    later = await town.check_in("li", captured_at=now().isoformat())
    assert later.status_code == 201
    await call.claim("wang")
    await town.say("zhang", "@Li Na good luck")
    await run(town, timedelta(minutes=2))
    assert hooks.got == []
    await call.answer("wang")
    (got,) = await hooks.heard(1)
    assert device.opens(got)["kind"] == "answer"
    assert ("Wang Fang answered your call", WORDS) in await told(town, "li")


async def test_who_is_free_is_told_at_once_and_who_is_in_a_visit_is_not(town: Town, hooks: Hooks) -> None:
    """On their devices, in the moment of the call; taken meanwhile, nothing is left to tell afterwards."""
    free = Device(hooks, "free")
    await subscribe(town, "wang", free)
    await subscribe(town, "zhang", Device(hooks, "inside"))
    visit = (await town.check_in("zhang", captured_at=now().isoformat())).json()["id"]
    call = await called(town)
    (got,) = await hooks.heard(1)
    assert (got.line.split()[1], free.opens(got)["kind"]) == ("/push/free", "call")
    await run(town, timedelta(seconds=50))
    await call.claim("wang")
    done = {"result": "lost", "closed_at": now().isoformat()}
    assert (await town["zhang"].put(f"/api/v1/visits/{visit}/outcome", json=done)).status_code == 200
    await run(town, timedelta(minutes=2))
    assert len(hooks.got) == 1


async def test_a_call_comes_through_quiet_hours_of_who_is_on_duty(town: Town, hooks: Hooks) -> None:
    """At once and as urgent; not to who is not, and to nobody once it is taken."""
    lead, rep = Device(hooks, "lead"), Device(hooks, "rep")
    await subscribe(town, "wang", lead)
    await subscribe(town, "zhang", rep)
    for name, duty in (("wang", "yes"), ("zhang", "")):
        sent = {"from": at("Asia/Shanghai", -1), "to": at("Asia/Shanghai", 3), "duty": duty}
        await town[name].post("/me/notices/calm", data=sent)
    call = await called(town)
    (got,) = await hooks.heard(1)
    assert (got.line.split()[1], got.headers["urgency"]) == ("/push/lead", "high")
    assert lead.opens(got)["kind"] == "call"
    await call.claim("wang")
    await run(town, timedelta(minutes=2))
    assert len(hooks.got) == 1


async def test_unclaimed_it_rings_where_it_went_up_to(town: Town) -> None:
    """Once for each level, and no more once it is taken."""
    await joins(town, "he", "He Jing", "desk")
    call = await called(town)
    await run(town, timedelta(minutes=30))
    assert await told(town, "he") == [
        ("Nobody has taken the call of Li Na yet", WORDS),
        ("Li Na calls for help", WORDS),
    ]
    await call.do("he", "PUT", "claim")
    assert await told(town, "he") == []
    await call.do("he", "PUT", "owner", member=town.ids["zhang"])
    assert await told(town, "zhang") == [("He Jing passed a call on to you", WORDS)]


async def test_who_is_no_longer_at_the_desk_sees_no_call(town: Town) -> None:
    """Nor is there a way to it."""
    id = await joins(town, "he", "He Jing", "desk")
    await called(town)
    rep = update(member).where(member.c.id == id).values(role="rep")
    await town.app.state.db.write(lambda c: c.execute(rep) and None)
    assert await told(town, "he") == []
    (row,) = [one for one in await rows(town, notice) if one.member == id]
    assert (await town["he"].get(f"/notices/{row.id}")).status_code == 404
