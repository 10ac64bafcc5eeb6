"""Calls for help: one has it, all see who; what is asked, answered and ended; what outsiders are not told."""

import asyncio
from datetime import timedelta

import pytest

from server import journal, live
from server.journal import stamp
from server.schema import new_id, now
from tests.server.calling import called, joins
from tests.server.conftest import Town
from tests.server.test_live import closed, listen

pytestmark = pytest.mark.anyio


async def test_a_call_from_within_a_visit_is_seen_by_all_who_could_help(town: Town) -> None:
    """The squad in its feed, the desk among all that wait; its clock runs from when the server had it."""
    await joins(town, "he", "He Jing", "desk")
    call = await called(town)
    for who in ("zhang", "wang", "he"):
        (one,) = (await town[who].get("/api/v1/calls")).json()
        assert (one["id"], one["kind"], one["state"], one["inside"]) == (call.id, "price", "open", True)
        assert one["customer"]["name"] == "Hengtai Hardware"
        assert one["text"] == "30 units, they hold 7,100 against us"
    page = (await town["zhang"].get(f"/squads/{town.squad}")).text
    assert "Li Na</b> asks for support" in page
    assert "30 units, they hold 7,100 against us" in page
    assert [await call.did(key) for key in (None, "desk", f"me:{town.ids['li']}")] == [["called"]] * 3


async def test_its_clock_runs_from_when_the_server_had_it(town: Town) -> None:
    """Whenever the phone says it was made: it may have waited there, or its clock be wrong."""
    visit = (await town.check_in("li")).json()["id"]
    for hours in (-2, 2):
        before, made = now(), stamp(now() + timedelta(hours=hours))
        sent = {"id": new_id(), "kind": "price", "captured_at": made}
        call = (await town["li"].post(f"/api/v1/visits/{visit}/calls", json=sent)).json()
        assert call["at"] == made if hours < 0 else call["at"] <= stamp(now())
        assert stamp(before) <= call["opened_at"] <= stamp(now())


async def test_the_same_call_sent_twice_is_one(town: Town) -> None:
    """Also at once; somebody else’s id tells nothing and harms nothing."""
    visit = (await town.check_in("li")).json()["id"]
    path, sent = f"/api/v1/visits/{visit}/calls", {"id": new_id(), "kind": "price", "text": "Now"}
    answers = await asyncio.gather(*(town["li"].post(path, json=sent) for _ in range(3)))
    assert sorted(one.status_code for one in answers) == [200, 200, 201]
    assert len({one.json()["id"] for one in answers}) == 1
    mine = (await town.check_in("zhang")).json()["id"]
    other = await town["zhang"].post(f"/api/v1/visits/{mine}/calls", json=sent)
    assert other.status_code == 201
    assert other.json()["id"] != sent["id"]


async def test_whoever_asked_sees_that_somebody_has_seen_it(town: Town) -> None:
    """The first who could help and looks, once; nobody is told of the call once more for it."""
    call = await called(town)
    looks = [(await call.do(who, "PUT", "looked")).status_code for who in ("li", "sun", "zhang", "wang")]
    assert looks == [403, 404, 200, 200]
    seen = (await call.now())["looked_at"]
    assert seen
    for stream in (None, "desk", f"me:{town.ids['li']}"):
        assert await call.did(stream) == ["called", "looked"]
    assert '<li class="on">Seen' in (await town["li"].get(f"/visits/{call.visit}")).text
    told = await town.app.state.db.read(lambda c: journal.history(c, f"me:{town.ids['wang']}", 0, 100))
    assert len([one for one in told if one.kind == "notices"]) == 1
    await call.claim("wang")
    assert (await call.now())["looked_at"] == seen
    other = await called(town)
    await other.claim("wang")
    state = await other.now()
    assert state["looked_at"] == state["claimed_at"]


