"""Notices: each is told what concerns them, once, and only as long as they may see it."""

import re
from datetime import timedelta

import pytest

from server import journal, live
from server.administration import retention
from server.notices import actions
from server.own.erase import erase
from server.schema import new_id, now
from server.squads import actions as squads
from tests.server.conftest import Town
from tests.server.noticing import bell, reply, told, win
from tests.server.sweeping import planned

pytestmark = pytest.mark.anyio


async def test_who_is_named_is_told_and_nobody_else(town: Town) -> None:
    """With what was said; one's own words are no news, and an outsider hears nothing."""
    await town.say("wang", "@Li Na can you take the pump?")
    assert await told(town, "li") == [("Wang Fang named you", "@Li Na can you take the pump?")]
    for name in ("wang", "zhang", "sun"):
        assert await told(town, name) == []
    for path in ("/squads", f"/squads/{town.squad}", "/me", "/notices", "/hall"):
        assert await bell(town, "li", path) == 1
        assert await bell(town, "zhang", path) == 0


async def test_replies_reach_those_replied_to_once(town: Town) -> None:
    """Whoever is named in a reply to their own words is told once, with the weightier of the two."""
    said = await town.say("li", "Back at two")
    first = await reply(town, "zhang", said["id"], "Good")
    assert await told(town, "li") == [("Zhang Wei replied to you", "Good")]
    await reply(town, "wang", first["id"], "@Li Na and then?")
    assert await told(town, "li") == [
        ("Wang Fang named you", "@Li Na and then?"),
        ("Zhang Wei replied to you", "Good"),
    ]
    assert await told(town, "zhang") == [("Wang Fang replied to you", "@Li Na and then?")]
    await reply(town, "li", said["id"], "Three")
    assert await bell(town, "li") == 2


async def test_reactions_to_a_win_are_one_notice(town: Town) -> None:
    """A message gets none; a win one for all who react, new again with each of them, gone with the last."""
    said = await town.say("li", "Hello")
    await town["wang"].put(f"/api/v1/posts/{said['id']}/reactions/cheer")
    assert await told(town, "li") == []
    id = await win(town)
    await town["wang"].put(f"/api/v1/posts/{id}/reactions/cheer")
    assert await told(town, "li") == [("Wang Fang reacted to your win", "Hengtai Hardware")]
    (one,) = (await town["li"].get("/api/v1/me/notices")).json()
    await town["li"].put(f"/api/v1/me/notices/{one['id']}/seen")
    assert await bell(town, "li") == 0
    await town["wang"].put(f"/api/v1/posts/{id}/reactions/fire")
    assert await bell(town, "li") == 0
    await town["zhang"].put(f"/api/v1/posts/{id}/reactions/cheer")
    assert await told(town, "li") == [("Zhang Wei and others (1) reacted to your win", "Hengtai Hardware")]
    assert await bell(town, "li") == 1
    await town["zhang"].delete(f"/api/v1/posts/{id}/reactions/cheer")
    assert await told(town, "li") == [("Wang Fang reacted to your win", "Hengtai Hardware")]
    for kind in ("cheer", "fire"):
        await town["wang"].delete(f"/api/v1/posts/{id}/reactions/{kind}")
    assert await told(town, "li") == []


async def test_announcements_reach_all_they_are_for(town: Town) -> None:
    """A squad's its members, the company's everybody; reading one is seeing its notice."""
    sent = {"id": new_id(), "title": "New prices", "text": "Four percent less."}
    await town["wang"].post(f"/api/v1/squads/{town.squad}/announcements", json=sent)
    assert await told(town, "li") == [("Wang Fang announced something", "New prices")]
    assert await told(town, "sun") == []
    await town["li"].put(f"/api/v1/announcements/{sent['id']}/read")
    assert (await bell(town, "li"), await bell(town, "zhang")) == (0, 1)
    await town["wang"].post("/api/v1/announcements", json={"id": new_id(), "title": "Party", "text": "All"})
    assert await told(town, "sun") == [("Wang Fang announced something", "Party")]
    assert await told(town, "wang") == []


async def test_a_stop_offered_until_it_is_answered(town: Town) -> None:
    """The one it is offered to is told, with the customer; answered, there is nothing left to tell."""
    sweep = await planned(town, {"li": ["hotel"], "zhang": ["school"]})
    stop, id = await sweep.stop("hotel"), new_id()
    offer = {"id": id, "to": town.ids["zhang"]}
    await town["li"].post(f"/api/v1/stops/{stop['id']}/handovers", json=offer)
    ((words, about),) = await told(town, "zhang")
    assert words == "Li Na offers you a stop"
    assert about
    (one,) = (await town["zhang"].get("/api/v1/me/notices")).json()
    assert one["path"] == f"/sweeps/{sweep.id}"
    await town["zhang"].put(f"/api/v1/handovers/{id}/decline")
    assert await told(town, "zhang") == []


async def test_a_sweep_begins_once(town: Town) -> None:
    """Those with a lane are told; a pause and going on is no second beginning, its end is the end of it."""
    sweep = await planned(town, {"li": ["hotel"], "zhang": ["school"]})
    for state in ("running", "paused", "running"):
        path = f"/api/v1/sweeps/{sweep.id}/state"
        assert (await town["wang"].put(path, json={"state": state})).status_code == 200
    assert [words for words, _ in await told(town, "li")] == ["Wang Fang began the sweep"]
    assert await bell(town, "zhang") == 1
    assert await told(town, "wang") == []
    await town["wang"].put(f"/api/v1/sweeps/{sweep.id}/state", json={"state": "ended"})
    assert await told(town, "li") == []


async def test_what_was_read_in_the_feed_is_seen(town: Town) -> None:
    """Up to where one has read, and no further."""
    await town.say("wang", "@Li Na one")
    at = (await town.journal())[-1]["offset"]
    await town.say("wang", "@Li Na two")
    await town["li"].put(f"/api/v1/squads/{town.squad}/read-mark", json={"offset": at})
    found = (await town["li"].get("/api/v1/me/notices")).json()
    assert [(one["about"], one["seen"]) for one in found] == [("@Li Na two", False), ("@Li Na one", True)]
    assert await bell(town, "li") == 1


async def test_what_one_may_no_longer_see_is_not_shown(town: Town) -> None:
    """Words that were taken back, a squad one has left: no notice, no count, no way there."""
    one = await town.say("wang", "@Li Na a secret")
    await town.say("wang", "@Li Na another")
    (_, first) = (await town["li"].get("/api/v1/me/notices")).json()
    await town["wang"].delete(f"/api/v1/posts/{one['id']}")
    assert [about for _, about in await told(town, "li")] == ["@Li Na another"]
    assert await bell(town, "li") == 1
    assert (await town["li"].get(f"/notices/{first['id']}")).status_code == 404
    await town.app.state.db.write(squads.remove, town.ids["wang"], town.squad, town.ids["li"])
    assert await told(town, "li") == []
    assert await bell(town, "li") == 0


async def test_the_way_there_is_seeing_it(town: Town) -> None:
    """One press leads to the post; somebody else's notice is nothing to anybody."""
    said = await town.say("wang", "@Li Na look")
    (one,) = (await town["li"].get("/api/v1/me/notices")).json()
    assert (await town["zhang"].get(f"/notices/{one['id']}")).status_code == 404
    assert (await town["zhang"].put(f"/api/v1/me/notices/{one['id']}/seen")).status_code == 404
    answer = await town["li"].get(f"/notices/{one['id']}")
    assert answer.headers["location"] == f"/squads/{town.squad}/posts/{said['id']}"
    assert await bell(town, "li") == 0


async def test_all_seen_at_once(town: Town) -> None:
    """By page and by program."""
    for press in (town["li"].post("/notices/seen"), town["li"].put("/api/v1/me/notices/seen")):
        await town.say("wang", "@Li Na look")
        await town.say("wang", "@Zhang Wei look")
        assert await bell(town, "li") == 1
        assert (await press).status_code in (303, 204)
        assert await bell(town, "li") == 0
    assert await bell(town, "zhang") == 2