async def test_of_several_who_take_it_at_once_one_has_it(town: Town) -> None:
    """The others are told who; all screens agree."""
    await joins(town, "he", "He Jing", "desk")
    await joins(town, "zhao", "Zhao Lei", squad=town.squad)
    call = await called(town)
    who = ("zhang", "wang", "he", "zhao")
    answers = dict(zip(who, await asyncio.gather(*(call.claim(one) for one in who)), strict=True))
    (winner,) = [one for one, answer in answers.items() if answer.status_code == 200]
    state = await call.now()
    assert (state["state"], state["owner"]) == ("claimed", town.ids[winner])
    name = {"zhang": "Zhang Wei", "wang": "Wang Fang", "he": "He Jing", "zhao": "Zhao Lei"}[winner]
    for one, answer in answers.items():
        if one != winner:
            assert answer.status_code == 409
            assert answer.json()["title"] == f"{name} has it already."
            assert answer.json()["now"]["owner"] == town.ids[winner]
    assert await call.did() == ["called", "claimed"]
    assert (await call.claim(winner)).status_code == 200
    assert await call.did() == ["called", "claimed"]


async def test_answered_closed_and_asked_again(town: Town) -> None:
    """The words stand in its thread; it was not enough: whoever answered has it once more."""
    call = await called(town)
    assert (await call.claim("li")).status_code == 403
    first = await call.answer("wang")
    assert first.status_code == 201
    assert (first.json()["state"], first.json()["owner"]) == ("answered", town.ids["wang"])
    assert (await call.answer("zhang")).status_code == 409
    thread = (await town["li"].get(f"/api/v1/posts/{call.id}/replies")).json()
    assert [one["text"] for one in thread] == ["Down to 6480 from 30 units"]
    assert (await call.do("li", "PUT", "again")).json()["state"] == "claimed"
    assert (await call.answer("wang", "6400, not lower")).status_code == 201
    assert (await call.do("li", "PUT", "close")).json()["state"] == "closed"
    assert await call.did() == ["called", "claimed", "answered", "again", "answered", "closed"]
    assert (await call.claim("zhang")).status_code == 409
    told = [one for one in await town.journal() if one["kind"] == "call"]
    assert [one["data"]["text"] for one in told if one["data"]["did"] == "called"] == [
        "30 units, they hold 7,100 against us"
    ]
    replies = [one["subject"] for one in await town.journal() if one["kind"] == "reply"]
    assert [one["data"]["reply"] for one in told if one["data"]["did"] == "answered"] == replies


async def test_handed_back_and_on(town: Town) -> None:
    """By whoever has it or leads; only to somebody who may see it, and not to who asked."""
    call = await called(town)
    await call.claim("zhang")
    await joins(town, "zhao", "Zhao Lei", squad=town.squad)
    assert (await call.do("zhao", "DELETE", "claim")).status_code == 403
    for wrong in (town.ids["sun"], town.ids["li"], new_id()):
        assert (await call.do("zhang", "PUT", "owner", member=wrong)).status_code == 422
    passed = await call.do("zhang", "PUT", "owner", member=town.ids["zhao"])
    assert passed.json()["owner"] == town.ids["zhao"]
    assert await call.did(f"me:{town.ids['zhao']}") == ["passed"]
    assert (await call.do("zhang", "DELETE", "claim")).status_code == 403
    assert (await call.do("wang", "DELETE", "claim")).status_code == 204
    assert ((await call.now())["state"], (await call.now())["owner"]) == ("open", None)


async def test_no_longer_needed(town: Town) -> None:
    """Withdrawn by who asked; an outcome closes what stood; an undone check-in takes its calls along."""
    call = await called(town)
    assert (await call.do("zhang", "DELETE")).status_code == 403
    assert (await call.do("li", "DELETE")).status_code == 204
    assert (await call.now())["state"] == "withdrawn"
    second = await called(town)
    won = {"result": "won", "closed_at": "2026-05-04T05:00:00Z"}
    await town["li"].put(f"/api/v1/visits/{second.visit}/outcome", json=won)
    assert ((await second.now())["state"], (await second.now())["inside"]) == ("closed", False)
    late = {"id": new_id(), "kind": "price"}
    answer = await town["li"].post(f"/api/v1/visits/{second.visit}/calls", json=late)
    assert answer.status_code == 409
    third = await called(town)
    assert (await town["li"].delete(f"/api/v1/visits/{third.visit}")).status_code == 204
    assert (await third.now())["state"] == "withdrawn"
    assert (await town["li"].get("/api/v1/calls")).json() == []