async def test_what_one_does_not_want_is_not_told(town: Town) -> None:
    """Chosen on the page, kind by kind; what is not chosen stays on."""
    page = (await town["li"].get("/me/notices")).text
    assert 'name="mention" value="app" checked' in page
    on = {"mention": [], "reply": ["app"]}
    assert (await town["li"].post("/me/notices", data=on)).headers["location"] == "/me/notices?saved=yes"
    assert 'name="mention" value="app">' in (await town["li"].get("/me/notices")).text
    said = await town.say("li", "Hello")
    await reply(town, "wang", said["id"], "Hi")
    await town.say("wang", "@Li Na are you there?")
    assert await told(town, "li") == [("Wang Fang replied to you", "Hi")]
    chosen = await town["li"].put("/api/v1/me/notices/settings", json={"kinds": {"mention": {"app": True}}})
    assert chosen.json()["kinds"]["mention"]["app"] is True
    assert chosen.json()["kinds"]["reaction"]["app"] is False
    await town.say("wang", "@Li Na now?")
    assert await bell(town, "li") == 2
    wrong = await town["li"].put("/api/v1/me/notices/settings", json={"kinds": {"gossip": {"app": True}}})
    assert wrong.status_code == 422


async def test_words_taken_back_in_the_same_breath_tell_nobody(town: Town) -> None:
    """What fails is not told: the notice is in the transaction of its cause."""
    sent = {"id": new_id(), "text": "@Li Na " + "x" * 9_000}
    answer = await town["wang"].post(f"/api/v1/squads/{town.squad}/messages", json=sent)
    assert answer.status_code == 422
    assert await told(town, "li") == []


async def test_a_list_from_frames_is_a_fresh_one(town: Town) -> None:
    """New, seen and gone, in both languages: each piece as sent stands on a page loaded now."""
    await town.say("wang", "@Li Na one")
    gone = await town.say("wang", "@Li Na two")
    await town["wang"].delete(f"/api/v1/posts/{gone['id']}")
    db = town.app.state.db
    entries = [
        one for one in await db.read(journal.history, f"me:{town.ids['li']}", 0, 100) if one.kind == "notices"
    ]
    assert [one.data["unseen"] for one in entries] == [1, 2, 1]
    for lang in ("en", "zh"):
        await town.speak("li", lang)
        fresh = (await town["li"].get("/notices")).text
        frames = await live.Source(db).contents(entries, lang)
        for frame in frames:
            for piece in re.findall(r'swap="(?:put|outerMorph)">(.*?)</hx-partial>', str(frame), re.DOTALL):
                assert piece in fresh
        assert 'hx-swap="delete"' in str(frames[-1])


async def test_an_erased_member_leaves_no_notices_and_no_name(town: Town) -> None:
    """Their own are gone; what they caused names nobody."""
    await town.say("zhang", "@Li Na look")
    await town.say("li", "@Zhang Wei look")
    db = town.app.state.db
    await db.write(erase, town.ids["wang"], town.ids["zhang"])
    assert [words for words, _ in await told(town, "li")] == ["Former member named you"]


async def test_kept_for_a_while(town: Town) -> None:
    """Then forgotten, and nobody's bell rings for what is not there."""
    await town.say("wang", "@Li Na look")
    db = town.app.state.db
    await retention.keep_no_longer(db, now())
    assert await bell(town, "li") == 1
    await retention.keep_no_longer(db, now() + timedelta(days=91))
    assert await told(town, "li") == []
    assert await bell(town, "li") == 0


async def test_many_are_told_a_few_at_a_time(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each once, though every transaction tells one alone."""
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    sent = {"id": new_id(), "title": "Party", "text": "All"}
    await town["wang"].post("/api/v1/announcements", json=sent)
    others = ("li", "zhang", "sun")
    for _ in others:
        await town.app.state.jobs.run_due(now())
    for who in others:
        assert await told(town, who) == [("Wang Fang announced something", "Party")], who