async def test_one_for_a_customer_has_a_deadline(town: Town) -> None:
    """Without a visit; the customer is the squad’s, the time is to come, the kind is known."""
    path, at = f"/api/v1/squads/{town.squad}/calls", stamp(now() + timedelta(days=2))
    sent = {"id": new_id(), "kind": "entry", "customer_id": town.customers["lotus"], "due_at": at}
    answer = await town["zhang"].post(path, json=sent)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["due_at"], answer.json()["visit"], answer.json()["inside"]) == (at, None, False)
    for wrong in ({"due_at": "2020-01-01T00:00:00Z"}, {"customer_id": new_id()}, {"kind": "magic"}):
        refused = await town["zhang"].post(path, json=sent | {"id": new_id()} | wrong)
        assert refused.status_code == 422
        assert set(refused.json()["errors"]) == set(wrong)
    assert len((await town["li"].get(path)).json()) == 1


async def test_an_outsider_is_told_nothing(town: Town, address: str) -> None:
    """Another squad’s: neither by route, nor by list, nor on any stream; the desk’s is the desk’s alone."""
    call = await called(town)
    secrets = ("Hengtai", "30 units", "Li Na", call.id)
    for method, what in (("GET", ""), ("PUT", "claim"), ("POST", "answers"), ("DELETE", "")):
        answer = await call.do(
            "sun", method, what, **({"id": new_id(), "text": "x"} if what == "answers" else {})
        )
        assert answer.status_code == 404
        assert [word for word in secrets if word in answer.text] == []
    assert (await town["sun"].get("/api/v1/calls")).json() == []
    assert (await town["sun"].get(f"/api/v1/squads/{town.squad}/calls")).status_code == 404
    for streams in ("desk", f"desk,{town.other}"):
        async with listen(address, town, "sun", streams) as ws:
            assert await closed(ws) == 1008
    for key in ("desk", f"me:{town.ids['li']}"):
        entries = await town.app.state.db.read(journal.history, key, 0, 100)
        assert not any("units" in str(one.data) for one in entries)  # words are the squad’s stream’s alone


async def test_the_desk_sees_calls_and_their_customers_and_nothing_else_of_a_squad(town: Town) -> None:
    """It may take and answer one, and talk in its thread; the squad’s feed stays shut."""
    await joins(town, "he", "He Jing", "desk")
    call = await called(town)
    other = await town.say("li", "Among ourselves")
    assert (await town["he"].get(f"/squads/{town.squad}")).status_code == 404
    assert (await town["he"].get(f"/api/v1/posts/{other['id']}/replies")).status_code == 404
    assert (await call.claim("he")).status_code == 200
    said = await call.do("he", "POST", "replies", id=new_id(), text="How many units?")
    assert said.status_code == 201
    assert (await town["li"].get(f"/api/v1/posts/{call.id}/replies")).json()[0]["text"] == "How many units?"
    assert (await call.did("desk"))[-1] == "said"


async def test_the_feed_from_frames_is_a_fresh_one(town: Town) -> None:
    """The last piece sent of the card is what a page loaded now holds, in both languages."""
    call = await called(town)
    await call.answer("wang")
    db = town.app.state.db
    entries = [one for one in await db.read(journal.history, town.squad, 0, 100) if one.kind == "call"]
    for lang in ("en", "zh"):
        await town.speak("li", lang)
        fresh = (await town["li"].get(f"/squads/{town.squad}")).text
        frames = await live.Source(db).contents(entries[-1:], lang)
        start = f'<article class="event card-like asks answered" id="p-{call.id}"'
        card = str(frames[0]).partition(start)[2].partition("</article>")[0]
        assert card
        assert card in fresh


async def test_kinds_are_a_setting(town: Town) -> None:
    """What is not named there is refused, in words."""
    visit = (await town.check_in("li")).json()["id"]
    sent = {"id": new_id(), "kind": "legal"}
    refused = await town["li"].post(f"/api/v1/visits/{visit}/calls", json=sent)
    assert refused.json()["errors"] == {"kind": "Choose what you need."}
